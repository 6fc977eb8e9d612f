import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../lib/clients';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { INTERRUPTED, interruptible } from '../lib/interrupt';
import { openPipeline } from '../lib/pipeline';
import { knownPrefixes } from '../lib/prefixes';
import { Progress } from '../lib/progress';
import { failureQueues } from '../lib/target';
import { coloursFor, count, widthOf } from '../lib/terminal';
import { deployedPackage } from '../logs/deployed-package';
import { sourceMaps } from '../logs/source-maps';
import { FILTER_HELP, FILTER_OPTIONS, readFilter } from './failures/filter';
import { countOf, listFailures } from './failures/group';
import { readQueues } from './failures/queue';
import { failureReport, HOLD_SECONDS } from './failures/report';
import { sqsQueue } from './failures/sqs-queue';
import { logsOf, tracesOf, withTraces } from './failures/trace';

const HELP = `Lists the events that failed and are not tried again: reads the failure queue, and leaves every record in it.

  npm run failures                        by function or queue, condition and error, newest first, with the line in TypeScript where
                                          it began, and the uploads' keys
  npm run failures -- --json              the same for programs, with every key
  npm run local -- npm run failures       on the local engine

${FILTER_HELP}
  --max N                 the newest N records
  --json                  every key, for programs
  --env NAME              the environment; PIPELINE_ENV, or else dev, unless given
  --help                  show this

Exit codes: 0 there is no such record; 1 it could not be read; 2 wrong command line; 3 there are records, seen or hidden by
someone else; 130 Ctrl-C.
While this reads, the records are hidden from redrive; they come back when it ends, and ${HOLD_SECONDS / 60} minutes after a crash.`;

/** The exit code where there are failures, so that a script can tell. */
const SOME = 3;

export const main: Main = async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: {
      ...ENVIRONMENT_OPTION,
      ...FILTER_OPTIONS,
      help: { type: 'boolean', short: 'h' },
      json: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const filter = readFilter(values, Date.now());
  const { target, settings } = await openPipeline(values.env);
  const client = new SQSClient(clientConfig(settings));
  const queues = failureQueues(target).map((url) => sqsQueue({ client, url, holdSeconds: HOLD_SECONDS }));
  const signal = interruptible();
  const { messages, unseen } = await new Progress(process.stderr).step(
    'Reading the failure queue',
    (note) =>
      readQueues(queues, {
        signal,
        onProgress: (read) => {
          note(count(read, 'record'));
        },
      }),
    (read) => `Read ${count(read.messages.length, 'record')} of the failure queue`,
  );
  const served = { mover: target.processUploadFunction, prefixes: knownPrefixes(target) };
  const listed = listFailures(messages, served, filter);
  const failures = await withTraces(listed, logsOf(settings));
  const colours = coloursFor(process.stdout);
  console.log(
    values.json === true
      ? JSON.stringify({ ...failures, unseen }, undefined, 2)
      : failureReport(failures, unseen, {
          colours,
          namePrefix: target.namePrefix,
          columns: widthOf(process.stdout),
          traceOf: await tracesOf(
            failures,
            sourceMaps(deployedPackage(new LambdaClient(clientConfig(settings)))),
            colours,
          ),
        }),
  );
  if (signal.aborted) return INTERRUPTED;
  return countOf(listed) + unseen.number === 0 ? 0 : SOME;
};

if (require.main === module) void runTool(main);
