import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { LocalPipeline } from './local-pipeline';

/** The deployment waits 25 s for each of two queues, the second after the first. */
const DEPLOYMENT_MS = 300_000;
/** The scheduler's shortest interval is a minute. */
const MINUTES = 180_000;

jest.setTimeout(MINUTES);

const FUNCTION = 'upload-pipeline-local-invoked';
const ENVELOPE = 'upload-pipeline/envelope';

const job = (correlationId: string, payload: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ [ENVELOPE]: { correlationId }, payload });

describe('jobs by every way on this machine', () => {
  let pipeline: LocalPipeline;

  beforeAll(async () => {
    pipeline = await LocalPipeline.inCopy();
    await pipeline.startEngine();
    setJobs(pipeline.root, await Promise.all([createStream(), createTable()]));
    await pipeline.start();
  }, DEPLOYMENT_MS);
  afterAll(() => pipeline.end());

  const config = () => ({
    endpoint: pipeline.started.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

  /** A Kinesis stream; its ARN. */
  async function createStream(): Promise<string> {
    await pipeline.aws('kinesis', 'create-stream', '--stream-name', 'jobs', '--shard-count', '1');
    return pipeline.aws(
      ...['kinesis', 'describe-stream', '--stream-name', 'jobs'],
      ...['--query', 'StreamDescription.StreamARN', '--output', 'text'],
    );
  }

  /** A DynamoDB table; the ARN of its stream. */
  const createTable = (): Promise<string> =>
    pipeline.aws(
      ...['dynamodb', 'create-table', '--table-name', 'jobs', '--billing-mode', 'PAY_PER_REQUEST'],
      ...['--attribute-definitions', 'AttributeName=id,AttributeType=S'],
      ...['--key-schema', 'AttributeName=id,KeyType=HASH'],
      ...['--stream-specification', 'StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES'],
      ...['--query', 'TableDescription.LatestStreamArn', '--output', 'text'],
    );

  /** The correlation IDs that the worker has worked under. */
  async function worked(): Promise<string[]> {
    const { events = [] } = await new CloudWatchLogsClient(config()).send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${FUNCTION}`, filterPattern: 'Working' }),
    );
    return events
      .flatMap(({ message = '' }) => message.split('\n'))
      .flatMap((line) => /"correlationId":"([^"]*)"/u.exec(line)?.[1] ?? []);
  }

  async function untilWorked(...correlationIds: string[]): Promise<void> {
    const deadline = Date.now() + MINUTES;
    for (;;) {
      const done = await worked();
      const missing = correlationIds.filter((id) => !done.includes(id));
      if (missing.length === 0) return;
      if (Date.now() > deadline)
        throw new Error(`Not worked on: ${missing.join(', ')}; only ${done.join(', ')}.`);
      await sleep(200);
    }
  }

  it('works off a queue, and gives up the one bad job of a batch of ten', async () => {
    const ids = Array.from({ length: 10 }, (_, i) => `queue-${i}`);

    await new SQSClient(config()).send(
      new SendMessageBatchCommand({
        QueueUrl: `${pipeline.started.endpoint}/000000000000/upload-pipeline-local-jobs`,
        Entries: ids.map((Id, i) => ({
          Id,
          MessageBody: job(Id, i === 3 ? { fail: 'a bad job' } : { echo: i }),
        })),
      }),
    );

    await untilWorked(...ids);
    expect(await failureWithin(pipeline)).toEqual(JSON.parse(job('queue-3', { fail: 'a bad job' })));
    expect(await pipeline.nextFailure(1)).toBeNull();
  });

  it('reads a Kinesis stream', async () => {
    // From a file, because the AWS CLI 1 takes an argument as the data and the AWS CLI 2 as base64 of it.
    const data = path.join(pipeline.root, 'job.json');
    writeFileSync(data, job('from kinesis'));
    await pipeline.aws(
      ...['kinesis', 'put-record', '--stream-name', 'jobs'],
      ...['--partition-key', 'p', '--data', `fileb://${data}`],
    );

    await expect(untilWorked('from kinesis')).resolves.toBeUndefined();
  });

  it('reads the stream of a DynamoDB table', async () => {
    const item = {
      id: { S: '1' },
      [ENVELOPE]: { M: { correlationId: { S: 'from dynamodb' } } },
      payload: { M: { echo: { S: 'hello' } } },
    };
    await pipeline.aws('dynamodb', 'put-item', '--table-name', 'jobs', '--item', JSON.stringify(item));

    await expect(untilWorked('from dynamodb')).resolves.toBeUndefined();
  });

  it('is started by the clock', async () => {
    // The engine leaves the scheduler's own placeholders as they are.
    await expect(untilWorked('<aws.scheduler.scheduled-time>')).resolves.toBeUndefined();
  });
});

/** Makes the environment `local` of a copy take jobs by every way; a bad job is given up at its first failure. */
function setJobs(root: string, arns: readonly string[]): void {
  const file = path.join(root, 'config/environments.ts');
  const settings = {
    queue: { enabled: true, maxReceiveCount: 1 },
    stream: { arns },
    schedule: { expression: 'rate(1 minute)', input: { echo: 'by the clock' } },
  };
  const source = readFileSync(file, 'utf8');
  const changed = source
    .replace("namePrefix: 'upload-pipeline-local',", (name) => `${name} jobs: ${JSON.stringify(settings)},`)
    // One execution at a time is for the tests of throttling. A short time makes a failed job come back soon.
    .replace('invoked: { reservedConcurrentExecutions: 1 }', 'invoked: { timeoutSeconds: 3 }');
  writeFileSync(file, changed);
}

/** A failed job is hidden for six times the function's time before its queue gives it up. */
async function failureWithin(pipeline: LocalPipeline): Promise<unknown> {
  const deadline = Date.now() + MINUTES;
  for (;;) {
    const failure = await pipeline.nextFailure();
    if (failure !== null || Date.now() > deadline) return failure;
  }
}
