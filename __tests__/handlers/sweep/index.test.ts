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
const context = (remaining: number) =>
  ({
    functionName: 'sweep',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:sweep',
    memoryLimitInMB: '256',
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => remaining,
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
    s3.on(ListObjectsV2Command).resolves({});

    await handler({}, context(60_000));

    expect(metrics()).toMatchObject({ UploadsWaiting: 0, UploadsResubmitted: 0, OldestUploadAgeSeconds: 0 });
  });

  it('stops before its time is up', async () => {
    await handler({}, context(5_000));

    expect(lambda.commandCalls(InvokeCommand)).toEqual([]);
  });
});
