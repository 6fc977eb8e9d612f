import type { Settings } from '../../config/settings';
import type { Environment } from './environment';
import { UsageError } from './errors';

/** The option of every command that is about one environment. */
export const ENVIRONMENT_OPTION = { env: { type: 'string' } } as const;

/** The environment that a command is about. */
export interface Chosen {
  readonly name: string;
  readonly settings: Settings;
  /** The variables, with the environment in `PIPELINE_ENV`: for what is started, and for `loadSettings`. */
  readonly env: Environment;
}

/** Set by `npm run local`, with the pipeline and the endpoint of the engine: another name would be contradicted by them. */
const LOCAL = 'local';

/**
 * The environment that `--env` names, or else `PIPELINE_ENV`, or else `dev`.
 * @throws {UsageError} for an unknown one, with the list; and where `npm run local` names another
 */
export async function chooseEnvironment(
  option: string | undefined,
  env: Environment = process.env,
): Promise<Chosen> {
  // Here, because `--help` needs none of it: the settings' schema takes a moment to load.
  const { environments, loadSettings } = await import('../../config/environments');
  const [source, name] =
    option === undefined ? ['PIPELINE_ENV', env.PIPELINE_ENV ?? 'dev'] : ['--env', option];
  if (!Object.hasOwn(environments, name)) {
    const known = Object.keys(environments).join(', ');
    throw new UsageError(
      `${source}: got ${JSON.stringify(name)}; known environments are ${known} (config/environments.ts).`,
    );
  }
  if (env.PIPELINE_ENV === LOCAL && name !== LOCAL) {
    throw new UsageError(
      `--env: got ${JSON.stringify(name)}, but \`npm run local\` is about the engine on this machine alone. ` +
        `Leave out \`npm run local --\` to reach ${name}.`,
    );
  }
  const chosen = { ...env, PIPELINE_ENV: name };
  return { name, settings: loadSettings(chosen), env: chosen };
}
