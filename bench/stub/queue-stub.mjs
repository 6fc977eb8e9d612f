// @ts-check
// A failure queue of RECORDS records of FUNCTION that is received from and deleted from, a function that accepts every
// event, and a bucket that takes what is put. Nothing is made visible again. Prints its port.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const records = Number(process.argv[2]);
const FUNCTION = `arn:aws:lambda:us-east-1:000000000000:function:${process.argv[3]}`;
const FAILED = Date.UTC(2026, 0, 1);

let received = 0;
let deleted = 0;

/** Lambda's record of one upload that failed after three attempts. @param {number} i */
function record(i) {
  const key = `uploads/${String(i).padStart(9, '0')}.csv`;
  const s3 = { bucket: { name: 'stub' }, object: { key, size: 1_024, eTag: 'e', sequencer: '0' } };
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(FAILED + i).toISOString(),
    requestContext: {
      requestId: `r${i}`,
      functionArn: FUNCTION,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: {
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          eventTime: new Date(FAILED).toISOString(),
          eventName: 'ObjectCreated:Put',
          s3,
        },
      ],
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: {
      errorType: 'RetryableError',
      errorMessage: `S3 refused: SlowDown (${i % 7})`,
      trace: [],
    },
  });
}

/** @param {number} i */
function message(i) {
  const Body = record(i);
  return {
    MessageId: `m${i}`,
    ReceiptHandle: `h${i}`,
    MD5OfBody: createHash('md5').update(Body).digest('hex'),
    Body,
    Attributes: { SentTimestamp: String(FAILED + i) },
  };
}

/** @typedef {{ MaxNumberOfMessages?: number, Entries?: { Id: string }[] }} Asked */

/** @type {Record<string, (asked: Asked) => unknown>} */
const ACTIONS = {
  ReceiveMessage: ({ MaxNumberOfMessages: most = 1 }) => {
    const first = received;
    received = Math.min(records, first + most);
    return { Messages: Array.from({ length: received - first }, (_, i) => message(first + i)) };
  },
  GetQueueAttributes: () => ({
    Attributes: {
      ApproximateNumberOfMessages: String(records - received),
      ApproximateNumberOfMessagesNotVisible: String(received - deleted),
    },
  }),
  ChangeMessageVisibility: () => ({}),
  ChangeMessageVisibilityBatch: ({ Entries = [] }) => ({ Successful: Entries.map(id), Failed: [] }),
  DeleteMessage: () => {
    deleted += 1;
    return {};
  },
  DeleteMessageBatch: ({ Entries = [] }) => {
    deleted += Entries.length;
    return { Successful: Entries.map(id), Failed: [] };
  },
};

/** @param {{ Id: string }} entry */
const id = ({ Id }) => ({ Id });

const server = createServer((request, response) => {
  const [service, name = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (service === 'AmazonSQS') {
    void json(request).then((asked) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(ACTIONS[name]?.(/** @type {Asked} */ (asked)) ?? {}));
    });
    return;
  }
  request.resume();
  const isInvocation = request.url?.includes('/invocations') === true;
  response.writeHead(isInvocation ? 202 : 200, { etag: '"e"' });
  response.end();
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(address?.port);
});
