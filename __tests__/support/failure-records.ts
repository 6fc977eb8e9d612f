import { s3Event } from './events';

export const MOVER_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:mover';

/** A failure as the tests vary it. */
export interface FailureOptions {
  readonly key?: string;
  readonly functionArn?: string;
  readonly condition?: string;
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly timestamp?: string;
  readonly payload?: unknown;
}

/** A record as AWS writes it into a failure destination. */
export function awsRecord({
  key = 'uploads/a.csv',
  functionArn = `${MOVER_ARN}:$LATEST`,
  condition = 'RetriesExhausted',
  errorType = 'RetryableError',
  errorMessage = 'S3 refused',
  timestamp = '2026-01-02T03:04:05.678Z',
  payload = s3Event({ key, etag: 'e', size: 1 }),
}: FailureOptions = {}) {
  return {
    version: '1.0',
    timestamp,
    requestContext: {
      requestId: 'e4b46cbf-b738-xmpl-8880-a18cdf61200e',
      functionArn,
      condition,
      approximateInvokeCount: 3,
    },
    requestPayload: payload,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType, errorMessage, trace: [] },
  };
}

/** A record as the local engine writes it: without version, timestamp and request id. */
export function engineRecord(options: FailureOptions = {}) {
  const { requestContext, requestPayload, responseContext, responsePayload } = awsRecord(options);
  const { functionArn, condition, approximateInvokeCount } = requestContext;
  return {
    requestContext: { functionArn, condition, approximateInvokeCount },
    requestPayload,
    responseContext,
    responsePayload,
  };
}

export const STREAM_ARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/jobs';
export const TABLE_STREAM_ARN =
  'arn:aws:dynamodb:eu-west-1:123456789012:table/jobs/stream/2026-01-01T00:00:00.000';

/** What AWS writes about records of a stream: where they are. */
export function streamRecord({
  first = '10',
  last = '12',
  records = 3,
  streamArn = STREAM_ARN,
  shardId = 'shardId-000000000001',
  functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:worker',
} = {}) {
  const place = {
    shardId,
    startSequenceNumber: first,
    endSequenceNumber: last,
    approximateArrivalOfFirstRecord: '2026-01-02T03:00:00Z',
    approximateArrivalOfLastRecord: '2026-01-02T03:00:01Z',
    batchSize: records,
    streamArn,
  };
  return {
    requestContext: {
      requestId: 'c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5',
      functionArn,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 11,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: null },
    version: '1.0',
    timestamp: '2026-01-02T03:04:05.678Z',
    [streamArn.includes(':dynamodb:') ? 'DDBStreamBatchInfo' : 'KinesisBatchInfo']: place,
  };
}

/** What AWS writes beside the body of a message that was not delivered. */
export const writtenBeside = (attributes: Readonly<Record<string, string>>) => ({
  attributes: Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  ),
});

const ACCOUNT = 'eu-west-1:123456789012';

/** A message that a queue gave up. */
export const givenUpBy = (queue: string) => ({ sourceQueueArn: `arn:aws:sqs:${ACCOUNT}:${queue}` });

/** An event that EventBridge could not hand to a function. */
export const undeliveredByRule = (target = MOVER_ARN) =>
  writtenBeside({
    RULE_ARN: `arn:aws:events:${ACCOUNT}:rule/acme-uploads`,
    TARGET_ARN: target,
    ERROR_CODE: 'NO_PERMISSIONS',
    ERROR_MESSAGE: 'not authorized to perform: lambda:InvokeFunction',
    RETRY_ATTEMPTS: '0',
  });

/** A run that the scheduler could not hand to a function. */
export const undeliveredBySchedule = (more: Readonly<Record<string, string>> = {}) =>
  writtenBeside({
    SCHEDULE_ARN: `arn:aws:scheduler:${ACCOUNT}:schedule/default/acme-job-schedule`,
    TARGET_ARN: `arn:aws:lambda:${ACCOUNT}:function:worker:live`,
    ERROR_CODE: 'ResourceNotFoundException',
    ERROR_MESSAGE: 'Function not found',
    EXECUTION_ID: 'd1a2b3c4-0000-4000-8000-000000000000',
    SCHEDULED_TIME: '2026-01-02T03:00:00Z',
    IS_PAYLOAD_TRUNCATED: 'false',
    ...more,
  });
