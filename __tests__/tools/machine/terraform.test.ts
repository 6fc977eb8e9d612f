import { chmodSync } from 'node:fs';
import { fetchedTerraform, terraformCommand } from '../../../tools/lib/terraform';
import { ensureTerraform } from '../../../tools/machine/terraform';
import { temporaryFolder } from '../local/temporary-folder';

const folder = temporaryFolder();

/** A program in the test's folder that prints what Terraform and OpenTofu do. */
function install(file: string, says = 'Terraform v1.11.4\non linux_amd64'): void {
  chmodSync(folder.write(file, `#!/bin/sh\necho '${says}'\n`), 0o755);
}
const FETCHED = '.local/terraform/1.11.4/terraform';
const ensure = (env: Record<string, string> = {}) =>
  ensureTerraform({
    root: folder.path,
    env: { PATH: `${folder.path}/bin`, PIPELINE_FETCH_TERRAFORM: 'http://127.0.0.1:9', ...env },
  });

describe('the Terraform that runs', () => {
  it('is the one on PATH, of which cdktf need not be told', async () => {
    install('bin/terraform');
    install('bin/tofu', 'OpenTofu v1.8.1\non linux_amd64');
    install(FETCHED);

    expect((await ensure()).terraform).toEqual({
      command: 'terraform',
      name: 'Terraform',
      version: '1.11.4',
      platform: 'linux_amd64',
      registry: 'registry.terraform.io',
      environment: {},
    });
  });

  it('is the one that TERRAFORM_BINARY_NAME names, before all others', async () => {
    install('bin/terraform');
    install('bin/mine', 'Terraform v1.9.0\non linux_arm64');

    expect((await ensure({ TERRAFORM_BINARY_NAME: 'mine' })).terraform).toMatchObject({
      version: '1.9.0',
      platform: 'linux_arm64',
      environment: { TERRAFORM_BINARY_NAME: 'mine' },
    });
  });

  it('is OpenTofu where there is no Terraform: cdktf is told, and its registry is another', async () => {
    install('bin/tofu', 'OpenTofu v1.8.1\non linux_amd64');
    install(FETCHED);

    expect((await ensure()).terraform).toMatchObject({
      name: 'OpenTofu',
      registry: 'registry.opentofu.org',
      environment: { TERRAFORM_BINARY_NAME: 'tofu' },
    });
  });

  it('is the one that was fetched where the person has none', async () => {
    install(FETCHED);

    expect((await ensure()).terraform).toMatchObject({
      command: fetchedTerraform(folder.path),
      environment: { TERRAFORM_BINARY_NAME: fetchedTerraform(folder.path) },
    });
  });

  it('is none where it cannot be fetched, and why is told', async () => {
    expect(await ensure()).toEqual({ why: expect.stringContaining('ECONNREFUSED') as string });
    expect(await ensure({ PIPELINE_FETCH_TERRAFORM: 'off' })).toEqual({});
  });

  it('is not fetched over a name that is wrong', async () => {
    expect(await ensure({ TERRAFORM_BINARY_NAME: 'no-such-command' })).toEqual({});
  });

  it('is no folder and no file that cannot be run', () => {
    folder.write('bin/terraform/file');
    folder.write('bin/tofu');

    expect(terraformCommand({ PATH: `${folder.path}/bin` }, folder.path)).toBeUndefined();
  });
});
