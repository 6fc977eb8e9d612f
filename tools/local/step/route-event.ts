import { randomUUID } from 'node:crypto';
import { uploadEvent, type ListedObject } from '../../../handlers/shared/upload-event';

const SOMEWHERE = 'us-east-1:000000000000';

/** The event of an upload as each way delivers it to the function (setting `trigger`), with the fields that are read. */
export const ROUTES: Readonly<Record<string, (bucket: string, object: ListedObject) => object>> = {
  s3: uploadEvent,
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html: the key as it is, not form-encoded
  eventbridge: (bucket, { key, size, etag, lastModified }) => ({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    time: lastModified.toISOString(),
    resources: [`arn:aws:s3:::${bucket}`],
    detail: { version: '0', bucket: { name: bucket }, object: { key, size, etag }, reason: 'PutObject' },
  }),
  // https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
  sns: (bucket, object) => ({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        Sns: {
          Type: 'Notification',
          MessageId: randomUUID(),
          TopicArn: `arn:aws:sns:${SOMEWHERE}:uploads`,
          Subject: 'Amazon S3 Notification',
          Message: JSON.stringify(uploadEvent(bucket, object)),
          Timestamp: object.lastModified.toISOString(),
        },
      },
    ],
  }),
  // https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
  sqs: (bucket, object) => ({
    Records: [
      {
        messageId: randomUUID(),
        receiptHandle: 'none',
        body: JSON.stringify(uploadEvent(bucket, object)),
        attributes: { ApproximateReceiveCount: '1' },
        messageAttributes: {},
        eventSource: 'aws:sqs',
        eventSourceARN: `arn:aws:sqs:${SOMEWHERE}:uploads`,
      },
    ],
  }),
};
