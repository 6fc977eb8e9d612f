import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { pace } from '../../handlers/shared/pace';
import { count } from './failures/report';
import { sqsQueue } from './failures/sqs-queue';
import { bar } from '../lib/bar';
import { clientConfig } from '../lib/clients';
import { parseOptions, runTool } from '../lib/command';
import { INTERRUPTED, interruptible } from '../lib/interrupt';
import { integerOption } from '../lib/options';
import { Progress } from '../lib/progress';
import { findTarget } from '../lib/target';
import { dynamoDbStream } from './redrive/dynamodb-stream';
import { asyncInvoke, callWithBatch } from './redrive/invoke';
import { kinesisStream } from './redrive/kinesis-stream';
import { redrive, type Summary } from './redrive/redrive';
import { exitCode, redriveReport } from './redrive/report';
import { rereadFrom } from './redrive/reread';

const HELP = `Sends the events in the failure queue back to their functions. A record is deleted only when Lambda has accepted
its event, so this can be stopped, or killed, at any moment: an event may at worst be sent twice, which the functions bear.

  npm run redrive -- [options]
  npm run local -- npm run redrive -- [options]     on the local engine

  --dry-run             say what would be sent, and send nothing
  --function NAME       only what this function failed at
  --match TEXT          only records with this text in an upload's key or in the error; of a stream, in its ARN or shard
  --include-permanent   also what trying again cannot mend, by the function's own word
  --rate N              at most N records a second, 1 to 1000; 10 unless given
  --max N               stop after N records
  --hold SECONDS        how long a record is hidden from others while this works on it, 5 to 43200; 120 unless given.
                        After a crash it is back by then
  --help                show this

Ends 0 when nothing is left, 1 when something was not accepted, has failed again or has expired, 3 when something was
skipped that needs a person, 130 after Ctrl-C. What fails again later comes back to the queue: npm run failures.
What a stream's function failed at is read from the stream again, as long as that keeps it, and the function waited for.
SQS's own redrive (StartMessageMoveTask) does not accept a queue that Lambda's failure destination feeds.`;

/** Of the five that a shard takes, for the rest is Lambda's. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const READS_PER_SECOND = 3;

void runTool(async (args) => {
  const { values } = parseOptions({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      'dry-run': { type: 'boolean', default: false },
      function: { type: 'string' },
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

  const { failureQueueUrl: url, processUploadFunction: mover } = await findTarget(process.env);
  const client = new SQSClient(clientConfig());
  const lambda = new LambdaClient(clientConfig());
  const streams = {
    // Over HTTP/1.1, as the others are: an engine has no HTTP/2.
    kinesis: kinesisStream(
      new KinesisClient({ ...clientConfig(), requestHandler: lambda.config.requestHandler }),
    ),
    dynamodb: dynamoDbStream(new DynamoDBStreamsClient(clientConfig())),
  };
  const signal = interruptible();
  const clock = { now: () => Date.now(), sleep: (milliseconds: number) => sleep(milliseconds) };
  const total = Math.min(await waiting(client, url), max ?? Number.POSITIVE_INFINITY);
  const summary = await new Progress(process.stderr).step(
    dryRun ? 'Looking at the failure queue' : 'Redriving',
    (note) =>
      redrive(
        {
          queue: sqsQueue({ client, url, holdSeconds }),
          invoke: asyncInvoke(lambda),
          reread: rereadFrom(streams, pace(READS_PER_SECOND, clock)),
          // Once: what is repeated after a lost answer runs again.
          call: callWithBatch(new LambdaClient({ ...clientConfig(), maxAttempts: 1 })),
          pace: pace(rate, clock),
          signal,
          now: clock.now,
          onProgress: (now) => {
            note(bar(dealtWith(now), total));
          },
        },
        {
          mover,
          dryRun,
          functionName: values.function,
          match: values.match,
          includePermanent: values['include-permanent'],
          max,
          // No more than can be sent in half of the time they are hidden.
          batch: Math.max(1, Math.min(10, Math.floor((rate * holdSeconds) / 2))),
        },
      ),
    (done) =>
      `${dryRun ? 'Looked at' : 'Dealt with'} ${count(dealtWith(done), 'record')} of the failure queue`,
  );
  console.log(redriveReport(summary, dryRun));
  return signal.aborted ? INTERRUPTED : exitCode(summary);
});

/** How many records there are, roughly: for the progress bar alone. */
async function waiting(client: SQSClient, url: string): Promise<number> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

function dealtWith({ redriven, skipped, refused, failedAgain, arrived }: Summary): number {
  const counts = [...Object.values(skipped), ...Object.values(refused)];
  return counts.reduce((sum, number) => sum + number, redriven + failedAgain + arrived);
}
