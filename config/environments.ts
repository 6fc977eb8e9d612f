import { z } from 'zod';
import { describeSettings } from './describe';
import { nearest } from './nearest';
import { conflicts } from './together';
import { isLoopbackUrl } from './loopback';
import { settingsSchema, type Settings, type SettingsInput } from './settings';

/** What an environment may take from the process: variables, never the clock or the network. */
export type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The environments. Edit these: `PIPELINE_ENV=prod cdktf deploy` deploys `prod`; without it, `dev`.
 * Everything left out has the default that docs/settings.md tells.
 */
export const environments: Readonly<Record<string, (env: ProcessEnvironment) => SettingsInput>> = {
  /** Only for `npm start` and `npm run local`, which set AWS_ENDPOINT_URL to an engine on this machine. */
  local: (env) => ({
    namePrefix: 'upload-pipeline-local',
    packaging: 'prebuilt', // needs nothing but the AWS provider
    // Older providers know this runtime too; the local engine runs handlers on the laptop's own Node.js anyway.
    functions: { runtime: 'nodejs22.x', logRetentionDays: 1 },
    // A lifecycle configuration takes the provider a minute and shows nothing on a laptop.
    bucket: {
      abortIncompleteMultipartDays: null,
      noncurrentVersionDays: null,
      processedExpirationDays: null,
      forceDestroy: true,
    },
    caller: { timeoutSeconds: 10, logLevel: 'DEBUG' },
    invoked: { reservedConcurrentExecutions: 1 }, // shows what a throttled call gets
    endpoint: { enabled: true },
    // Nobody is called from a laptop; and the engine shows alarms as changed in every plan.
    health: { enabled: false },
    awsProvider: { localEndpoint: localEndpoint(env) },
    state: { type: 'local', path: '.local/terraform.tfstate' },
  }),

  dev: () => ({
    namePrefix: 'upload-pipeline-dev',
    tags: { project: 'upload-pipeline', environment: 'dev' },
    state: { type: 'local', path: 'terraform.dev.tfstate' },
  }),

  prod: () => ({
    namePrefix: 'upload-pipeline-prod',
    protected: true, // commands that change something ask for its name
    tags: { project: 'upload-pipeline', environment: 'prod' },
    functions: { logRetentionDays: 365 },
    // A team of more than one wants the state where all can reach it:
    // state: { type: 's3', bucket: 'YOUR-STATE-BUCKET', region: 'us-east-1' },
    state: { type: 'local', path: 'terraform.prod.tfstate' },
  }),
};

/** A wrong setting; the message is all that a person needs, so no stack is printed. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** The environment that is meant. */
export const environmentName = ({ PIPELINE_ENV = 'dev' }: ProcessEnvironment): string => PIPELINE_ENV;

/**
 * The settings of the environment that `PIPELINE_ENV` names (`dev` where unset).
 * @throws {SettingsError} naming each wrong setting: its path, what it got, what is allowed
 */
export function loadSettings(env: ProcessEnvironment): Settings {
  const name = environmentName(env);
  const environment = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (!environment) {
    const known = Object.keys(environments).join(', ');
    throw new SettingsError(
      `PIPELINE_ENV: got ${JSON.stringify(name)}; known environments are ${known} (config/environments.ts).`,
    );
  }
  return parseSettings(withProviderVersion(environment(env), env), name);
}

/**
 * Checks settings and fills in the defaults.
 * @param source what the settings are called in the error, e.g. the environment's name
 */
export function parseSettings(input: unknown, source: string): Settings {
  const result = settingsSchema.safeParse(input, { reportInput: true });
  const found = result.success ? conflicts(result.data, input) : result.error.issues.flatMap(explain);
  if (result.success && found.length === 0) return result.data;
  const lines = found.map((line) => `  ${line}`);
  throw new SettingsError(`Settings of environment ${source} (config/environments.ts):\n${lines.join('\n')}`);
}

/** Where only a mirror can be reached, the provider that lies there is the one to use. */
function withProviderVersion(input: SettingsInput, env: ProcessEnvironment): SettingsInput {
  const version = env.PIPELINE_AWS_PROVIDER_VERSION;
  return version ? { ...input, awsProvider: { ...input.awsProvider, version } } : input;
}

function localEndpoint(env: ProcessEnvironment): string {
  const endpoint = env.AWS_ENDPOINT_URL ?? '';
  if (isLoopbackUrl(endpoint)) return endpoint;
  const got = endpoint === '' ? 'nothing' : JSON.stringify(endpoint);
  throw new SettingsError(
    `AWS_ENDPOINT_URL: got ${got}; the environment local needs the URL of an engine on this machine ` +
      '(127.0.0.0/8, localhost, [::1]), so that nothing local reaches a real account. ' +
      'Use `npm start`, or `npm run local -- COMMAND` for a single command.',
  );
}

/** One line for each thing wrong: path, what it got, what is allowed. */
function explain(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const unknown = [...issue.path, key].join('.');
      const names = namesIn(path);
      const near = nearest(key, names);
      const meant = near === undefined ? '' : `did you mean ${near}? `;
      return `${unknown}: there is no such setting; ${meant}${path === '' ? 'at the top level' : `in ${path}`} there are ${names.join(', ')}.`;
    });
  }
  const input =
    issue.code === 'invalid_union' && isObject(issue.input)
      ? issue.input[issue.path.at(-1) ?? '']
      : issue.input;
  const got = shown(input);
  // zod's own message says nothing: such an issue is explained by what the setting allows.
  if (issue.code === 'custom' && issue.message !== 'Invalid input')
    return [`${path}: got ${got}; ${issue.message}`];
  const setting = describeSettings().find(
    (candidate) => candidate.path === path || path.startsWith(`${candidate.path}.`),
  );
  const expected = setting
    ? `expected ${setting.allowed}${setting.unit === '' ? '' : ` (${setting.unit})`}. ${setting.description}`
    : `expected an object with ${namesIn(path).join(', ')}.`;
  return [`${path}: got ${got}; ${expected}`];
}

/** A value in an error: JSON knows neither NaN nor Infinity. */
const shown = (input: unknown): string =>
  input === undefined ? 'nothing' : typeof input === 'number' ? String(input) : JSON.stringify(input);

/** zod reports a wrong discriminator (`state.type`) with the whole object as its input. */
const isObject = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === 'object' && value !== null;

/** The names of the settings directly inside a path. */
function namesIn(path: string): string[] {
  const start = path === '' ? '' : `${path}.`;
  const names = describeSettings()
    .filter((setting) => setting.path.startsWith(start))
    .map((setting) => setting.path.slice(start.length).split('.')[0]);
  return [...new Set(names)].filter((name) => name !== undefined);
}
