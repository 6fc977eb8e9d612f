import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Terraform's name of its lock file, in the stack's folder and, committed, in the project's. */
export const LOCK = '.terraform.lock.hcl';

/** Where people and CI run Terraform. `terraform providers lock` notes the hashes of each. */
export const PLATFORMS = ['darwin_amd64', 'darwin_arm64', 'linux_amd64', 'linux_arm64', 'windows_amd64'];

/** The blocks of a lock file, by the provider: `registry.terraform.io/hashicorp/aws`. */
function blocksOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^provider "([^"]+)" \{$[^]*?^\}$/gmu)].map(([block, name = '']) => [name, block]),
  );
}

const HEADER = `# The providers of every plan, on every machine; \`npm run lock\` writes it. Commit it.
`;

const fileOf = (blocks: ReadonlyMap<string, string>): string =>
  `${HEADER}\n${[...blocks]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, block]) => block)
    .join('\n\n')}\n`;

/** What `locked` holds, with the newer blocks of `made`: an environment may do without a provider of another. */
export const mergeLocks = (locked: string, made: string): string =>
  fileOf(new Map([...blocksOf(locked), ...blocksOf(made)]));

/** The blocks of the providers that a stack requires: Terraform wants to drop the others from a lock file. */
export function lockFor(locked: string, sources: readonly string[]): string {
  const required = [...blocksOf(locked)].filter(([name]) =>
    sources.some((source) => name.endsWith(`/${source}`)),
  );
  return fileOf(new Map(required));
}

/**
 * Puts the committed lock file beside the synthesized JSON, as far as the stack needs it.
 * @returns whether it names every provider that the stack requires
 */
export function placeLock(root: string, folder: string): boolean {
  const committed = path.join(root, LOCK);
  const synthesized = path.join(folder, 'cdk.tf.json');
  if (!existsSync(committed) || !existsSync(synthesized)) return false;
  const { terraform } = JSON.parse(readFileSync(synthesized, 'utf8')) as {
    terraform: { required_providers: Readonly<Record<string, { readonly source: string }>> };
  };
  const sources = Object.values(terraform.required_providers).map(({ source }) => source);
  const lock = lockFor(readFileSync(committed, 'utf8'), sources);
  if (blocksOf(lock).size < sources.length) return false;
  writeFileSync(path.join(folder, LOCK), lock);
  return true;
}
