import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig } from '../lib/clients';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { ToolError } from '../lib/errors';
import { interruptible } from '../lib/interrupt';
import { explainDenials } from '../lib/denial';
import { durationOption } from '../lib/options';
import { openPipeline } from '../lib/pipeline';
import { coloursFor, indent, widthOf } from '../lib/terminal';
import { fetchEvents, functionsWithLogs } from '../logs/cloudwatch';
import { readEntries } from '../logs/entries';
import { readLogs } from '../logs/follow';
import { isFailure } from '../logs/line';
import { entryJson, entryText } from '../logs/print';
import { deployedPackage } from '../logs/deployed-package';
import { sourceMaps } from '../logs/source-maps';

const HELP = `Prints what the functions have logged, in lines for people. Times are UTC. A failure is one entry, with the lines in
TypeScript where its error began.

  npm run logs -- [options]
  npm run local -- npm run logs -- [options]     on the local engine

  --follow, -f      go on until Ctrl-C
  --function NAME   only this function: process-upload, sweep, or a full name; all unless given
  --since TIME      how far back: 30s, 15m, 2h, 7d; 15m unless given
  --failures        only errors
  --json            one JSON object a line, with nothing shortened
  --env NAME        the environment; PIPELINE_ENV, or else dev, unless given
  --help            show this

Exit codes: 0 at the end, and after Ctrl-C; 1 the logs could not be read; 2 wrong command line.`;

/** FilterLogEvents may be called five times a second in an account: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const POLL_MILLISECONDS = 2_000;

export const main: Main = async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: {
      ...ENVIRONMENT_OPTION,
      help: { type: 'boolean', short: 'h' },
      follow: { type: 'boolean', short: 'f', default: false },
      function: { type: 'string' },
      since: { type: 'string', default: '15m' },
      failures: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const since = Date.now() - durationOption(values.since, '--since');
  const { target, settings } = await openPipeline(values.env);
  const { namePrefix } = target;
  const client = new CloudWatchLogsClient(clientConfig(settings));
  const names = choose(await functionsWithLogs(client, namePrefix), namePrefix, values.function);
  const maps = sourceMaps(deployedPackage(new LambdaClient(clientConfig(settings))));
  const print = {
    colours: coloursFor(process.stdout),
    columns: widthOf(process.stdout),
    namePrefix,
    toSource: maps.toSource.bind(maps),
  };
  const signal = interruptible();
  const explained = new Set(['']);
  await readLogs(
    {
      fetch: (from) => fetchEvents(client, names, from),
      // Ctrl-C ends the wait, not the tool.
      wait: () => sleep(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined),
    },
    {
      since,
      follow: values.follow,
      signal,
      onEvents: async (events) => {
        for (const entry of readEntries(events)) {
          if (values.failures && !isFailure(entry.line)) continue;
          console.log(values.json ? JSON.stringify(entryJson(entry)) : await entryText(entry, print));
          const denied = values.json ? '' : explainDenials(entry.event.message, namePrefix);
          if (!explained.has(denied)) console.log(print.colours.bad(indent(denied, '    ')));
          explained.add(denied); // once: every attempt fails alike
        }
      },
    },
  );
  return 0;
};

function choose(all: readonly string[], namePrefix: string, wanted: string | undefined): readonly string[] {
  const chosen = all.filter(
    (name) => wanted === undefined || name === wanted || name === `${namePrefix}-${wanted}`,
  );
  if (chosen.length > 0) return chosen;
  const known = all.map((name) => name.replace(`${namePrefix}-`, '')).join(', ');
  throw new ToolError(
    wanted === undefined
      ? `No function of ${namePrefix} has a log: is the pipeline deployed?`
      : `--function: got ${JSON.stringify(wanted)}; there are ${known}.`,
  );
}

if (require.main === module) void runTool(main);
