import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from './environment';

/** The Terraform that is fetched where a machine has none; the one that CI runs (.github/workflows). */
export const TERRAFORM_VERSION = '1.11.4';

/** Where it is put, in the project's folder. */
export const fetchedTerraform = (root: string): string =>
  path.join(root, '.local', 'terraform', TERRAFORM_VERSION, 'terraform');

/** Every Terraform of a person's own goes by one of these. */
const NAMES = ['terraform', 'tofu'];

/**
 * The command that runs Terraform: `TERRAFORM_BINARY_NAME`, as cdktf knows it; otherwise a Terraform or OpenTofu on
 * PATH; otherwise the one that was fetched. Undefined where there is none.
 * https://developer.hashicorp.com/terraform/cdktf/create-and-deploy/environment-variables
 */
export function terraformCommand(env: Environment, root: string): string | undefined {
  if (env.TERRAFORM_BINARY_NAME) return env.TERRAFORM_BINARY_NAME;
  const own = NAMES.find((name) => isOnPath(name, env));
  if (own !== undefined) return own;
  const fetched = fetchedTerraform(root);
  return isProgram(fetched) ? fetched : undefined;
}

const isOnPath = (name: string, env: Environment): boolean =>
  (env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => folder !== '' && isProgram(path.join(folder, name)));

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What the stack's id makes of the folder that cdktf synthesizes to. */
const STACK = path.join('stacks', 'upload-pipeline');

/** Where Terraform runs for the stack, whether or not anything was synthesized yet. `CDKTF_OUTPUT` is cdktf's own. */
export const stackFolder = (env: Environment, root: string): string =>
  path.resolve(root, env.CDKTF_OUTPUT ?? 'cdktf.out', STACK);

/** A configuration file that is named but not there makes every Terraform command complain. */
export const withoutMissingConfiguration = (env: Environment): Environment => {
  const { TF_CLI_CONFIG_FILE: file, ...others } = env;
  return file === undefined || existsSync(file) ? env : others;
};
