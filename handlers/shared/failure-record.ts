/** The limit of one SQS message, in bytes; a queue may take less. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Bytes reserved for the error of a failed job, message and stack. The callee must cut longer ones. */
const ERROR_BYTES = 16_384;

/** Lambda's failure record without an event, each field with the longest value that AWS allows. */
const RECORD = {
  version: '1.0',
  timestamp: '0000-00-00T00:00:00.000Z',
  requestContext: {
    requestId: '00000000-0000-0000-0000-000000000000',
    functionArn: `arn:aws-us-gov:lambda:ap-southeast-1:000000000000:function:${'_'.repeat(64)}:${'_'.repeat(128)}`,
    condition: 'EventAgeExceeded',
    approximateInvokeCount: 999_999,
  },
  requestPayload: 0,
  responseContext: { statusCode: 200, executedVersion: '_'.repeat(20), functionError: 'Unhandled' },
  responsePayload: 0,
};
/** The two zeros are placeholders for the event and the error. */
const WRAPPING_BYTES = Buffer.byteLength(JSON.stringify(RECORD)) - 2;

/**
 * The largest event whose failure record fits into a failure queue that takes messages of so many bytes. Lambda accepts larger ones, up to 1 MiB, and loses
 * them when they fail: it counts them as `DestinationDeliveryFailures`.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export const keptBytes = (messageBytes: number): number => messageBytes - WRAPPING_BYTES - ERROR_BYTES;

/** The same for the largest queue. docs/adr/0021-refused-at-the-door.md */
export const MAX_KEPT_BYTES = keptBytes(MAX_MESSAGE_BYTES);
