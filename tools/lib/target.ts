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

/** The deployed pipeline, as the tools see it. */
export interface Target {
  readonly uploadBucket: string;
  /** `another`: the bucket existed before, and others keep things in it. @default the stack made it */
  readonly bucketOwner?: string | undefined;
  readonly uploadPrefix: string;
  readonly processedPrefix: string;
  /** Former prefixes; served until they are empty. */
  readonly formerPrefixes: readonly PrefixPair[];
  readonly failureQueueUrl: string;
  /** The name to invoke, with the alias if there is one. */
  readonly processUploadFunction: string;
  /** The queue that S3 notifies; undefined with another `trigger`. */
  readonly uploadQueueUrl: string | undefined;
  /** The prefix of all resource names. */
  readonly namePrefix: string;
}

/** The stack's outputs (`addOutput` in stacks/), each with its environment variable. */
const NAMES = {
  uploadBucket: ['upload_bucket', 'UPLOAD_BUCKET'],
  uploadPrefix: ['upload_prefix', 'UPLOAD_PREFIX'],
  processedPrefix: ['processed_prefix', 'PROCESSED_PREFIX'],
  failureQueueUrl: ['failure_queue_url', 'FAILURE_QUEUE_URL'],
  processUploadFunction: ['process_upload_function', 'PROCESS_UPLOAD_FUNCTION'],
} as const;

const VARIABLES = Object.values(NAMES).map(([, variable]) => variable);

/** Outputs that exist only with `trigger` queue. */
const UPLOAD_QUEUE = ['upload_queue_url', 'UPLOAD_QUEUE_URL'] as const;

const ROOT = path.resolve(__dirname, '..', '..');

/**
 * The pipeline to work on: the one that the environment variables name (`npm run local` sets them), otherwise the
 * last one deployed from this folder, read from Terraform's state.
 * @throws {ToolError} if neither exists
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

/** The result of `terraform output` in the stack's folder; it works with every backend. */
export async function terraformOutputs(shell: Environment, root = ROOT): Promise<Environment> {
  const folder = stackFolder(shell, root);
  const shown = path.relative(root, folder);
  if (!existsSync(folder)) throw new ToolError(nothingDeployed(shell, `There is no ${shown}`));
  const command = terraformCommand(shell, root);
  if (command === undefined) {
    throw new ToolError(
      `Terraform was not found; it is needed to read the state. \`npm run doctor\` fetches it;\n` +
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

/** The ways out in a clone without a deployment. */
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
    bucketOwner: read('bucket_owner', 'BUCKET_OWNER'),
    uploadPrefix: value('uploadPrefix'),
    processedPrefix: value('processedPrefix'),
    formerPrefixes: readFormerPrefixes(read('former_prefixes', 'FORMER_PREFIXES')),
    failureQueueUrl: value('failureQueueUrl'),
    processUploadFunction,
    uploadQueueUrl: read(...UPLOAD_QUEUE),
    namePrefix: bareName(processUploadFunction).replace(/-process-upload$/u, ''),
  };
}
