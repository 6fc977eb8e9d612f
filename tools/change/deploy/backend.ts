import { readFileSync } from 'node:fs';
import path from 'node:path';
import { environments, loadSettings, SettingsError } from '../../../config/environments';
import type { Settings } from '../../../config/settings';
import type { Environment } from '../../lib/environment';
import { ToolError } from '../../lib/errors';

export interface BackendProps {
  /** The project's folder. */
  readonly root: string;
  /** The stack's folder. */
  readonly folder: string;
  readonly env: Environment;
}

/** What Terraform notes of the backend that a folder was initialized with. */
interface Initialized {
  readonly backend?: { readonly type: string; readonly config: Readonly<Record<string, unknown>> };
}

/**
 * What `terraform init` has to be told of the state. All environments are synthesized into one folder, and each has a
 * state of its own: Terraform sees another backend there whenever the environment is another one, and refuses to go on
 * until it knows whether the state moves (`-migrate-state`, which would copy one environment's state over another's)
 * or not (`-reconfigure`). https://developer.hashicorp.com/terraform/cli/commands/init#backend-initialization
 * @throws {ToolError} where the folder's last state is no environment's: it may have moved, and only people know
 */
export function backendArguments({ root, folder, env }: BackendProps): string[] {
  const before = lastPlace(folder);
  if (before === undefined) return [];
  const placeOf = (name: string | undefined): string | undefined => {
    const state = stateOf({ ...env, PIPELINE_ENV: name });
    return state && place(state.type, state.type === 's3' ? state : { path: path.resolve(root, state.path) });
  };
  const now = placeOf(env.PIPELINE_ENV);
  if (before === now) return [];
  if (Object.keys(environments).some((name) => placeOf(name) === before)) return ['-reconfigure'];
  const init = `terraform -chdir=${path.relative(root, folder)} init`;
  throw new ToolError(
    `The state was in ${before} when Terraform last ran in this folder; now it is in ${now ?? 'another place'}, and no environment has it in the old one.\n` +
      `If this environment's state has moved:  ${init} -migrate-state\n` +
      `If the old state does not matter here:  ${init} -reconfigure\n` +
      'Then run this again. Nothing was changed.',
  );
}

function stateOf(env: Environment): Settings['state'] | undefined {
  try {
    return loadSettings(env).state;
  } catch (error) {
    // `local` exists on an engine only; a wrong setting is the synth's to tell.
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}

/** The place of the state that the folder was initialized with; undefined where it was not. */
function lastPlace(folder: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path.join(folder, '.terraform', 'terraform.tfstate'), 'utf8');
  } catch {
    return undefined;
  }
  const { backend } = JSON.parse(text) as Initialized;
  if (!backend) return undefined;
  const { type, config } = backend;
  return place(type, typeof config.path === 'string' ? { path: path.resolve(folder, config.path) } : config);
}

/** Two states are one where this is the same. */
function place(type: string, { path: file, bucket, key }: Readonly<Record<string, unknown>>): string {
  return type === 'local' ? String(file) : `${type}://${String(bucket)}/${String(key)}`;
}
