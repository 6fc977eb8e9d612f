import path from 'node:path';
import { parseOptions, runTool, type Main } from '../lib/command';
import { UsageError } from '../lib/errors';
import { run } from './run';
import { start } from './start';
import { stop } from './stop';

const HELP = `The pipeline on this machine: real Terraform, real handlers, no account.

  npm start                    starts a local engine, deploys to it, moves a sample; again: updates in place
  npm stop                     ends the engine and forgets what was deployed
  npm run local -- COMMAND…    runs a command against it: aws, npm run diff, terraform, sh -c '…'

Variables of yours:
  PIPELINE_LOCAL_PORT          the engine's port; 4566 where unset
  AWS_ENDPOINT_URL             an engine of your own on this machine, used instead of the project's
  PIPELINE_LOCAL_TLS           off: the engine speaks http, and asks nobody for permission
  TF_PLUGIN_MIRROR             a folder with Terraform's AWS provider; one is looked for where the registry does not answer
  PIPELINE_FETCH_TERRAFORM     off: never fetch Terraform; or the URL of a server to fetch it from

A command gets UPLOAD_BUCKET, UPLOAD_PREFIX, PROCESSED_PREFIX, FAILURE_QUEUE_URL, PROCESS_UPLOAD_FUNCTION, JOBS_URL,
and AWS_ENDPOINT_URL with test credentials, which may do everything, and the engine's certificate to trust. Nothing of your own AWS configuration reaches it.`;

/** Of `npm start` alone. */
const START_HELP = `

  npm start -- --full          asks Terraform about every resource, also where nothing has changed`;

const root = path.resolve(__dirname, '..', '..');

/** The shells' exit code for Ctrl-C: 128 + SIGINT. */
const INTERRUPTED = 130;

export const main: Main = async ([name, ...args]) => {
  if (name === 'run') return runCommand(args);
  const starts = name === 'start';
  const { values } = parseOptions({
    args,
    options: {
      help: { type: 'boolean', short: 'h' },
      ...(starts && { full: { type: 'boolean', default: false } as const }),
    },
  });
  if (values.help === true || name === '--help' || name === '-h') return help(starts ? START_HELP : '');
  if (starts) return startUntilInterrupted(values.full === true);
  if (name !== 'stop')
    throw new UsageError(`Expected start, stop or run; got ${name ?? 'nothing'}.\n\n${HELP}`);
  await stop({ root, output: process.stdout });
  return 0;
};

function help(more = ''): number {
  console.log(`${HELP}${more}`);
  return 0;
}

/** Options precede the command; everything from its name on belongs to it. */
async function runCommand(args: readonly string[]): Promise<number> {
  if (args[0] === '--help' || args[0] === '-h') return help();
  return run({ root, env: process.env, command: args[0] === '--' ? args.slice(1) : args });
}

async function startUntilInterrupted(full: boolean): Promise<number> {
  const interrupt = new AbortController();
  const end = (): void => {
    interrupt.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // The terminal is gone, or nobody reads on: to write to it is an error, and what was begun must still be ended.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', end);
  try {
    await start({ root, env: process.env, output: process.stdout, full, signal: interrupt.signal });
    return 0;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    console.error('Interrupted.');
    return INTERRUPTED;
  }
}

if (require.main === module) void runTool(main);
