import { setTimeout as sleep } from 'node:timers/promises';
import { pace } from '../../handlers/shared/pace';
import { bar } from '../lib/bar';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { parseOptions, runTool, type Main } from '../lib/command';
import { INTERRUPTED, interruptible } from '../lib/interrupt';
import { integerOption } from '../lib/options';
import { openPipeline } from '../lib/pipeline';
import { knownPrefixes } from '../lib/prefixes';
import { Progress } from '../lib/progress';
import { YES_OPTION } from '../lib/protect';
import { count } from '../lib/terminal';
import { total } from './failures/queue';
import { sqsQueue } from './failures/sqs-queue';
import { batchFor, redriveClients } from './redrive/clients';
import type { Summary } from './redrive/dependencies';
import { dynamoDbStream } from './redrive/dynamodb-stream';
import { asyncInvoke, callWithBatch } from './redrive/invoke';
import { kinesisStream } from './redrive/kinesis-stream';
import { redrive } from './redrive/redrive';
import { exitCode, redriveReport } from './redrive/report';
import { rereadFrom } from './redrive/reread';
import { sendBackBy } from './redrive/send-back';

const HELP = `Sends the events in the failure queue back to where they failed: to the function, or to the queue that gave them up.
A record is deleted only after its event was accepted. So this can be stopped, or killed, at any moment: at worst it
sends an event twice, and the functions allow for that.

  npm run redrive -- [options]
  npm run local -- npm run redrive -- [options]     on the local engine

  --dry-run             say what would be sent, and send nothing
  --from NAME           only what this function failed at, or this queue gave up
  --match TEXT          only records with this text in an upload's key or in the error; of a stream, in its ARN or shard
  --include-permanent   also records of which the function says that trying again cannot help
  --rate N              at most N records a second, 1 to 1000; 10 unless given
  --max N               stop after N records
  --hold SECONDS        how long a record is hidden from others while this works on it, 5 to 43200; 120 unless given.
                        After a crash the record is back by then
  --env NAME            the environment; PIPELINE_ENV, or else dev, unless given
  --yes                 do not ask where the environment is protected
  --help                show this

Exit codes: 0 nothing is left of what was selected; 1 something was not accepted, has failed again or has expired;
2 wrong command line; 3 something is left: skipped, arrived meanwhile, or not seen; 130 Ctrl-C.
An event that fails again later comes back to the queue: npm run failures.
Records of a stream are read from the stream again, as long as it keeps them, and this waits for the function.
SQS's own redrive (StartMessageMoveTask) does not accept a queue that Lambda's failure destination feeds.`;

/** Shards allow 5 reads a second; leave the rest to Lambda. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const READS_PER_SECOND = 3;

export const main: Main = async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: {
      ...ENVIRONMENT_OPTION,
      ...YES_OPTION,
      help: { type: 'boolean', short: 'h' },
      'dry-run': { type: 'boolean', default: false },
      from: { type: 'string' },
      match: { type: 'string' },
      'include-permanent': { type: 'boolean', default: false },
      rate: { type: 'string', default: '10' },
      max: { type: 'string' },
      hold: { type: 'string', default: '120' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const rate = integerOption(values.rate, { option: '--rate', minimum: 1, maximum: 1000 });
  const holdSeconds = integerOption(values.hold, { option: '--hold', minimum: 5, maximum: 43_200 });
  const max =
    values.max === undefined
      ? undefined
      : integerOption(values.max, { option: '--max', minimum: 1, maximum: 1_000_000 });
  const dryRun = values['dry-run'];

  const { target, settings, allow } = await openPipeline(values.env);
  if (!dryRun) await allow({ does: 'sends failed events back', yes: values.yes });
  const { failureQueueUrl: url, processUploadFunction: mover } = target;
  const { sqs, lambda, caller, kinesis, dynamodb } = redriveClients(settings);
  const streams = { kinesis: kinesisStream(kinesis), dynamodb: dynamoDbStream(dynamodb) };
  const queue = sqsQueue({ client: sqs, url, holdSeconds });
  const signal = interruptible();
  const clock = { now: () => Date.now(), sleep: (milliseconds: number) => sleep(milliseconds) };
  const expected = Math.min(total(await queue.count()), max ?? Number.POSITIVE_INFINITY);
  const summary = await new Progress(process.stderr).step(
    dryRun ? 'Looking at the failure queue' : 'Redriving',
    (note) =>
      redrive(
        {
          queue,
          invoke: asyncInvoke(lambda),
          sendBack: sendBackBy(sqs, url),
          reread: rereadFrom(streams, pace(READS_PER_SECOND, clock)),
          call: callWithBatch(caller),
          pace: pace(rate, clock),
          signal,
          onProgress: (now) => {
            note(bar(lookedAt(now), expected));
          },
        },
        {
          mover,
          prefixes: knownPrefixes(target),
          dryRun,
          source: values.from,
          match: values.match,
          includePermanent: values['include-permanent'],
          max,
          batch: batchFor(rate, holdSeconds),
        },
      ),
    (done) =>
      `${dryRun ? 'Looked at' : 'Dealt with'} ${count(lookedAt(done), 'record')} of the failure queue`,
  );
  console.log(redriveReport(summary, dryRun));
  return signal.aborted ? INTERRUPTED : exitCode(summary);
};

function lookedAt({ redriven, skipped, refused, failedAgain, arrived }: Summary): number {
  const counts = [...Object.values(skipped), ...Object.values(refused)];
  return counts.reduce((sum, number) => sum + number, redriven + failedAgain + arrived);
}

if (require.main === module) void runTool(main);
