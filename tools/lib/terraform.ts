import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from './environment';

/** The Terraform version to fetch for a machine without Terraform; CI runs the same one (.github/workflows). */
export const TERRAFORM_VERSION = '1.11.4';

/** Its path in the project's folder. */
export const fetchedTerraform = (root: string): string =>
  path.join(root, '.local', 'terraform', TERRAFORM_VERSION, 'terraform');

/** The names of a user's own Terraform. */
const NAMES = ['terraform', 'tofu'];

/**
 * The command that runs Terraform: `TERRAFORM_BINARY_NAME`, as cdktf knows it; otherwise a Terraform or OpenTofu on
 * PATH; otherwise the fetched one. Undefined if none exists.
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

/** Every Terraform command warns about a configuration file that does not exist. */
export const withoutMissingConfiguration = (env: Environment): Environment => {
  const { TF_CLI_CONFIG_FILE: file, ...others } = env;
  return file === undefined || existsSync(file) ? env : others;
};
