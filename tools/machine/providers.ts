import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Environment } from '../lib/environment';
import { ToolError } from '../lib/errors';
import { cacheFolders, cliConfiguration, configuredMirrors, pluginFolders } from './cli-configuration';
import { request } from './http';
import { PROVIDER, searchMirrors, versionsIn, type Mirror, type Wanted } from './mirrors';
import type { LocalPaths } from './paths';
import { compareVersions } from './versions';

const PROBE_TIMEOUT_MS = 3_000;

/** The oldest provider that this project was deployed with; older ones found on the machine are ignored. */
const MINIMUM_VERSION = '5.100.0';

/** The usual folders for software and shared data. */
const USUAL_PLACES = ['/opt', '/usr/local', '/usr/lib', '/usr/share', '/var/lib', '/srv', '/mnt'];

/** The source of Terraform's provider. */
export interface ProviderSource {
  /** For people: the source that replaces the registry, and why. */
  readonly notice?: string | undefined;
  /** Environment variables for Terraform and the app. */
  readonly environment: Environment;
}

export interface ProviderSourceProps {
  readonly paths: LocalPaths;
  readonly env: Environment;
  /** As Terraform names this machine's kind: `linux_amd64`. */
  readonly platform: string;
  /** The provider's registry. @default Terraform's; OpenTofu has another */
  readonly registry?: string;
  /** @default the user's home folder */
  readonly home?: string;
  /** Below which folders a mirror may lie. @default the usual ones for software and shared data, and the home folder */
  readonly places?: readonly string[];
  /** Whether the registry answers. @default sends it a request */
  readonly canReachRegistry?: (env: Environment) => Promise<boolean>;
}

/** One version of the provider in a mirror. */
interface Found {
  readonly folder: string;
  readonly version: string;
}

/**
 * Finds the AWS provider: in the mirror that `TF_PLUGIN_MIRROR` names; otherwise by Terraform's own configuration, if
 * the registry answers; otherwise in a mirror on this machine.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 * @throws {ToolError} with both ways out if there is neither
 */
export async function findProviderSource(props: ProviderSourceProps): Promise<ProviderSource> {
  const { paths, env, platform, registry = 'registry.terraform.io', home = os.homedir() } = props;
  const wanted: Wanted = { registry, platform };
  const named = env.TF_PLUGIN_MIRROR;
  if (named) {
    const folder = path.resolve(paths.root, named);
    const version = (await versionsIn(folder, wanted)).at(-1);
    if (version !== undefined) return fromMirror(props, wanted, { folder, version });
    throw new ToolError(
      `TF_PLUGIN_MIRROR is ${JSON.stringify(named)}, which holds no provider ${PROVIDER} for ${platform}.\n` +
        `Expected: ${path.join(named, registry, PROVIDER, 'VERSION', platform)}`,
    );
  }
  const { canReachRegistry = (asked: Environment) => registryAnswers(registry, asked) } = props;
  if (await canReachRegistry(env)) return { environment: {} };

  const configured = await firstOf(await configuredMirrors(env, home), wanted);
  // Terraform finds the provider there by itself; only the version must match.
  if (configured) return { environment: pin(env, configured.version), notice: noticeOf(wanted, configured) };

  const plugins = pluginFolders(paths, env, home);
  const { places = [...USUAL_PLACES, home] } = props;
  let searched: Mirror[] = [];
  const found =
    (await firstOf(plugins, wanted)) ??
    best((searched = await searchMirrors(places, wanted)), env) ??
    (await firstOf(cacheFolders(env, home), wanted));
  if (found) return { ...(await fromMirror(props, wanted, found)), notice: noticeOf(wanted, found) };
  throw new ToolError(
    `Terraform needs its AWS provider, but https://${registry} does not answer and no mirror holds it. Either\n` +
      `  - connect to the registry (behind a proxy: HTTPS_PROXY), or\n` +
      `  - on a connected machine, in this folder: terraform -chdir=cdktf.out/stacks/upload-pipeline \\\n` +
      `      providers mirror -platform=${platform} MIRROR\n` +
      `    then here: TF_PLUGIN_MIRROR=/path/to/MIRROR npm start\n` +
      `Looked in: ${plugins.join(', ')}, and three folders deep below ${places.join(', ')}.\n` +
      `${searched.map((mirror) => `${unfit(mirror, wanted)}\n`).join('')}Nothing was started.`,
  );
}

/** The highest version in the first folder that has one. */
async function firstOf(folders: readonly string[], wanted: Wanted): Promise<Found | undefined> {
  for (const folder of folders) {
    const version = (await versionsIn(folder, wanted)).at(-1);
    if (version !== undefined) return { folder, version };
  }
  return undefined;
}

/** The mirror with the requested version, otherwise the one with the highest version. */
function best(mirrors: readonly Mirror[], { PIPELINE_AWS_PROVIDER_VERSION: asked }: Environment) {
  const all: Found[] = mirrors.flatMap(({ folder, versions }) =>
    versions.map((version) => ({ folder, version })),
  );
  const exact = all.find(({ version }) => version === asked);
  if (exact) return exact;
  return all
    .filter(({ version }) => compareVersions(version, MINIMUM_VERSION) >= 0)
    .reduce<Found | undefined>(
      (highest, one) => (highest && compareVersions(one.version, highest.version) <= 0 ? highest : one),
      undefined,
    );
}

/** Why a found mirror cannot be used. */
const unfit = ({ folder, versions }: Mirror, { platform }: Wanted): string =>
  versions.length === 0
    ? `${folder} holds it, but not for ${platform}.`
    : `${folder} holds ${versions.join(', ')}; ${MINIMUM_VERSION} or later is needed.`;

const noticeOf = ({ registry }: Wanted, { folder, version }: Found): string =>
  `${registry} does not answer: using the AWS provider ${version} from ${folder}.`;

/** A mirror replaces the plugin cache; Terraform refuses a folder that is both. */
const NO_CACHE = { CDKTF_DISABLE_PLUGIN_CACHE_ENV: 'true', TF_PLUGIN_CACHE_DIR: '' };

async function fromMirror(
  { paths, env }: ProviderSourceProps,
  { registry }: Wanted,
  { folder, version }: Found,
): Promise<ProviderSource> {
  await mkdir(paths.folder, { recursive: true });
  await writeFile(paths.terraformRc, cliConfiguration(folder, registry));
  return { environment: { ...pin(env, version), ...NO_CACHE, TF_CLI_CONFIG_FILE: paths.terraformRc } };
}

/** The version in the mirror, unless the user has requested one. */
const pin = (env: Environment, version: string): Environment => ({
  PIPELINE_AWS_PROVIDER_VERSION: env.PIPELINE_AWS_PROVIDER_VERSION ?? version,
});

/** Requests a registry's service discovery, through the proxy that Terraform would use. */
async function registryAnswers(registry: string, env: Environment): Promise<boolean> {
  try {
    const url = new URL(`https://${registry}/.well-known/terraform.json`);
    const answer = await request(url, { env, method: 'HEAD', silenceMs: PROBE_TIMEOUT_MS });
    answer.resume();
    return answer.statusCode === 200;
  } catch {
    return false;
  }
}
