import { readFileSync } from 'node:fs';
import path from 'node:path';
import { localPaths } from '../../../tools/machine/paths';
import { cliConfiguration } from '../../../tools/machine/cli-configuration';
import { findProviderSource } from '../../../tools/machine/providers';
import { temporaryFolder } from '../local/temporary-folder';

const PROVIDER = 'registry.terraform.io/hashicorp/aws';
const platform = 'linux_amd64';
const folder = temporaryFolder();

const unpacked = (mirror: string, version: string, machine = platform): string =>
  folder.write(path.join(mirror, PROVIDER, version, machine, `terraform-provider-aws_v${version}_x5`));

const inFolder = (name: string): string => path.join(folder.path, name);

describe('findProviderSource', () => {
  const find = (env: Record<string, string>, reachable: boolean, registry?: string) =>
    findProviderSource({
      paths: localPaths(inFolder('project')),
      env: { XDG_DATA_DIRS: inFolder('share'), ...env },
      platform,
      ...(registry && { registry }),
      home: inFolder('home'),
      places: [inFolder('opt'), inFolder('srv')],
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
    expect(rc()).toBe(cliConfiguration(inFolder('mirror'), 'registry.terraform.io'));
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

  it('is not troubled by a configuration file that is named but not there', async () => {
    unpacked('opt/mirror', '5.100.0');

    expect((await find({ TF_CLI_CONFIG_FILE: inFolder('missing.rc') }, false)).environment).toMatchObject({
      TF_CLI_CONFIG_FILE: inFolder('project/.local/terraform.rc'),
    });
  });

  it('takes a mirror below the usual places where nothing nearer holds one, and says so', async () => {
    unpacked('opt/terraform/mirror', '5.100.0');

    const { environment, notice } = await find({}, false);

    expect(environment).toMatchObject({ PIPELINE_AWS_PROVIDER_VERSION: '5.100.0' });
    expect(rc()).toContain(inFolder('opt/terraform/mirror'));
    expect(notice).toBe(
      `registry.terraform.io does not answer: using the AWS provider 5.100.0 from ${inFolder('opt/terraform/mirror')}.`,
    );
  });

  it('searches only where the registry does not answer and no nearer folder holds one', async () => {
    unpacked('opt/mirror', '6.0.0');
    unpacked('home/.terraform.d/plugins', '5.100.0');

    expect(await find({}, true)).toEqual({ environment: {} });
    expect((await find({}, false)).environment).toMatchObject({ PIPELINE_AWS_PROVIDER_VERSION: '5.100.0' });
  });

  it.each([
    ['the highest version', {}, '5.101.0'],
    ['the version that the person asks for', { PIPELINE_AWS_PROVIDER_VERSION: '5.100.0' }, '5.100.0'],
  ])('takes %s of the mirrors that it finds', async (_, env: Record<string, string>, version) => {
    unpacked('opt/a', '5.100.0');
    unpacked('srv/b', '5.101.0');
    unpacked('srv/c', '4.67.0');

    expect((await find(env, false)).environment).toMatchObject({ PIPELINE_AWS_PROVIDER_VERSION: version });
    expect(rc()).toContain(inFolder(version === '5.101.0' ? 'srv/b' : 'opt/a'));
  });

  it('says why a mirror that it found does not do: its version, its platform', async () => {
    unpacked('opt/old', '4.67.0');
    unpacked('srv/mac', '5.100.0', 'darwin_arm64');

    await expect(find({}, false)).rejects.toThrow(
      `${inFolder('opt/old')} holds 4.67.0; 5.100.0 or later is needed.\n` +
        `${inFolder('srv/mac')} holds it, but not for linux_amd64.`,
    );
  });

  it('takes a cache of downloads last of all', async () => {
    unpacked('home/.terraform.d/plugin-cache', '5.101.0');
    unpacked('srv/mirror', '5.100.0');

    expect((await find({}, false)).environment).toMatchObject({ PIPELINE_AWS_PROVIDER_VERSION: '5.100.0' });
  });

  it('looks for OpenTofu where OpenTofu has its providers', async () => {
    folder.write(`opt/mirror/registry.opentofu.org/hashicorp/aws/5.100.0/${platform}/terraform-provider-aws`);

    await find({}, false, 'registry.opentofu.org');

    expect(rc()).toContain('include = ["registry.opentofu.org/hashicorp/aws"]');
    await expect(find({}, false)).rejects.toThrow('no mirror holds it');
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
