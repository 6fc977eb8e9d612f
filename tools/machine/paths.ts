import path from 'node:path';

/** The files of the local launcher: all are below `.local/`, which git ignores. */
export interface LocalPaths {
  /** The project's folder. */
  readonly root: string;
  readonly folder: string;
  /** Python's virtual environment with the engine and a copy of the AWS CLI. */
  readonly venv: string;
  /** The fetched Terraform. */
  readonly terraform: string;
  /** Put at the end of PATH: holds `aws`, for machines that have none. */
  readonly bin: string;
  /** The note of a running or killed `npm start`. */
  readonly claim: string;
  /** The record of the running engine and its deployment. */
  readonly record: string;
  /** Terraform's state. The environment `local` (config/environments.ts) names the same file. */
  readonly state: string;
  /** Terraform's CLI configuration, where providers come from a mirror. */
  readonly terraformRc: string;
  /** cdktf's output: a separate folder, so that a deployment to AWS keeps its `.terraform`. */
  readonly cdktfOut: string;
  /** The certificate and the key of the running engine; the key is its owner's alone. */
  readonly tls: string;
  readonly tlsCertificate: string;
  readonly tlsKey: string;
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
    tls: inFolder('tls'),
    tlsCertificate: inFolder('tls/certificate.pem'),
    tlsKey: inFolder('tls/key.pem'),
    engineLog: inFolder('engine.log'),
    deployLog: inFolder('deploy.log'),
    installLog: inFolder('install.log'),
  };
}
