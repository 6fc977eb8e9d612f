import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { backendArguments } from '../../../../tools/change/deploy/backend';

const root = mkdtempSync(path.join(tmpdir(), 'backend-'));
const stackFolder = path.join(root, 'cdktf.out', 'stacks', 'upload-pipeline');

/** A stack's folder that `terraform init` has seen with this backend. */
function initialized(backend: object | undefined): string {
  const notes = path.join(stackFolder, '.terraform');
  mkdirSync(notes, { recursive: true });
  writeFileSync(path.join(notes, 'terraform.tfstate'), JSON.stringify({ version: 3, backend }));
  return stackFolder;
}

const local = (file: string) => ({
  type: 'local',
  config: { path: `../../../${file}`, workspace_dir: null },
});
const argumentsFor = (folder: string, environment?: string) =>
  backendArguments({ root, folder, env: { PIPELINE_ENV: environment } });

describe('backendArguments', () => {
  it('are none where Terraform never ran, or nothing but defaults are noted', () => {
    expect(argumentsFor(path.join(root, 'elsewhere'), 'dev')).toEqual([]);
    expect(argumentsFor(initialized(undefined), 'dev')).toEqual([]);
  });

  it.each([[undefined], ['dev']])('are none where the environment %s is the one of last time', (name) => {
    expect(argumentsFor(initialized(local('terraform.dev.tfstate')), name)).toEqual([]);
  });

  it('take up the own state of another environment, and copy nothing into it', () => {
    expect(argumentsFor(initialized(local('terraform.dev.tfstate')), 'prod')).toEqual(['-reconfigure']);
    expect(argumentsFor(initialized(local('terraform.prod.tfstate')))).toEqual(['-reconfigure']);
  });

  it.each([
    [local('terraform.old.tfstate'), path.join(root, 'terraform.old.tfstate')],
    [{ type: 's3', config: { bucket: 'ours', key: 'k' } }, 's3://ours/k'],
  ])('leave it to people where the state may have moved from %j', (backend, place) => {
    const attempt = () => argumentsFor(initialized(backend), 'dev');

    expect(attempt).toThrow(`The state was in ${place} when Terraform last ran`);
    expect(attempt).toThrow('terraform -chdir=cdktf.out/stacks/upload-pipeline init -migrate-state');
  });
});
