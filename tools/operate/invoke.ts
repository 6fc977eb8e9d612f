import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Settings } from '../../config/settings';
import { invocation, EXIT_CODES } from './invoke/invocation';
import { requireKept } from './invoke/kept';
import { invokedName } from './invoke/name';
import { report } from './invoke/report';
import { readable } from './invoke/log';
import { handlerNames } from '../build/bundle.mjs';
import { chooseEnvironment, ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { messageOf, UsageError } from '../lib/errors';
import { bareName, lambdaClientFor } from '../lib/lambda';
import { deployedPackage } from '../logs/deployed-package';
import { openEnvironment } from '../lib/pipeline';
import { Progress } from '../lib/progress';
import { YES_OPTION } from '../lib/protect';
import { coloursFor, duration, widthOf } from '../lib/terminal';
import { sourceMaps } from '../logs/source-maps';

const HELP = `Usage: npm run invoke -- NAME [PAYLOAD] [OPTIONS]

Invokes a deployed function, by its alias where it has one, and prints its answer or
its error, and the end of its log. On this machine: npm run local -- npm run invoke -- NAME [PAYLOAD]

  NAME      the function's short name: its name without the environment's prefix
  PAYLOAD   JSON; {} where left out

Options:
  --async      hand the payload over and do not wait; Lambda tries again where it fails
  --json       one JSON object on the standard output, and nothing else
  --env NAME   the environment; PIPELINE_ENV, or else dev, unless given
  --yes        do not ask where the environment is protected
  --help       show this

Exit codes: 0 answered or accepted; 1 the function failed, or could not be invoked; 2 wrong command line; 3 throttled, it
did not run: try again.

  npm run invoke -- caller '{"mode": "sync", "payload": {"echo": "hello"}}'
  npm run invoke -- caller '{"mode": "sync", "payload": {"fail": "out of luck"}}'`;

export const main: Main = async (args) => {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...ENVIRONMENT_OPTION,
      ...YES_OPTION,
      async: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const { async = false, json = false } = values;
  const [name, payload = '{}', ...others] = positionals;
  if (others.length > 0) throw new UsageError('Expected one payload; got more. Put it in single quotes.');
  checkPayload(payload);

  const { settings: chosen } = await chooseEnvironment(values.env);
  const known = await checkName(name, chosen);
  const { settings, allow } = await openEnvironment(values.env);
  if (async) requireKept(payload, settings);
  await allow({ does: `invokes ${known}`, yes: values.yes });
  const client = lambdaClientFor(settings);
  const functionName = invokedName(settings, known);
  const call = () =>
    invocation({ functionName, payload, async, send: (input) => client.send(new InvokeCommand(input)) });

  const started = Date.now();
  const result = json
    ? await call()
    : await new Progress(process.stderr).step(`Invoking ${functionName}`, call, ({ outcome }) => {
        const title = `Invoked ${functionName}`;
        return EXIT_CODES[outcome] === 0 ? title : { failed: title };
      });
  if (json) {
    console.log(JSON.stringify(result));
  } else {
    const took = duration(Date.now() - started);
    const colours = coloursFor(process.stderr);
    const maps = sourceMaps(deployedPackage(client));
    const toSource = () => maps.toSource(bareName(functionName), functionName.split(':')[1]);
    const told = await readable(result, { colours, columns: widthOf(process.stderr), toSource });
    const { stdout, stderr } = report(result, { took, colours, ...told });
    if (stdout !== '') console.log(stdout);
    console.error(stderr);
  }
  return EXIT_CODES[result.outcome];
};

/** A function is named after its handler, or else only the synthesized stack knows it. */
async function checkName(name: string | undefined, settings: Settings): Promise<string> {
  const handlers = await handlerNames('.');
  if (name !== undefined && handlers.includes(name)) return name;
  const { reservationsOf, synthesize } = await import('../build/synthesize');
  const names = Object.keys(reservationsOf(synthesize(settings, handlers))).map((functionName) =>
    functionName.slice(settings.namePrefix.length + 1),
  );
  if (name !== undefined && names.includes(name)) return name;
  throw new UsageError(
    `NAME: got ${name ?? 'nothing'}; expected one of ${names.sort().join(', ')}.\n\n${HELP}`,
  );
}

function checkPayload(payload: string): void {
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new UsageError(`PAYLOAD: got ${payload}; expected JSON (${messageOf(error)}).`);
  }
}

if (require.main === module) void runTool(main);
