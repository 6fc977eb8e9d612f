import { GetFunctionConcurrencyCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { readRecords } from '../../../handlers/process-upload/records';
import { sqsRecord } from '../../support/routes';

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/uploads';
const PREFIXES = { UPLOAD_PREFIX: 'uploads/', PROCESSED_PREFIX: 'processed/' };
const s3 = mockClient(S3Client);
const lambda = mockClient(LambdaClient);
const sqs = mockClient(SQSClient);

const context = {
  functionName: 'sweep',
  awsRequestId: 'request',
  getRemainingTimeInMillis: () => 60_000,
} as Context;

describe('the sweep where uploads come by a queue', () => {
  let handler: (event: unknown, context: Context) => Promise<void>;

  beforeAll(async () => {
    Object.assign(process.env, {
      ...PREFIXES,
      UPLOAD_BUCKET: 'bucket',
      PROCESS_UPLOAD_FUNCTION_NAME: 'mover:live',
      UPLOAD_QUEUE_URL: QUEUE_URL,
      OLDER_THAN_MINUTES: '15',
      MAXIMUM_PER_SECOND: '500',
      NOTE_KEY: '.note',
      LOG_LEVEL: 'ERROR',
      AWS_REGION: 'eu-west-1',
    });
    ({ handler } = await import('../../../handlers/sweep/index'));
  });

  beforeEach(() => {
    s3.reset();
    lambda.reset();
    sqs.reset();
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'none', $metadata: {} }));
    s3.on(PutObjectCommand).resolves({});
    s3.on(ListObjectsV2Command).resolves({
      IsTruncated: false,
      Contents: [{ Key: 'uploads/a+b.csv', Size: 1, ETag: '"e"', LastModified: new Date(0) }],
    });
    lambda.on(GetFunctionConcurrencyCommand).resolves({});
    sqs.on(SendMessageCommand).resolves({ MessageId: 'm1' });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('resubmits there, and so waits its turn: as a message that the mover reads as S3’s own', async () => {
    await handler({}, context);

    const [sent] = sqs.commandCalls(SendMessageCommand).map((call) => call.args[0].input);
    expect(sent?.QueueUrl).toBe(QUEUE_URL);
    expect(
      readRecords(
        { Records: [sqsRecord('m1', sent?.MessageBody ?? '')] },
        { uploadPrefix: 'uploads/', processedPrefix: 'processed/' },
      ),
    ).toMatchObject([{ kind: 'upload', bucket: 'bucket', key: 'uploads/a b.csv', etag: 'e', size: 1 }]);
    expect(lambda.commandCalls(InvokeCommand)).toEqual([]);
  });

  it('fails unless SQS has taken the message', async () => {
    sqs.on(SendMessageCommand).resolves({});

    await expect(handler({}, context)).rejects.toThrow('SQS named no message');
  });

  it('asks of the function behind an alias whether it is stopped, and then sends nothing', async () => {
    lambda
      .on(GetFunctionConcurrencyCommand, { FunctionName: 'mover' })
      .resolves({ ReservedConcurrentExecutions: 0 });

    await handler({}, context);

    expect(sqs.commandCalls(SendMessageCommand)).toEqual([]);
  });
});
