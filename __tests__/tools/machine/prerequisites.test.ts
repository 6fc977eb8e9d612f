import { chmodSync } from 'node:fs';
import { checkPrerequisites, isMissing, missingText } from '../../../tools/machine/prerequisites';
import { temporaryFolder } from '../local/temporary-folder';

const folder = temporaryFolder();

/** Puts a command on the PATH of a test that prints what it is given to say. */
function install(name: string, says: string): void {
  chmodSync(folder.write(name, `#!/bin/sh\necho '${says}'\n`), 0o755);
}
const check = (env: Record<string, string> = {}, withPython = true) =>
  checkPrerequisites({
    root: folder.path,
    env: { PATH: folder.path, PIPELINE_FETCH_TERRAFORM: 'off', ...env },
    withPython,
  });
const TERRAFORM = 'Terraform v1.11.4\non linux_amd64';

describe('checkPrerequisites', () => {
  it('finds what is there', async () => {
    install('terraform', TERRAFORM);
    install('python3', '3.11.7');

    expect(await check()).toEqual({
      nodeVersion: process.versions.node,
      terraform: expect.objectContaining({ version: '1.11.4', platform: 'linux_amd64' }) as unknown,
      pythonVersion: '3.11.7',
    });
  });

  it('goes by the name that cdktf knows Terraform by', async () => {
    install('my-terraform', TERRAFORM);

    expect(await check({ TERRAFORM_BINARY_NAME: 'my-terraform' }, false)).toMatchObject({
      terraform: { version: '1.11.4', environment: { TERRAFORM_BINARY_NAME: 'my-terraform' } },
    });
  });

  it('names everything that is missing at once', async () => {
    await expect(check()).rejects.toThrow(
      /Terraform 1\.5 or later +not found\n +Python 3\.10 or later +not found/u,
    );
  });

  it('names a Python that cannot make virtual environments', async () => {
    install('terraform', TERRAFORM);
    install('python3', '3.11.2 ensurepip');

    await expect(check()).rejects.toThrow('found 3.11.2, without its module ensurepip');
  });

  it('needs no Python where the engine is the person’s own', async () => {
    install('terraform', TERRAFORM);

    expect((await check({}, false)).pythonVersion).toBeUndefined();
  });
});

describe('isMissing', () => {
  const prerequisite = { name: 'Python', minimum: '3.10', howToGet: 'https://www.python.org/downloads' };

  it.each([
    ['3.10.0', false],
    ['3.13.1', false],
    ['3.9.18', true],
    [undefined, true],
  ])('judges version %s', (version, missing) => {
    expect(isMissing({ prerequisite, version })).toBe(missing);
  });

  it('tells what was found and where to get more', () => {
    const text = missingText([{ prerequisite, version: '3.9.18' }]);

    expect(text).toContain('Python 3.10 or later  found 3.9.18');
    expect(text).toContain('Python: https://www.python.org/downloads');
    expect(text).toContain('Nothing was started.');
  });
});
