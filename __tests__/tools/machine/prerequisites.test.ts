import { chmodSync } from 'node:fs';
import {
  checkPrerequisites,
  compareVersions,
  isMissing,
  missingText,
} from '../../../tools/machine/prerequisites';
import { temporaryFolder } from '../local/temporary-folder';

const folder = temporaryFolder();

/** Puts a command on the PATH of a test that prints what it is given to say. */
function install(name: string, says: string): void {
  chmodSync(folder.write(name, `#!/bin/sh\necho '${says}'\n`), 0o755);
}
const check = (env: Record<string, string> = {}, withPython = true) =>
  checkPrerequisites({ env: { PATH: folder.path, ...env }, withPython });
const TERRAFORM = '{ "terraform_version": "1.11.4", "platform": "linux_amd64" }';

describe('checkPrerequisites', () => {
  it('finds what is there', async () => {
    install('terraform', TERRAFORM);
    install('python3', '3.11.7');

    expect(await check()).toEqual({
      nodeVersion: process.versions.node,
      terraformVersion: '1.11.4',
      platform: 'linux_amd64',
      pythonVersion: '3.11.7',
    });
  });

  it('goes by the name that cdktf knows Terraform by', async () => {
    install('my-terraform', TERRAFORM);

    expect(await check({ TERRAFORM_BINARY_NAME: 'my-terraform' }, false)).toMatchObject({
      terraformVersion: '1.11.4',
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

describe('compareVersions', () => {
  it.each([
    ['5.100.0', '5.99.1', 1],
    ['1.5', '1.5.0', 0],
    ['1.5.0-rc1', '1.5.0', 0],
    ['3.9', '3.10', -1],
  ])('compares %s with %s', (left, right, sign) => {
    expect(Math.sign(compareVersions(left, right))).toBe(sign);
  });
});
