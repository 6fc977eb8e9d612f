import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { messageOf, ToolError } from './errors';

/** The deployed pipeline, as far as tools need to know it. */
export interface Target {
  readonly uploadBucket: string;
  readonly uploadPrefix: string;
  readonly processedPrefix: string;
  readonly failureQueueUrl: string;
  /** What the mover is invoked by: its name, with its alias where it is released by one. */
  readonly processUploadFunction: string;
  /** Start of the name of everything in it. */
  readonly namePrefix: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the stack puts out (`addOutput` in stacks/), and the variable of the same meaning. */
const NAMES = {
  uploadBucket: ['upload_bucket', 'UPLOAD_BUCKET'],
  uploadPrefix: ['upload_prefix', 'UPLOAD_PREFIX'],
  processedPrefix: ['processed_prefix', 'PROCESSED_PREFIX'],
  failureQueueUrl: ['failure_queue_url', 'FAILURE_QUEUE_URL'],
  processUploadFunction: ['process_upload_function', 'PROCESS_UPLOAD_FUNCTION'],
} as const;

const STACK_FOLDER = path.join('cdktf.out', 'stacks', 'upload-pipeline');

/**
 * The pipeline to work on: what the variables name (`npm run local` sets them), or else what was deployed from this
 * folder last, as Terraform's state tells.
 * @throws {ToolError} where neither says
 */
export async function findTarget(env: Environment, readOutputs = terraformOutputs): Promise<Target> {
  const variables = Object.values(NAMES).map(([, variable]) => variable);
  const set = variables.filter((variable) => env[variable] !== undefined);
  if (set.length === variables.length) return target((_, variable) => env[variable]);
  if (set.length > 0) {
    const missing = variables.filter((variable) => env[variable] === undefined);
    throw new ToolError(`${set.join(', ')} set, but not ${missing.join(', ')}: set all of them, or none.`);
  }
  const outputs = await readOutputs();
  return target((output) => outputs[output]);
}

/** What `terraform output` says in the folder of the stack, wherever the state is kept. */
async function terraformOutputs(): Promise<Environment> {
  let json: string;
  try {
    const { stdout } = await promisify(execFile)('terraform', ['output', '-json'], { cwd: STACK_FOLDER });
    json = stdout;
  } catch (error) {
    throw new ToolError(
      `Which pipeline? Terraform's outputs could not be read in ${STACK_FOLDER}: ${messageOf(error)}\n` +
        'Deployed from this folder: `npm run deploy` or `npm run diff` makes that folder.\n' +
        'On the local engine:       npm run local -- npm run COMMAND\n' +
        `Otherwise set ${Object.values(NAMES)
          .map(([, variable]) => variable)
          .join(', ')}.`,
      { cause: error },
    );
  }
  const outputs = JSON.parse(json) as Readonly<Record<string, { readonly value: unknown }>>;
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value }]) => [name, typeof value === 'string' ? value : undefined]),
  );
}

function target(read: (output: string, variable: string) => string | undefined): Target {
  const value = (name: keyof typeof NAMES): string => {
    const [output, variable] = NAMES[name];
    const found = read(output, variable);
    if (found !== undefined) return found;
    throw new ToolError(
      `The stack has no output ${output}: it was never deployed, or by an older version. \`npm run deploy\` mends that.`,
    );
  };
  const processUploadFunction = value('processUploadFunction');
  return {
    uploadBucket: value('uploadBucket'),
    uploadPrefix: value('uploadPrefix'),
    processedPrefix: value('processedPrefix'),
    failureQueueUrl: value('failureQueueUrl'),
    processUploadFunction,
    namePrefix: processUploadFunction.replace(/-process-upload(:.*)?$/u, ''),
  };
}
