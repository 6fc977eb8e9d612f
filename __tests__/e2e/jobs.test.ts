import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { FailureList } from '../../tools/operate/failures/group';
import { streamRecord } from '../support/failure-records';
import { EngineApi } from './iam/engine-api';
import { measureGrants, problemsIn } from './iam/least-privilege';
import { REASONS } from './iam/reasons';
import { scenariosOf } from './iam/scenarios';
import { LocalPipeline } from './local-pipeline';
import { until } from './until';

const FUNCTION = 'upload-pipeline-local-invoked';
const ENVELOPE = 'upload-pipeline/envelope';

/** The function's time as deployed: a failed job is hidden from its queue for six times as long. */
const DEPLOYED_SECONDS = 3;
/** Its time where it is to run out of it, and where it is not, however busy the machine; and a job between the two. */
const SHORT_SECONDS = 6;
const LONG_SECONDS = 120;
const SLOW_JOB = { sleepMs: 7_000 };

const job = (correlationId: string, payload: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ [ENVELOPE]: { correlationId }, payload });

describe('jobs by every way on this machine', () => {
  let pipeline: LocalPipeline;
  let streams: Readonly<Record<'kinesis' | 'dynamodb', string>>;

  beforeAll(async () => {
    pipeline = await LocalPipeline.inCopy();
    await pipeline.startEngine();
    const [kinesis, dynamodb] = await Promise.all([createStream(), createTable()]);
    streams = { kinesis, dynamodb };
    setJobs(pipeline.root, [kinesis, dynamodb]);
    await pipeline.start();
    await setTimeoutSeconds(LONG_SECONDS);
  });
  afterAll(() => pipeline.end());

  const config = () => pipeline.clientConfig;

  /** A Kinesis stream; its ARN. */
  async function createStream(): Promise<string> {
    await pipeline.aws('kinesis', 'create-stream', '--stream-name', 'jobs', '--shard-count', '1');
    return pipeline.aws(
      ...['kinesis', 'describe-stream', '--stream-name', 'jobs'],
      ...['--query', 'StreamDescription.StreamARN', '--output', 'text'],
    );
  }

  /** A DynamoDB table; the ARN of its stream. */
  async function createTable(): Promise<string> {
    const { TableDescription } = await new DynamoDBClient(config()).send(
      new CreateTableCommand({
        TableName: 'jobs',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    );
    return TableDescription?.LatestStreamArn ?? '';
  }

  /** The correlation IDs of the invoked function’s jobs. */
  async function worked(): Promise<string[]> {
    const { events = [] } = await new CloudWatchLogsClient(config()).send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${FUNCTION}`, filterPattern: 'Working' }),
    );
    return events
      .flatMap(({ message = '' }) => message.split('\n'))
      .flatMap((line) => /"correlationId":"([^"]*)"/u.exec(line)?.[1] ?? []);
  }

  /** Waits until there was work on a job so many times; the log may come a moment after the work. */
  async function untilTimesWorked(correlationId: string, times: number): Promise<void> {
    let count = 0;
    await until(
      `there was work on ${correlationId} ${times} times`,
      async () => (count = (await worked()).filter((id) => id === correlationId).length) >= times,
      () => `there was ${count} times`,
    );
    expect(count).toBe(times);
  }

  async function untilWorked(...correlationIds: string[]): Promise<void> {
    let done: readonly string[] = [];
    await until(
      `there was work on ${correlationIds.join(', ')}`,
      async () => {
        done = await worked();
        return correlationIds.every((id) => done.includes(id));
      },
      () => `only on ${done.join(', ')}`,
    );
  }

  const jobQueue = (): string => `${pipeline.started.endpoint}/000000000000/upload-pipeline-local-jobs`;

  /** Sends a job by the queue and waits until that has let it go. */
  async function sendAndWait(body: string): Promise<void> {
    const sqs = new SQSClient(config());
    await sqs.send(new SendMessageCommand({ QueueUrl: jobQueue(), MessageBody: body }));
    await untilQueueIsEmpty();
  }

  async function untilQueueIsEmpty(): Promise<void> {
    const sqs = new SQSClient(config());
    await until('the queue is empty', async () => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: jobQueue(),
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return Object.values(Attributes).every((count) => count === '0');
    });
  }

  const setTimeoutSeconds = (Timeout: number) =>
    new LambdaClient(config()).send(
      new UpdateFunctionConfigurationCommand({ FunctionName: FUNCTION, Timeout }),
    );

  /** Puts a job on the Kinesis stream; where it is. */
  async function putOnStream(body: string): Promise<{ ShardId: string; SequenceNumber: string }> {
    // From a file, because the AWS CLI 1 takes an argument as the data and the AWS CLI 2 as base64 of it.
    const data = path.join(pipeline.root, 'job.json');
    writeFileSync(data, body);
    const put = await pipeline.aws(
      ...['kinesis', 'put-record', '--stream-name', 'jobs'],
      ...['--partition-key', 'p', '--data', `fileb://${data}`, '--output', 'json'],
    );
    return JSON.parse(put) as { ShardId: string; SequenceNumber: string };
  }

  /** Where the table's stream has its first record. */
  async function firstOfTable(streamArn: string): Promise<{ shardId: string; first: string }> {
    const client = new DynamoDBStreamsClient(config());
    const at = { StreamArn: streamArn };
    const { StreamDescription } = await client.send(new DescribeStreamCommand(at));
    const shardId = StreamDescription?.Shards?.[0]?.ShardId ?? '';
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ ...at, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records: [record] = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
    return { shardId, first: record?.dynamodb?.SequenceNumber ?? '' };
  }

  /** Leaves one failure in the queue, as Lambda writes it of a stream: the engine writes none. */
  async function failAtStream(streamArn: string, shardId: string, first: string): Promise<void> {
    const sqs = new SQSClient(config());
    const QueueUrl = pipeline.started.outputs.failure_queue_url;
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    const functionArn = `arn:aws:lambda:us-east-1:000000000000:function:${FUNCTION}`;
    const body = streamRecord({ streamArn, shardId, first, last: first, records: 1, functionArn });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
    await sleep(1_100); // what is not older than the redrive is left for the next one
  }

  /** What `npm run redrive` prints and how it ends. */
  const redrive = (...args: string[]) => pipeline.tool('redrive', ...args);

  /** The failures that are a queue's, as `npm run failures` has them. */
  async function givenUpByQueues(): Promise<unknown[]> {
    const { groups } = JSON.parse((await pipeline.tool('failures', '--json')).stdout) as FailureList;
    return groups.filter(({ source }) => source.kind === 'queue');
  }

  const redriveUntilDone = (): Promise<string> =>
    until('a redrive leaves nothing', async () => {
      const { stdout, code } = await redrive();
      return code === 0 ? stdout : undefined;
    });

  it('works off a queue, and gives up the one bad job of a batch of ten', async () => {
    const ids = Array.from({ length: 10 }, (_, i) => `queue-${i}`);

    await new SQSClient(config()).send(
      new SendMessageBatchCommand({
        QueueUrl: jobQueue(),
        Entries: ids.map((Id, i) => ({
          Id,
          MessageBody: job(Id, i === 3 ? { fail: 'a bad job' } : { echo: i }),
        })),
      }),
    );

    await untilWorked(...ids);
    expect(await pipeline.nextFailure()).toEqual(JSON.parse(job('queue-3', { fail: 'a bad job' })));
    expect(await pipeline.failureWithin(1)).toBeNull();
  });

  it('reads a Kinesis stream', async () => {
    await putOnStream(job('from kinesis'));

    await expect(untilWorked('from kinesis')).resolves.toBeUndefined();
  });

  it('reads the stream of a DynamoDB table', async () => {
    const item = {
      id: { S: '1' },
      [ENVELOPE]: { M: { correlationId: { S: 'from dynamodb' } } },
      payload: { M: { echo: { S: 'hello' } } },
    };
    await new DynamoDBClient(config()).send(new PutItemCommand({ TableName: 'jobs', Item: item }));

    await expect(untilWorked('from dynamodb')).resolves.toBeUndefined();
  });

  it('works once on a job that is sent twice', async () => {
    await sendAndWait(job('twice', { echo: 'once' }));
    await sendAndWait(job('twice', { echo: 'once' }));
    await sendAndWait(job('twice', { echo: 'another request' }));

    await untilTimesWorked('twice', 2);
    expect(await pipeline.failureWithin(1)).toBeNull();
  });

  it('sends a job that failed back to its queue by a redrive, and it is done there', async () => {
    await setTimeoutSeconds(SHORT_SECONDS);
    await sendAndWait(job('too slow', SLOW_JOB));
    await untilTimesWorked('too slow', 1);
    await setTimeoutSeconds(LONG_SECONDS);

    const { code, stdout } = await redrive('--from', FUNCTION.replace('invoked', 'jobs'));
    await untilQueueIsEmpty();

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^1 record redriven\n/u) as string,
    });
    await untilTimesWorked('too slow', 2);
    expect(await givenUpByQueues()).toEqual([]);
  });

  it('redrives what a stream’s function failed at, when it is mended', async () => {
    await setTimeoutSeconds(SHORT_SECONDS);
    const { ShardId, SequenceNumber } = await putOnStream(job('slow', SLOW_JOB));
    await untilWorked('slow');
    await failAtStream(streams.kinesis, ShardId, SequenceNumber);

    expect(await redrive()).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('1 record not accepted: the function failed again') as string,
    });
    await setTimeoutSeconds(LONG_SECONDS);

    // The engine's own poller may be at it meanwhile: then the guard refuses the second run as long as the first takes.
    expect(await redriveUntilDone()).toBe('1 record redriven\n');
    expect(await pipeline.failureWithin(1)).toBeNull();
  });

  it('redrives what a table’s stream brought, and the guard knows it was done', async () => {
    const { shardId, first } = await firstOfTable(streams.dynamodb);
    await failAtStream(streams.dynamodb, shardId, first);

    expect(await redrive()).toMatchObject({ code: 0, stdout: '1 record redriven\n' });
    await untilTimesWorked('from dynamodb', 1);
  });

  it('keeps the failure whose record the stream does not have any more', async () => {
    await failAtStream(streams.kinesis, 'shardId-000000000000', '1');

    expect(await redrive()).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('expired, the stream does not keep the records any more') as string,
    });
    expect(await pipeline.nextFailure()).toMatchObject({ KinesisBatchInfo: { startSequenceNumber: '1' } });
  });

  it('is started by the clock', async () => {
    // The engine leaves the scheduler's own placeholders as they are.
    await expect(untilWorked('<aws.scheduler.scheduled-time>')).resolves.toBeUndefined();
  });

  it('needs each permission of its roles, or has a reason for it', async () => {
    const { started, paths } = pipeline;
    const prefix = FUNCTION.replace('invoked', '');
    const measured = await measureGrants({
      api: new EngineApi(started),
      prefix,
      scenarios: scenariosOf({ engine: started, outputs: started.outputs }),
      reasons: REASONS,
      log: () => readFile(paths.engineLog, 'utf8'),
    });

    const needed = measured.filter(({ verdict }) => verdict === 'needed');
    expect(problemsIn(measured)).toEqual([]);
    expect(
      needed.map(({ grant: { role, action } }) => `${role} ${action}`.slice(prefix.length)).sort(),
    ).toEqual([
      'caller lambda:InvokeFunction',
      'invoked dynamodb:PutItem',
      'invoked dynamodb:UpdateItem',
      'process-upload s3:DeleteObject',
      'process-upload s3:GetObject',
      'process-upload s3:PutObject',
      'sweep lambda:GetFunctionConcurrency',
      'sweep lambda:InvokeFunction',
      'sweep s3:GetObject',
      'sweep s3:ListBucket',
      'sweep s3:PutObject',
    ]);
  });
});

/** Makes the environment `local` of a copy take jobs by every way; a bad job is given up at its first failure. */
function setJobs(root: string, arns: readonly string[]): void {
  const file = path.join(root, 'config/environments.ts');
  const settings = {
    queue: { enabled: true, maxReceiveCount: 1 },
    stream: { arns },
    idempotency: { enabled: true },
    schedule: { expression: 'rate(1 minute)', input: { echo: 'by the clock' } },
  };
  const source = readFileSync(file, 'utf8');
  const changed = source
    .replace("namePrefix: 'upload-pipeline-local',", (name) => `${name} jobs: ${JSON.stringify(settings)},`)
    // One execution at a time is for the tests of throttling.
    .replace(
      'invoked: { reservedConcurrentExecutions: 1 }',
      `invoked: { timeoutSeconds: ${DEPLOYED_SECONDS} }`,
    );
  writeFileSync(file, changed);
}
