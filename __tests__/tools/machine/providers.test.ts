import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { localPaths } from '../../../tools/machine/paths';
import {
  cliConfiguration,
  findProviderSource,
  highestVersion,
  usualFolders,
  withoutMissingConfiguration,
} from '../../../tools/machine/providers';
import { temporaryFolder } from '../local/temporary-folder';

const PROVIDER = 'registry.terraform.io/hashicorp/aws';
const platform = 'linux_amd64';
const folder = temporaryFolder();

const unpacked = (mirror: string, version: string, machine = platform): string =>
  folder.write(path.join(mirror, PROVIDER, version, machine, `terraform-provider-aws_v${version}_x5`));

const packed = (mirror: string, version: string, machine = platform): string =>
  folder.write(path.join(mirror, PROVIDER, `terraform-provider-aws_${version}_${machine}.zip`));

const inFolder = (name: string): string => path.join(folder.path, name);

describe('highestVersion', () => {
  it('compares versions as numbers, packed and unpacked alike', async () => {
    unpacked('mirror', '5.99.1');
    unpacked('mirror', '5.100.0');
    packed('mirror', '5.9.0');

    expect(await highestVersion(inFolder('mirror'), platform)).toBe('5.100.0');
  });

  it('finds a packed provider', async () => {
    packed('mirror', '6.25.0');

    expect(await highestVersion(inFolder('mirror'), platform)).toBe('6.25.0');
  });

  it('passes over other machines, empty folders and symbolic links', async () => {
    unpacked('mirror', '6.0.0', 'darwin_arm64');
    mkdirSync(inFolder(`mirror/${PROVIDER}/6.1.0/${platform}`), { recursive: true });
    const elsewhere = path.dirname(path.dirname(unpacked('elsewhere', '6.2.0')));
    symlinkSync(elsewhere, inFolder(`mirror/${PROVIDER}/6.2.0`));

    expect(await highestVersion(inFolder('mirror'), platform)).toBeUndefined();
  });

  it('finds nothing where there is no mirror', async () => {
    expect(await highestVersion(inFolder('nowhere'), platform)).toBeUndefined();
  });
});

describe('findProviderSource', () => {
  const find = (env: Record<string, string>, reachable: boolean) =>
    findProviderSource({
      paths: localPaths(inFolder('project')),
      env: { XDG_DATA_DIRS: inFolder('share'), ...env },
      platform,
      home: inFolder('home'),
      canReachRegistry: () => Promise.resolve(reachable),
    });
  const rc = (): string => readFileSync(inFolder('project/.local/terraform.rc'), 'utf8');

  it('leaves Terraform to itself where the registry answers', async () => {
    unpacked('home/.terraform.d/plugins', '5.100.0');

    expect((await find({}, true)).environment).toEqual({});
  });

  it('takes the mirror that TF_PLUGIN_MIRROR names, without asking the registry', async () => {
    unpacked('mirror', '5.100.0');

    const { environment } = await find({ TF_PLUGIN_MIRROR: inFolder('mirror') }, true);

    expect(environment).toEqual({
      PIPELINE_AWS_PROVIDER_VERSION: '5.100.0',
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: 'true',
      TF_PLUGIN_CACHE_DIR: '',
      TF_CLI_CONFIG_FILE: inFolder('project/.local/terraform.rc'),
    });
    expect(rc()).toBe(cliConfiguration(inFolder('mirror')));
  });

  it('says what it expected where TF_PLUGIN_MIRROR holds nothing', async () => {
    const mirror = inFolder('mirror');

    await expect(find({ TF_PLUGIN_MIRROR: mirror }, true)).rejects.toThrow(
      `holds no provider hashicorp/aws for linux_amd64.\nExpected: ${mirror}/${PROVIDER}/VERSION/linux_amd64`,
    );
  });

  it.each(['home/.terraform.d/plugins', 'project/terraform.d/plugins', 'share/terraform/plugins'])(
    'takes the mirror in %s where the registry does not answer',
    async (mirror) => {
      unpacked(mirror, '5.100.0');

      expect((await find({}, false)).environment).toMatchObject({ PIPELINE_AWS_PROVIDER_VERSION: '5.100.0' });
      expect(rc()).toContain(inFolder(mirror));
    },
  );

  it('leaves a configuration alone that names a mirror itself, and takes the version from there', async () => {
    unpacked('company', '5.98.0');
    folder.write(
      'home/.terraformrc',
      `provider_installation {\n  filesystem_mirror {\n    path = "${inFolder('company')}"\n  }\n}\n`,
    );

    expect((await find({}, false)).environment).toEqual({ PIPELINE_AWS_PROVIDER_VERSION: '5.98.0' });
  });

  it('keeps the version that the person asks for', async () => {
    unpacked('mirror', '5.100.0');
    const env = { TF_PLUGIN_MIRROR: inFolder('mirror'), PIPELINE_AWS_PROVIDER_VERSION: '5.99.0' };

    expect((await find(env, false)).environment).toMatchObject({ PIPELINE_AWS_PROVIDER_VERSION: '5.99.0' });
  });

  it('tells both ways out where there is neither registry nor mirror', async () => {
    await expect(find({}, false)).rejects.toThrow(
      /connect to the registry[\s\S]*TF_PLUGIN_MIRROR=[\s\S]*Looked in/u,
    );
  });
});

describe('usualFolders', () => {
  it('follows XDG, and ends with the caches of earlier downloads', () => {
    const env = { XDG_DATA_HOME: '/data', XDG_DATA_DIRS: '/a:/b', TF_PLUGIN_CACHE_DIR: '/cache' };

    const folders = usualFolders(localPaths('/project'), env, '/home/me');

    expect(folders).toEqual(
      expect.arrayContaining([
        '/data/terraform/plugins',
        '/a/terraform/plugins',
        '/b/terraform/plugins',
        '/cache',
      ]),
    );
    expect(folders.at(-1)).toBe('/home/me/.terraform.d/plugin-cache');
  });
});

describe('withoutMissingConfiguration', () => {
  it('drops a configuration file that is not there, and keeps one that is', () => {
    const there = folder.write('terraform.rc');

    expect(withoutMissingConfiguration({ TF_CLI_CONFIG_FILE: inFolder('missing'), HOME: '/' })).toEqual({
      HOME: '/',
    });
    expect(withoutMissingConfiguration({ TF_CLI_CONFIG_FILE: there })).toEqual({ TF_CLI_CONFIG_FILE: there });
  });
});
