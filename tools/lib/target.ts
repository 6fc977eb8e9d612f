import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PrefixPair } from '../../handlers/process-upload/prefixes';
import type { Environment } from './environment';
import { messageOf, ToolError } from './errors';
import { bareName } from './lambda';
import { readFormerPrefixes } from './prefixes';
import { stackFolder, terraformCommand, withoutMissingConfiguration } from './terraform';

/** The deployed pipeline, as far as tools need to know it. */
export interface Target {
  readonly uploadBucket: string;
  readonly uploadPrefix: string;
  readonly processedPrefix: string;
  /** Served until they are empty. */
  readonly formerPrefixes: readonly PrefixPair[];
  readonly failureQueueUrl: string;
  /** As it is invoked: with its alias, where it has one. */
  readonly processUploadFunction: string;
  /** The queue that S3 notifies; undefined with another `trigger`. */
  readonly uploadQueueUrl: string | undefined;
  /** Start of the name of everything in it. */
  readonly namePrefix: string;
}

/** What the stack puts out (`addOutput` in stacks/), and the variable of the same meaning. */
const NAMES = {
  uploadBucket: ['upload_bucket', 'UPLOAD_BUCKET'],
  uploadPrefix: ['upload_prefix', 'UPLOAD_PREFIX'],
  processedPrefix: ['processed_prefix', 'PROCESSED_PREFIX'],
  failureQueueUrl: ['failure_queue_url', 'FAILURE_QUEUE_URL'],
  processUploadFunction: ['process_upload_function', 'PROCESS_UPLOAD_FUNCTION'],
} as const;

const VARIABLES = Object.values(NAMES).map(([, variable]) => variable);

/** What the stack puts out only with `trigger` queue. */
const UPLOAD_QUEUE = ['upload_queue_url', 'UPLOAD_QUEUE_URL'] as const;

const ROOT = path.resolve(__dirname, '..', '..');

/**
 * The pipeline to work on: what the variables name (`npm run local` sets them), or else what was deployed from this
 * folder last, as Terraform's state tells.
 * @throws {ToolError} where neither says
 */
export async function findTarget(
  env: Environment,
  readOutputs: (env: Environment) => Promise<Environment> = terraformOutputs,
): Promise<Target> {
  const set = VARIABLES.filter((variable) => env[variable] !== undefined);
  if (set.length === VARIABLES.length) return target((_, variable) => env[variable]);
  if (set.length > 0) {
    const missing = VARIABLES.filter((variable) => env[variable] === undefined);
    throw new ToolError(`${set.join(', ')} set, but not ${missing.join(', ')}: set all of them, or none.`);
  }
  const outputs = await readOutputs(env);
  if (Object.keys(outputs).length === 0) throw new ToolError(nothingDeployed(env, 'The state is empty'));
  return target((output) => outputs[output]);
}

/** What `terraform output` says in the folder of the stack, wherever the state is kept. */
export async function terraformOutputs(shell: Environment, root = ROOT): Promise<Environment> {
  const folder = stackFolder(shell, root);
  const shown = path.relative(root, folder);
  if (!existsSync(folder)) throw new ToolError(nothingDeployed(shell, `There is no ${shown}`));
  const command = terraformCommand(shell, root);
  if (command === undefined) {
    throw new ToolError(
      `Terraform is needed to read what is deployed, and was not found. \`npm run doctor\` fetches one;\n` +
        'or install it: https://developer.hashicorp.com/terraform/install (TERRAFORM_BINARY_NAME, where it has another name).',
    );
  }
  const env = { ...withoutMissingConfiguration(shell) };
  let json: string;
  try {
    json = (await promisify(execFile)(command, ['output', '-json'], { cwd: folder, env })).stdout;
  } catch (error) {
    throw new ToolError(
      `Terraform's outputs could not be read in ${shown}: ${messageOf(error).trim()}\n` +
        'Where it is not initialized, `npm run diff` does that.\n' +
        `Otherwise set ${VARIABLES.join(', ')}.`,
      { cause: error },
    );
  }
  const outputs = JSON.parse(json) as Readonly<Record<string, { readonly value: unknown }>>;
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value }]) => [name, typeof value === 'string' ? value : undefined]),
  );
}

/** What to do in a clone that nothing was deployed from. */
function nothingDeployed(
  { PIPELINE_ENV = 'dev', npm_lifecycle_event: command }: Environment,
  why: string,
): string {
  return (
    `Nothing is deployed from this folder yet. (${why}.)\n` +
    '  On this machine:  npm start\n' +
    `                    npm run local -- npm run ${command ?? 'status'}\n` +
    `  To AWS:           npm run deploy, which deploys the environment ${PIPELINE_ENV}\n` +
    '  From elsewhere, with a state that is shared: npm run diff, which makes the folder and changes nothing;\n' +
    `  or set ${VARIABLES.join(', ')}.`
  );
}

function target(read: (output: string, variable: string) => string | undefined): Target {
  const value = (name: keyof typeof NAMES): string => {
    const [output, variable] = NAMES[name];
    const found = read(output, variable);
    if (found !== undefined) return found;
    throw new ToolError(
      `The stack has no output ${output}: an older version was deployed. \`npm run deploy\` adds it.`,
    );
  };
  const processUploadFunction = value('processUploadFunction');
  return {
    uploadBucket: value('uploadBucket'),
    uploadPrefix: value('uploadPrefix'),
    processedPrefix: value('processedPrefix'),
    formerPrefixes: readFormerPrefixes(read('former_prefixes', 'FORMER_PREFIXES')),
    failureQueueUrl: value('failureQueueUrl'),
    processUploadFunction,
    uploadQueueUrl: read(...UPLOAD_QUEUE),
    namePrefix: bareName(processUploadFunction).replace(/-process-upload$/u, ''),
  };
}
