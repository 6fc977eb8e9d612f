import { GetFunctionConcurrencyCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';

const s3 = mockClient(S3Client);
const lambda = mockClient(LambdaClient);

/** What the function reads of a context. */
const context = (remaining: number, turns = 100) =>
  ({
    functionName: 'sweep',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:sweep',
    memoryLimitInMB: '256',
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => (turns-- > 0 ? remaining : 0),
  }) as Context;

let handler: (event: unknown, context: Context) => Promise<void>;
let printed: string[];

beforeAll(async () => {
  Object.assign(process.env, {
    UPLOAD_BUCKET: 'bucket',
    UPLOAD_PREFIX: 'uploads/',
    PROCESSED_PREFIX: 'processed/',
    PROCESS_UPLOAD_FUNCTION_NAME: 'mover',
    OLDER_THAN_MINUTES: '15',
    MAXIMUM_PER_SECOND: '500',
    NOTE_KEY: '.note',
    LOG_LEVEL: 'INFO',
    POWERTOOLS_METRICS_NAMESPACE: 'UploadPipeline/test',
    POWERTOOLS_DEV: 'true', // prints by the global console, where a test can see it …
    POWERTOOLS_METRICS_DISABLED: 'false', // … metrics too
    AWS_REGION: 'eu-west-1',
  });
  ({ handler } = await import('../../../handlers/sweep/index'));
});

beforeEach(() => {
  s3.reset();
  lambda.reset();
  printed = [];
  for (const method of ['log', 'info', 'warn'] as const) {
    jest.spyOn(console, method).mockImplementation((...texts: unknown[]) => {
      printed.push(String(texts[0]));
    });
  }
  s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'none', $metadata: {} }));
  s3.on(PutObjectCommand).resolves({});
  s3.on(ListObjectsV2Command).resolves({
    Contents: [{ Key: 'uploads/a.csv', Size: 1, ETag: '"e"', LastModified: new Date(0) }],
    IsTruncated: false,
  });
  lambda.on(GetFunctionConcurrencyCommand).resolves({});
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
});

afterEach(() => {
  jest.restoreAllMocks();
});

const metrics = (): Record<string, unknown> =>
  printed.map((text) => JSON.parse(text) as Record<string, unknown>).find((line) => '_aws' in line) ?? {};

describe('the sweep function', () => {
  it('resubmits what was left behind to the mover', async () => {
    await handler({}, context(60_000));

    expect(lambda.commandCalls(InvokeCommand)[0]?.args[0].input.FunctionName).toBe('mover');
  });

  it('publishes what its alarms read', async () => {
    await handler({}, context(60_000));

    expect(metrics()).toMatchObject({
      service: 'sweep',
      UploadsWaiting: 1,
      UploadsResubmitted: 1,
      OldestUploadAgeSeconds: expect.any(Number) as number,
      _aws: { CloudWatchMetrics: [expect.objectContaining({ Namespace: 'UploadPipeline/test' })] },
    });
  });

  it('publishes zeros too: its silence is an alarm', async () => {
    s3.on(ListObjectsV2Command).resolves({ IsTruncated: false });

    await handler({}, context(60_000));

    expect(metrics()).toMatchObject({ UploadsWaiting: 0, UploadsResubmitted: 0, OldestUploadAgeSeconds: 0 });
  });

  it('follows the continuation token over a page that is empty and not the last: S3 answers so where keys were deleted', async () => {
    s3.on(ListObjectsV2Command).resolves({ IsTruncated: true, NextContinuationToken: 'second' });
    s3.on(ListObjectsV2Command, { ContinuationToken: 'second' }).resolves({
      IsTruncated: false,
      Contents: [{ Key: 'uploads/b.csv', Size: 1, ETag: '"e"', LastModified: new Date(0) }],
    });

    await handler({}, context(60_000));

    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(1);
    expect(s3.commandCalls(ListObjectsV2Command)).toHaveLength(2);
  });

  it('resubmits what keeps failing 9 times in 14 days, and counts it at every sweep', async () => {
    const notes = new Map<string, string>();
    s3.on(GetObjectCommand).callsFake(({ Key }: { Key: string }) => {
      const text = notes.get(Key);
      if (text === undefined) throw new NoSuchKey({ message: 'none', $metadata: {} });
      return { Body: { transformToString: () => Promise.resolve(text) } };
    });
    s3.on(PutObjectCommand).callsFake(({ Key, Body }: { Key: string; Body: string }) => {
      notes.set(Key, Body);
      return {};
    });
    const clock = jest.spyOn(Date, 'now');
    const hours = 24 * 14;
    for (let hour = 1; hour <= hours; hour += 1) {
      clock.mockReturnValue(hour * 3_600_000); // the upload is from hour 0
      await handler({}, context(60_000));
    }

    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(9);
    expect(printed.filter((text) => text.includes('"UploadsWaiting":1'))).toHaveLength(hours);
  });

  it('notes how far it came although Lambda does not answer until the time is up', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] });
    lambda.on(InvokeCommand).callsFake(
      () =>
        new Promise((_, reject) => {
          const [, options]: unknown[] = lambda.commandCalls(InvokeCommand).at(-1)?.args ?? [];
          (options as { abortSignal: AbortSignal }).abortSignal.addEventListener('abort', () => {
            reject(new Error('aborted'));
          });
        }),
    );

    const ended = handler({}, context(60_000)).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(60_000);
    jest.useRealTimers();

    await expect(ended).resolves.toMatchObject({ message: 'The sweep stopped: aborted' });
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(1);
  });

  it('stops before its time is up', async () => {
    await handler({}, context(5_000));

    expect(lambda.commandCalls(InvokeCommand)).toEqual([]);
  });
});
