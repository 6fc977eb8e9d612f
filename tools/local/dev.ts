import path from 'node:path';
import { loadSettings } from '../../config/environments';
import { typeErrors } from '../build/typecheck';
import { parseOptions, runTool, type Main } from '../lib/command';
import type { Environment } from '../lib/environment';
import { messageOf, ToolError } from '../lib/errors';
import { INTERRUPTED, interruptible } from '../lib/interrupt';
import { bareName } from '../lib/lambda';
import { integerOption } from '../lib/options';
import type { Output } from '../lib/terminal';
import { localPaths } from '../machine/paths';
import { Claim } from './claim';
import { commandsText, readCommands, runProgram, uploadOnce, type Command } from './dev/commands';
import { FIRST_PORT } from './dev/inspector';
import { followLogs } from './dev/logs';
import { Session } from './dev/session';
import { watchSources } from './dev/watch';
import { quickDeploy } from './quick-deploy';
import { readRecord } from './record';
import { localEnvironment } from './run';
import { uploadRuleOf } from './sample';
import { start } from './start';

const HELP = `Runs what you save, on the local engine: starts it where it does not run, then watches. A change in handlers/ is on the
engine's functions within a second; one in config/, stacks/ or constructs/ is deployed by Terraform.

  npm run dev -- [options]

  --sample FILE   what u uploads; the sample of npm start unless given
  --inspect       the handlers run under Node's inspector on 127.0.0.1, one execution at a time and without their time
                  limit: breakpoints in TypeScript, from VS Code (.vscode/launch.json) or chrome://inspect
  --inspect-port PORT
                  the inspector's port of process-upload, and the first of the others; ${FIRST_PORT} unless given
  --help          show this

Keys while it runs; without a terminal, the words on the standard input:
${commandsText(true)
  .replaceAll(/(?:^| {3})(\w): /gu, '\n  $1   ')
  .slice(1)}

At its end it deploys the code that runs, so that Terraform knows it; the engine runs on, and npm stop ends it.
Exit codes: 0 ended by q; 1 it could not start; 2 wrong command line; 130 Ctrl-C.`;

const root = path.resolve(__dirname, '..', '..');

export const main: Main = async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: {
      sample: { type: 'string' },
      inspect: { type: 'boolean', default: false },
      'inspect-port': { type: 'string', default: String(FIRST_PORT) },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const limits = { option: '--inspect-port', minimum: 1024, maximum: 65_000 };
  const inspectorPort = integerOption(values['inspect-port'], limits);
  const signal = interruptible();
  const quit = new AbortController();
  const stop = AbortSignal.any([signal, quit.signal]);
  await dev({
    root,
    env: process.env,
    output: process.stdout,
    input: process.stdin,
    sample: values.sample,
    inspected: values.inspect,
    inspectorPort,
    signal: stop,
    onQuit: () => {
      quit.abort();
    },
  });
  return signal.aborted ? INTERRUPTED : 0;
};

export interface DevProps {
  /** The project's folder. */
  readonly root: string;
  readonly env: Environment;
  readonly output: Output;
  /** Where commands come from. @default nowhere */
  readonly input?: NodeJS.ReadStream;
  readonly sample?: string | undefined;
  readonly inspected: boolean;
  /** The first of the inspector's ports. @default 9229 */
  readonly inspectorPort?: number;
  /** Ends the session, in order. */
  readonly signal: AbortSignal;
  /** Called when someone asks for the end. */
  readonly onQuit?: () => void;
}

/** `npm run dev`, until the signal. */
export async function dev(props: DevProps): Promise<void> {
  const { env, output, signal, inspected, inspectorPort = FIRST_PORT } = props;
  refuseAccount(env);
  const paths = localPaths(props.root);
  const started = await start({ root: props.root, env, output, signal });
  const commandEnv = () => localEnvironment(paths, env);
  const namePrefix = bareName(started.outputs.process_upload_function).replace(/-process-upload$/u, '');
  const logs = new AbortController();
  const forget = followLogs({
    engine: started,
    namePrefix,
    output,
    signal: logs.signal,
    onFailure: (functionName) => {
      session.failed(functionName);
    },
  });
  const session: Session = new Session({
    paths,
    engine: started,
    output,
    inspected,
    inspectorPort,
    inspectedOutdir: path.join(paths.folder, 'inspected'),
    deploy: async () => {
      const claim = await Claim.take(paths);
      try {
        const engine = await readRecord(paths);
        if (!engine) throw new ToolError('The engine does not run any more.');
        const { changes } = await quickDeploy({
          paths,
          env: await commandEnv(),
          engine,
          onSpawn: (worker) => {
            claim.note({ worker });
          },
        });
        return changes;
      } finally {
        await claim.release();
      }
    },
    typeErrors: (stop) => typeErrors(props.root, stop),
    onCode: forget,
  });
  const watching = watchSources(props.root, (kind, files) => void session.change(kind, files));
  try {
    await session.begin();
    await untilEnded();
  } finally {
    watching.close();
    await session.end();
    logs.abort();
    output.write('The engine runs on: `npm stop` ends it.\n');
  }

  async function untilEnded(): Promise<void> {
    const isTerminal = props.input?.isTTY === true;
    output.write(`\nWatching. ${commandsText(isTerminal)}\n\n`);
    const giveBack = props.input && readCommands(props.input, (command) => void act(command));
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    giveBack?.();
  }

  async function act(command: Command): Promise<void> {
    try {
      if (command === 'q') props.onQuit?.();
      else if (command === 'u') {
        const rule = uploadRuleOf(
          loadSettings({ PIPELINE_ENV: 'local', AWS_ENDPOINT_URL: started.endpoint }),
        );
        output.write(
          `Uploaded ${await uploadOnce({ engine: started, outputs: started.outputs, rule, sample: props.sample })}\n`,
        );
      } else await runProgram(command, { root: props.root, env: await commandEnv(), output });
    } catch (error) {
      output.write(`${messageOf(error)}\n`);
    }
  }
}

/** What is saved here runs at once: nobody wants that of an account. */
function refuseAccount({ PIPELINE_ENV: name }: Environment): void {
  if (name === undefined || name === '' || name === 'local') return;
  throw new ToolError(
    `PIPELINE_ENV: got ${JSON.stringify(name)}; \`npm run dev\` changes functions on the local engine only.\n` +
      'Leave it unset, or `npm run deploy` to that environment. Nothing was started.',
  );
}

if (require.main === module) void runTool(main);
