import type { PrefixPair } from '../../handlers/process-upload/prefixes';
import type { Chosen } from './choose-environment';
import type { Environment } from './environment';
import { ToolError, UsageError } from './errors';
import { bareName } from './lambda';
import { readFormerPrefixes, readFurtherPipelines, type FurtherPipeline } from './prefixes';
import type { Outputs } from './state';

/** The deployed pipeline, as the tools see it. */
export interface Target {
  readonly uploadBucket: string;
  /** `another`: the bucket existed before, and others keep things in it. @default the stack made it */
  readonly bucketOwner?: string | undefined;
  readonly uploadPrefix: string;
  readonly processedPrefix: string;
  /** Former prefixes; served until they are empty. */
  readonly formerPrefixes: readonly PrefixPair[];
  /** Pipelines of the bucket beside this one. */
  readonly furtherPipelines: readonly FurtherPipeline[];
  readonly failureQueueUrl: string;
  /** The failure queue of a FIFO queue of jobs (`jobs.queue.fifo`). */
  readonly fifoFailureQueueUrl: string | undefined;
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

/**
 * The pipeline to work on: the one that the variables name (`npm run local` sets them), otherwise the one in the state
 * of the environment.
 * @param outputs of the state; undefined without one
 * @throws {ToolError} if neither exists
 */
export function targetOf({ name, settings, env }: Chosen, outputs: Outputs | undefined): Target {
  const set = VARIABLES.filter((variable) => env[variable] !== undefined);
  if (set.length === VARIABLES.length) {
    const found = read((_, variable) => env[variable]);
    if (found.namePrefix === settings.namePrefix) return found;
    throw new UsageError(
      `PROCESS_UPLOAD_FUNCTION: got ${JSON.stringify(found.processUploadFunction)}, but the names of environment ${name} ` +
        `start with ${JSON.stringify(`${settings.namePrefix}-`)}. Name its environment with --env, or unset ${VARIABLES.join(', ')}.`,
    );
  }
  if (set.length > 0) {
    const missing = VARIABLES.filter((variable) => env[variable] === undefined);
    throw new ToolError(`${set.join(', ')} set, but not ${missing.join(', ')}: set all of them, or none.`);
  }
  if (outputs === undefined || Object.keys(outputs).length === 0)
    throw new ToolError(nothingDeployed(name, env));
  if (outputs.environment !== undefined && outputs.environment !== name) {
    throw new ToolError(
      `The state of environment ${name} holds environment ${outputs.environment}: two environments share a state. ` +
        'Give each a `state` of its own (config/environments.ts).',
    );
  }
  return read((output) => outputs[output]);
}

/** The ways out where an environment is not deployed. */
const nothingDeployed = (name: string, { npm_lifecycle_event: command }: Environment): string =>
  `Environment ${name} is not deployed: its state is empty, or not on this machine.\n` +
  '  On this machine:  npm start\n' +
  `                    npm run local -- npm run ${command ?? 'status'}\n` +
  `  To AWS:           npm run deploy -- --env ${name}\n` +
  `  Another one:      npm run ${command ?? 'status'} -- --env NAME\n` +
  `  From elsewhere, with a state that is a file there: set ${VARIABLES.join(', ')}.`;

function read(find: (output: string, variable: string) => string | undefined): Target {
  const value = (name: keyof typeof NAMES): string => {
    const [output, variable] = NAMES[name];
    const found = find(output, variable);
    if (found !== undefined) return found;
    throw new ToolError(
      `The stack has no output ${output}: an older version was deployed. \`npm run deploy\` adds it.`,
    );
  };
  const processUploadFunction = value('processUploadFunction');
  return {
    uploadBucket: value('uploadBucket'),
    bucketOwner: find('bucket_owner', 'BUCKET_OWNER'),
    uploadPrefix: value('uploadPrefix'),
    processedPrefix: value('processedPrefix'),
    formerPrefixes: readFormerPrefixes(find('former_prefixes', 'FORMER_PREFIXES')),
    furtherPipelines: readFurtherPipelines(find('further_pipelines', 'FURTHER_PIPELINES')),
    failureQueueUrl: value('failureQueueUrl'),
    fifoFailureQueueUrl: find('fifo_failure_queue_url', 'FIFO_FAILURE_QUEUE_URL'),
    processUploadFunction,
    uploadQueueUrl: find(...UPLOAD_QUEUE),
    namePrefix: bareName(processUploadFunction).replace(/-process-upload$/u, ''),
  };
}

/** Every queue that records of failures wait in. */
export const failureQueues = ({ failureQueueUrl, fifoFailureQueueUrl }: Target): readonly string[] =>
  [failureQueueUrl, fifoFailureQueueUrl].filter((url) => url !== undefined);
