import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { ToolError } from '../lib/errors';
import type { Environment } from '../lib/environment';
import type { LocalPaths } from './paths';
import { compareVersions } from './prerequisites';

const REGISTRY = 'registry.terraform.io';
const PROVIDER = 'hashicorp/aws';
const PROBE_TIMEOUT_MS = 3_000;

/** Where Terraform gets its provider from. */
export interface ProviderSource {
  /** For people: `the registry`, or the mirror's folder and version. */
  readonly description: string;
  /** What Terraform and the app must be told, as environment variables. */
  readonly environment: Environment;
}

export interface ProviderSourceProps {
  readonly paths: LocalPaths;
  readonly env: Environment;
  /** As Terraform names this machine's kind: `linux_amd64`. */
  readonly platform: string;
  /** @default the folder of the person who runs this */
  readonly home?: string;
  /** Whether the registry answers. @default asks it */
  readonly canReachRegistry?: (env: Environment) => Promise<boolean>;
}

/**
 * Finds the AWS provider: in the mirror that `TF_PLUGIN_MIRROR` names; otherwise by Terraform's own
 * configuration, as long as the registry answers; otherwise in the first of the usual mirror folders.
 * Of a mirror, the highest version for this machine is used.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 * @throws {ToolError} that tells both ways out where there is neither
 */
export async function findProviderSource(props: ProviderSourceProps): Promise<ProviderSource> {
  const { paths, env, platform, home = os.homedir(), canReachRegistry = registryAnswers } = props;
  const named = env.TF_PLUGIN_MIRROR;
  if (named) {
    const version = await highestVersion(named, platform);
    if (version !== undefined) return fromMirror(paths, env, named, version);
    throw new ToolError(
      `TF_PLUGIN_MIRROR is ${JSON.stringify(named)}, which holds no provider ${PROVIDER} for ${platform}.\n` +
        `Expected: ${path.join(named, REGISTRY, PROVIDER, 'VERSION', platform)}`,
    );
  }
  if (await canReachRegistry(env)) return { description: 'the Terraform registry', environment: {} };

  for (const folder of await configuredMirrors(env, home)) {
    const version = await highestVersion(folder, platform);
    // Terraform finds it there by itself; only the version has to fit.
    if (version !== undefined)
      return { description: describe(folder, version), environment: pin(env, version) };
  }
  const folders = usualFolders(paths, env, home);
  for (const folder of folders) {
    const version = await highestVersion(folder, platform);
    if (version !== undefined) return fromMirror(paths, env, folder, version);
  }
  throw new ToolError(
    `Terraform needs its AWS provider, but https://${REGISTRY} does not answer and no mirror holds it. Either\n` +
      `  - connect to the registry (behind a proxy: HTTPS_PROXY), or\n` +
      `  - on a connected machine, in this folder: terraform -chdir=cdktf.out/stacks/upload-pipeline \\\n` +
      `      providers mirror -platform=${platform} MIRROR\n` +
      `    then here: TF_PLUGIN_MIRROR=/path/to/MIRROR npm start\n` +
      `Looked in: ${folders.join(', ')}.\nNothing was started.`,
  );
}

/**
 * The highest version of the provider in a mirror, packed or unpacked, for one platform. It looks for the files
 * themselves: a folder may be left of a provider that is not there. Terraform follows no symbolic links in a mirror.
 */
export async function highestVersion(mirror: string, platform: string): Promise<string | undefined> {
  const folder = path.join(mirror, REGISTRY, PROVIDER);
  const versions: string[] = [];
  for (const entry of await list(folder)) {
    const packed = new RegExp(`^terraform-provider-aws_(\\d[^_]*)_${platform}\\.zip$`, 'u').exec(
      entry.name,
    )?.[1];
    if (packed !== undefined && entry.isFile()) versions.push(packed);
    if (!entry.isDirectory() || !/^\d+\.\d+\.\d+$/u.test(entry.name)) continue;
    const files = await list(path.join(folder, entry.name, platform));
    if (files.some((file) => file.isFile() && file.name.startsWith('terraform-provider-aws'))) {
      versions.push(entry.name);
    }
  }
  return versions.sort(compareVersions).at(-1);
}

const list = (folder: string) => readdir(folder, { withFileTypes: true }).catch(() => []);

/** The folders where Terraform looks for mirrored providers by itself, and the caches of earlier downloads. */
export function usualFolders(paths: LocalPaths, env: Environment, home: string): string[] {
  const dataHome = env.XDG_DATA_HOME ?? path.join(home, '.local', 'share');
  const dataDirs = (env.XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(':');
  const plugins = (folder: string): string => path.join(folder, 'plugins');
  const system =
    process.platform === 'darwin'
      ? [
          path.join(home, 'Library/Application Support/io.terraform'),
          '/Library/Application Support/io.terraform',
        ]
      : [];
  return [
    plugins(path.join(paths.root, 'terraform.d')),
    plugins(path.join(home, '.terraform.d')),
    ...[dataHome, ...dataDirs].filter(Boolean).map((folder) => plugins(path.join(folder, 'terraform'))),
    ...system.map(plugins),
    ...(env.TF_PLUGIN_CACHE_DIR ? [env.TF_PLUGIN_CACHE_DIR] : []),
    path.join(home, '.terraform.d', 'plugin-cache'),
  ];
}

/** The mirrors that the person's own CLI configuration names. */
async function configuredMirrors(env: Environment, home: string): Promise<string[]> {
  const file = env.TF_CLI_CONFIG_FILE ?? path.join(home, '.terraformrc');
  const text = await readFile(file, 'utf8').catch(() => '');
  return [...text.matchAll(/filesystem_mirror\s*\{[^}]*?\bpath\s*=\s*"([^"]+)"/gu)].map(
    ([, folder = '']) => folder,
  );
}

/** A mirror is as good as a cache, and Terraform refuses one that is both. */
const NO_CACHE = { CDKTF_DISABLE_PLUGIN_CACHE_ENV: 'true', TF_PLUGIN_CACHE_DIR: '' };

async function fromMirror(
  paths: LocalPaths,
  env: Environment,
  folder: string,
  version: string,
): Promise<ProviderSource> {
  const mirror = path.resolve(paths.root, folder);
  await mkdir(paths.folder, { recursive: true });
  await writeFile(paths.terraformRc, cliConfiguration(mirror));
  return {
    description: describe(mirror, version),
    environment: { ...pin(env, version), ...NO_CACHE, TF_CLI_CONFIG_FILE: paths.terraformRc },
  };
}

/** Terraform's CLI configuration: the AWS provider from a mirror, everything else as ever. */
export function cliConfiguration(mirror: string): string {
  const provider = `${REGISTRY}/${PROVIDER}`;
  return `# Written by \`npm start\`: the registry could not be reached, or TF_PLUGIN_MIRROR was set.
provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["${provider}"]
  }
  direct {
    exclude = ["${provider}"]
  }
}
`;
}

const describe = (folder: string, version: string): string => `${version} from ${folder}`;

/** The version that lies in a mirror, unless the person has asked for one. */
const pin = (env: Environment, version: string): Environment => ({
  PIPELINE_AWS_PROVIDER_VERSION: env.PIPELINE_AWS_PROVIDER_VERSION ?? version,
});

/** A configuration file that is named but not there makes every Terraform command complain. */
export const withoutMissingConfiguration = (env: Environment): Environment => {
  const { TF_CLI_CONFIG_FILE: file, ...others } = env;
  return file === undefined || existsSync(file) ? env : others;
};

/** Asks the registry for its service discovery, through the proxy that Terraform would take. */
async function registryAnswers(env: Environment): Promise<boolean> {
  const proxy = env.HTTPS_PROXY ?? env.https_proxy;
  if (proxy && URL.canParse(proxy)) return proxyReaches(new URL(proxy), `${REGISTRY}:443`);
  try {
    const answer = await fetch(`https://${REGISTRY}/.well-known/terraform.json`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Whether a proxy opens a connection to a host. Node's fetch knows no proxies. */
async function proxyReaches(proxy: URL, host: string): Promise<boolean> {
  const { username, password } = proxy;
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    'base64',
  );
  return new Promise((resolve) => {
    const client = proxy.protocol === 'https:' ? https : http;
    const request = client.request(proxy, {
      method: 'CONNECT',
      path: host,
      headers: username === '' ? {} : { 'proxy-authorization': `Basic ${credentials}` },
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    request.once('connect', ({ statusCode }, socket) => {
      socket.destroy();
      resolve(statusCode === 200);
    });
    request.once('response', () => {
      resolve(false);
    });
    request.once('error', () => {
      resolve(false);
    });
    request.end();
  });
}
