import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { keptBytes } from '../../handlers/shared/failure-record';
import { pace } from '../../handlers/shared/pace';
import { maxMessageBytes } from '../../stacks/message-size';
import { bar, speed } from '../lib/bar';
import { ENVIRONMENT_OPTION } from '../lib/choose-environment';
import { clientConfig } from '../lib/clients';
import { parseOptions, runTool, type Main } from '../lib/command';
import { messageOf, UsageError } from '../lib/errors';
import { explain } from '../lib/explain';
import { identify } from '../lib/identity';
import { INTERRUPTED, interruptible } from '../lib/interrupt';
import { durationOption, integerOption } from '../lib/options';
import { openPipeline, type Pipeline } from '../lib/pipeline';
import { knownPrefixes } from '../lib/prefixes';
import { Progress } from '../lib/progress';
import { YES_OPTION } from '../lib/protect';
import { failureQueues } from '../lib/target';
import { coloursFor, count } from '../lib/terminal';
import { FILTER_HELP, FILTER_OPTIONS, readFilter } from './failures/filter';
import { total, type Queue } from './failures/queue';
import { sqsQueue } from './failures/sqs-queue';
import { batchFor, redriveClients } from './redrive/clients';
import type { Dependencies } from './redrive/dependencies';
import { dynamoDbStream } from './redrive/dynamodb-stream';
import { RunRecorder, s3History, type Counts } from './redrive/history';
import { historyReport } from './redrive/history-report';
import { asyncInvoke, callWithBatch } from './redrive/invoke';
import { kinesisStream } from './redrive/kinesis-stream';
import { awaitOutcomes, type Outcomes } from './redrive/outcome';
import { outcomePorts } from './redrive/outcome-ports';
import { exitCodeWith, outcomeReport, redriveReport } from './redrive/report';
import { rereadFrom } from './redrive/reread';
import { sendBackBy } from './redrive/send-back';
import { leftOf, lookedAt, redriveAll } from './redrive/several';
import { SentUploads } from './redrive/sent-uploads';

const HELP = `Sends the events in the failure queue back to where they failed: to the function, or to the queue that gave them up.
A record is deleted only after its event was accepted. So this can be stopped, or killed, at any moment: at worst it
sends an event twice, and the functions allow for that.

  npm run redrive -- [options]
  npm run redrive -- history [--max N] [--json]     the redrives of this pipeline, newest first; 20 unless given
  npm run local -- npm run redrive -- [options]     on the local engine

  --dry-run               say what would be sent, and send nothing
${FILTER_HELP}
  --match TEXT            only records with this text in an upload's key or in the error; of a stream, in its ARN or shard
  --from NAME             the same as --function
  --include-permanent     also records of which the function says that trying again cannot help
  --max N                 stop after N records
  --as NAME               what the history calls it: "bug 42"
  --wait TIME             wait at most so long for what comes of the uploads; 2m unless given
  --no-wait               do not wait for that
  --rate N                at most N records a second, 1 to 1000; 10 unless given
  --hold SECONDS          how long a record is hidden from others while this works on it, 5 to 43200; 120 unless given.
                          After a crash the record is back by then
  --json                  of the history, for programs
  --env NAME              the environment; PIPELINE_ENV, or else dev, unless given
  --yes                   do not ask where the environment is protected
  --help                  show this

Exit codes: 0 nothing is left of what was selected; 1 something was not accepted, has failed again or has expired;
2 wrong command line; 3 something is left: skipped, arrived meanwhile, not seen, or still waiting; 130 Ctrl-C.
An event that fails again later comes back to the queue: npm run failures.
Records of a stream are read from the stream again, as long as it keeps them, and this waits for the function.
SQS's own redrive (StartMessageMoveTask) does not accept a queue that Lambda's failure destination feeds.`;

/** Shards allow 5 reads a second; leave the rest to Lambda. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const READS_PER_SECOND = 3;

/** How many runs of the history are shown. */
const RUNS_SHOWN = 20;

const CLOCK = { now: () => Date.now(), sleep: (milliseconds: number) => sleep(milliseconds) };

function readOptions(args: readonly string[]) {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...ENVIRONMENT_OPTION,
      ...YES_OPTION,
      ...FILTER_OPTIONS,
      help: { type: 'boolean', short: 'h' },
      'dry-run': { type: 'boolean', default: false },
      from: { type: 'string' },
      match: { type: 'string' },
      'include-permanent': { type: 'boolean', default: false },
      as: { type: 'string' },
      wait: { type: 'string', default: '2m' },
      'no-wait': { type: 'boolean', default: false },
      rate: { type: 'string', default: '10' },
      hold: { type: 'string', default: '120' },
      json: { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 1 || (positionals[0] ?? 'history') !== 'history') {
    throw new UsageError(
      `Expected history, or options alone; got ${positionals.join(' ')}. See npm run redrive -- --help`,
    );
  }
  const { from, match, function: source = from, rate, hold, wait } = values;
  return {
    values,
    history: positionals.length > 0,
    filter: { ...readFilter({ ...values, function: source }, Date.now()), match },
    rate: integerOption(rate, { option: '--rate', minimum: 1, maximum: 1000 }),
    holdSeconds: integerOption(hold, { option: '--hold', minimum: 5, maximum: 43_200 }),
    waitMs: values['no-wait'] ? 0 : durationOption(wait, '--wait'),
    dryRun: values['dry-run'],
  };
}

type Options = ReturnType<typeof readOptions>;

export const main: Main = async (args) => {
  const options = readOptions(args);
  if (options.values.help === true) {
    console.log(HELP);
    return 0;
  }
  const pipeline = await openPipeline(options.values.env);
  const { target, settings } = pipeline;
  const s3 = new S3Client(clientConfig(settings));
  const history = s3History({
    client: s3,
    bucket: target.uploadBucket,
    prefixes: target,
    stack: target.bucketOwner === 'another' ? target.namePrefix : undefined,
  });
  if (options.history) {
    const runs = await history.read(options.filter.max ?? RUNS_SHOWN);
    console.log(
      options.values.json
        ? JSON.stringify(runs, undefined, 2)
        : historyReport(runs, coloursFor(process.stdout)),
    );
    return 0;
  }
  if (!options.dryRun) await pipeline.allow({ does: 'sends failed events back', yes: options.values.yes });
  const began = Date.now();
  const recorder = new RunRecorder(
    history,
    {
      name: options.values.as,
      by: await callerOf(pipeline),
      began: new Date(began).toISOString(),
      options: args,
    },
    (error) => {
      console.error(`The history of this run is not kept: ${explain(error) ?? messageOf(error)}`);
    },
  );
  return run(pipeline, options, { s3, began, recorder });
};

/** As STS tells it, on an engine too. */
const callerOf = async ({ identity, settings }: Pipeline): Promise<string> =>
  (identity ?? (await identify(settings.region).catch(() => undefined)))?.arn ?? 'unknown';

interface Running {
  readonly s3: S3Client;
  readonly began: number;
  readonly recorder: RunRecorder;
}

async function run(pipeline: Pipeline, options: Options, { s3, began, recorder }: Running): Promise<number> {
  const { target, settings } = pipeline;
  const { dryRun, filter, rate, holdSeconds, waitMs } = options;
  const { sqs, lambda, caller, kinesis, dynamodb } = redriveClients(settings);
  const streams = { kinesis: kinesisStream(kinesis), dynamodb: dynamoDbStream(dynamodb) };
  const signal = interruptible();
  const progress = new Progress(process.stderr);
  const sent = new SentUploads(target.processUploadFunction, recorder);
  const shared: Omit<Dependencies, 'queue' | 'sendBack'> = {
    invoke: sent.invoke(asyncInvoke(lambda)),
    reread: rereadFrom(streams, pace(READS_PER_SECOND, CLOCK)),
    call: sent.call(callWithBatch(caller)),
    pace: pace(rate, CLOCK),
    signal,
  };
  const queues = failureQueues(target).map((url) => ({
    queue: sqsQueue({ client: sqs, url, holdSeconds }),
    sendBack: sent.sendBack(sendBackBy(sqs, url)),
  }));
  const summary = await progress.step(
    dryRun ? 'Looking at the failure queue' : 'Redriving',
    async (note) => {
      const expected = await expectedOf(queues, filter.max);
      return redriveAll(
        queues.map((queue) => ({ ...shared, ...queue })),
        {
          ...filter,
          mover: target.processUploadFunction,
          prefixes: knownPrefixes(target),
          dryRun,
          includePermanent: options.values['include-permanent'],
          maxEventBytes: keptBytes(maxMessageBytes(settings)),
          batch: batchFor(rate, holdSeconds),
        },
        (now) => {
          const done = lookedAt(now);
          note(`${bar(done, expected)}  ${speed(done, expected, Date.now() - began)}`.trimEnd());
        },
      );
    },
    (done) =>
      `${dryRun ? 'Looked at' : 'Dealt with'} ${count(lookedAt(done), 'record')} of the failure queue`,
  );
  console.log(redriveReport(summary, dryRun));
  const outcomes =
    waitMs === 0 || sent.keys.length === 0 || signal.aborted
      ? undefined
      : await progress.step(
          'Waiting for what comes of the uploads',
          (note) =>
            awaitOutcomes(
              sent.keys,
              target,
              { limitMs: waitMs, left: leftOf(summary) },
              {
                ...outcomePorts({ s3, sqs, target, began, signal }),
                onProgress: ({ moved, failedAgain, waiting }) => {
                  note(
                    `${moved.length} moved, ${failedAgain.length} failed again, ${waiting.length} waiting`,
                  );
                },
              },
            ).catch((error: unknown) => {
              // The records are sent: who may not look at the uploads is told so, and no more.
              console.error(`What came of them could not be read: ${explain(error) ?? messageOf(error)}`);
              return undefined;
            }),
          (known) => {
            const told = 'Looked what came of the uploads';
            return known === undefined || known.failedAgain.length > 0 ? { failed: told } : told;
          },
        );
  if (outcomes !== undefined) console.log(outcomeReport(outcomes));
  await recorder.end(summary.redriven, outcomes && countsOf(outcomes));
  return signal.aborted ? INTERRUPTED : exitCodeWith(summary, outcomes);
}

async function expectedOf(queues: readonly { readonly queue: Queue }[], max = Number.POSITIVE_INFINITY) {
  const counts = await Promise.all(queues.map(({ queue }) => queue.count()));
  return Math.min(
    counts.reduce((sum, each) => sum + total(each), 0),
    max,
  );
}

const countsOf = ({ moved, gone, failedAgain, waiting }: Outcomes): Counts => ({
  moved: moved.length,
  gone: gone.length,
  failedAgain: failedAgain.length,
  waiting: waiting.length,
});

if (require.main === module) void runTool(main);
