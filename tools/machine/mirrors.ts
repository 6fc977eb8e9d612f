import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { once } from 'node:events';
import { compareVersions } from './versions';

/** The provider to look for, and its platform. */
export interface Wanted {
  /** The provider's registry: `registry.terraform.io`, or OpenTofu's. */
  readonly registry: string;
  /** As Terraform names this machine's kind: `linux_amd64`. */
  readonly platform: string;
}

/** A folder that holds the provider as `terraform providers mirror` writes it. */
export interface Mirror {
  readonly folder: string;
  /** Ascending; empty if the mirror has only other platforms. */
  readonly versions: readonly string[];
}

export const PROVIDER = 'hashicorp/aws';

/** Folders that Terraform itself downloads to, and ones that are large and never hold a mirror. */
const PASSED_OVER = new Set(['.terraform', 'plugin-cache', 'node_modules', '.git']);

/** How far a mirror may lie below the folder that is searched. */
const DEPTH = 3;

export interface SearchLimits {
  /** The most directory entries to read. */
  readonly entries: number;
  /** Ends the search; the mirrors found so far are returned. */
  readonly signal: AbortSignal;
}

const LIMITS = { entries: 200_000, milliseconds: 800 };

/**
 * The provider's versions in a mirror, packed or unpacked, for one platform, ascending. It looks for the
 * files, because the folder of a removed provider may remain. Terraform follows no symbolic links in a mirror.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
 */
export async function versionsIn(mirror: string, { registry, platform }: Wanted): Promise<string[]> {
  const folder = path.join(mirror, registry, PROVIDER);
  const packed = new RegExp(`^terraform-provider-aws_(\\d[^_]*)_${platform}\\.zip$`, 'u');
  const versions = new Set<string>();
  for (const entry of await list(folder)) {
    const version = packed.exec(entry.name)?.[1];
    if (version !== undefined && entry.isFile()) versions.add(version);
    if (!entry.isDirectory() || !/^\d+\.\d+\.\d+$/u.test(entry.name)) continue;
    const files = await list(path.join(folder, entry.name, platform));
    // Not a zip: Terraform uses the content of a version's folder as the unpacked provider.
    if (files.some((file) => file.isFile() && /^terraform-provider-aws(?!.*\.zip$)/u.test(file.name)))
      versions.add(entry.name);
  }
  return [...versions].sort(compareVersions);
}

const list = (folder: string) => readdir(folder, { withFileTypes: true }).catch(() => []);

/**
 * Looks for mirrors below folders: three folders deep, without following links, and no longer than the limits allow.
 * Folders that may not be read are passed over.
 */
export async function searchMirrors(
  roots: readonly string[],
  wanted: Wanted,
  limits: Partial<SearchLimits> = {},
): Promise<Mirror[]> {
  const found = new Map<string, Mirror>();
  const { signal = AbortSignal.timeout(LIMITS.milliseconds) } = limits;
  let entriesLeft = limits.entries ?? LIMITS.entries;
  // Concurrent, with a time limit: a network folder that does not answer must not block the others.
  const walks = Promise.all(roots.map((root) => walk(root)));
  await (signal.aborted ? undefined : Promise.race([walks, once(signal, 'abort')]));
  return [...found.values()].sort((left, right) => (left.folder < right.folder ? -1 : 1));

  async function walk(root: string): Promise<void> {
    let level = [root];
    for (let depth = 0; depth <= DEPTH; depth += 1) {
      const next: string[] = [];
      for (const folder of level) {
        if (signal.aborted || entriesLeft <= 0) return;
        const entries = await list(folder);
        entriesLeft -= entries.length;
        const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
        if (folders.includes(wanted.registry)) await look(folder);
        const further = folders.filter((name) => !PASSED_OVER.has(name) && name !== wanted.registry);
        next.push(...further.map((name) => path.join(folder, name)));
      }
      level = next;
    }
  }

  async function look(folder: string): Promise<void> {
    if ((await list(path.join(folder, wanted.registry, PROVIDER))).length === 0) return;
    found.set(folder, { folder, versions: await versionsIn(folder, wanted) });
  }
}
