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

/** Terraform's note of the backend that a folder was initialized with. */
interface Initialized {
  readonly backend?: { readonly type: string; readonly config: Readonly<Record<string, unknown>> };
}

/**
 * The options of `terraform init` for the state. All environments are synthesized into one folder, and each has its
 * own state. After a change of environment, Terraform finds another backend there and refuses to continue until it
 * knows whether the state moves (`-migrate-state`, which would copy one environment's state over another's) or not
 * (`-reconfigure`). https://developer.hashicorp.com/terraform/cli/commands/init#backend-initialization
 * @throws {ToolError} if the folder's last state belongs to no environment: it may have moved, which only people know
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
    `The state was in ${before} when Terraform last ran in this folder; now it is in ${now ?? 'another place'}, and no environment uses the old place.\n` +
      `If this environment's state has moved:  ${init} -migrate-state\n` +
      `If the old state does not matter here:  ${init} -reconfigure\n` +
      'Then run this again. Nothing was changed.',
  );
}

function stateOf(env: Environment): Settings['state'] | undefined {
  try {
    return loadSettings(env).state;
  } catch (error) {
    // `local` exists only on an engine; the synth reports wrong settings.
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}

/** The place of the state that the folder was initialized with; undefined if it was not initialized. */
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

/** Identifies a state: equal for equal places. */
function place(type: string, { path: file, bucket, key }: Readonly<Record<string, unknown>>): string {
  return type === 'local' ? String(file) : `${type}://${String(bucket)}/${String(key)}`;
}
