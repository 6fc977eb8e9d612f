import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../lib/environment';
import { PROVIDER } from './mirrors';
import type { LocalPaths } from './paths';

// Terraform's CLI configuration and its implied mirror folders:
// https://developer.hashicorp.com/terraform/cli/config/config-file

/** Terraform's CLI configuration: the AWS provider comes from a mirror, all others from their usual source. */
export function cliConfiguration(mirror: string, registry: string): string {
  const provider = `${registry}/${PROVIDER}`;
  return `# Written by this project's commands: the registry could not be reached, or TF_PLUGIN_MIRROR was set.
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

/** The mirrors that the person's own CLI configuration names. */
export async function configuredMirrors(env: Environment, home: string): Promise<string[]> {
  const file = env.TF_CLI_CONFIG_FILE ?? path.join(home, '.terraformrc');
  const text = await readFile(file, 'utf8').catch(() => '');
  return [...text.matchAll(/filesystem_mirror\s*\{[^}]*?\bpath\s*=\s*"([^"]+)"/gu)].map(
    ([, folder = '']) => folder,
  );
}

/** The folders where Terraform looks for mirrored providers by itself. */
export function pluginFolders(paths: LocalPaths, env: Environment, home: string): string[] {
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
  ];
}

/** Terraform's plugin cache: the last resort, because an entry may be an incomplete download. */
export const cacheFolders = (env: Environment, home: string): string[] => [
  ...(env.TF_PLUGIN_CACHE_DIR ? [env.TF_PLUGIN_CACHE_DIR] : []),
  path.join(home, '.terraform.d', 'plugin-cache'),
];
