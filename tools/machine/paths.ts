import path from 'node:path';

/** Where the local launcher keeps what it makes: everything is below `.local/`, which git ignores. */
export interface LocalPaths {
  /** The project's folder. */
  readonly root: string;
  readonly folder: string;
  /** Python's virtual environment with the engine and a copy of the AWS CLI. */
  readonly venv: string;
  /** The Terraform that was fetched, where the machine has none. */
  readonly terraform: string;
  /** Put at the end of PATH: holds `aws`, for machines that have none. */
  readonly bin: string;
  /** The `npm start` that runs, or was killed. */
  readonly claim: string;
  /** The running engine and what was deployed to it. */
  readonly record: string;
  /** Terraform's state. The environment `local` (config/environments.ts) names the same file. */
  readonly state: string;
  /** Terraform's CLI configuration, where providers come from a mirror. */
  readonly terraformRc: string;
  /** What cdktf synthesizes: a folder of its own, so that a deployment to AWS keeps its `.terraform`. */
  readonly cdktfOut: string;
  readonly engineLog: string;
  readonly deployLog: string;
  readonly installLog: string;
}

export function localPaths(root: string): LocalPaths {
  const folder = path.join(root, '.local');
  const inFolder = (name: string): string => path.join(folder, name);
  return {
    root,
    folder,
    venv: inFolder('venv'),
    terraform: inFolder('terraform'),
    bin: inFolder('bin'),
    claim: inFolder('start.json'),
    record: inFolder('engine.json'),
    state: inFolder('terraform.tfstate'),
    terraformRc: inFolder('terraform.rc'),
    cdktfOut: inFolder('cdktf.out'),
    engineLog: inFolder('engine.log'),
    deployLog: inFolder('deploy.log'),
    installLog: inFolder('install.log'),
  };
}
