import { BUCKET, s3Event, type S3Object } from './events';

/** One SQS message as a poller hands it to a function. */
export const sqsRecord = (messageId: string, body: string) => ({
  messageId,
  receiptHandle: `handle-of-${messageId}`,
  body,
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1767225600000' },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:uploads',
  awsRegion: 'eu-west-1',
});

/** A batch; the messages are called m1, m2, … in the order of the bodies. */
export const sqsEvent = (...bodies: unknown[]) => ({
  Records: bodies.map((body, index) =>
    sqsRecord(`m${index + 1}`, typeof body === 'string' ? body : JSON.stringify(body)),
  ),
});

/** SNS's envelope, as a queue that is subscribed without raw delivery holds it. */
export const snsNotification = (message: unknown) => ({
  Type: 'Notification',
  MessageId: '95df01b4-ee98-5cb9-9903-4c221d41eb5e',
  TopicArn: 'arn:aws:sns:eu-west-1:111122223333:uploads',
  Subject: 'Amazon S3 Notification',
  Message: JSON.stringify(message),
  Timestamp: '2026-01-01T00:00:00.000Z',
});

/** As SNS invokes a function. */
export const snsEvent = (...messages: unknown[]) => ({
  Records: messages.map((message) => ({
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    EventSubscriptionArn: 'arn:aws:sns:eu-west-1:111122223333:uploads:1',
    Sns: snsNotification(message),
  })),
});

/** S3's news of an object by way of EventBridge: the key as it is. */
export const eventBridgeEvent = (
  { key, etag, size }: S3Object,
  overrides: Readonly<Record<string, unknown>> = {},
) => ({
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '111122223333',
  time: '2026-01-01T00:00:00Z',
  region: 'eu-west-1',
  resources: [`arn:aws:s3:::${BUCKET}`],
  detail: {
    version: '0',
    'event-version': '1.0',
    bucket: { name: BUCKET },
    object: { key, etag, size, sequencer: '617f08299329d189' },
    reason: 'PutObject',
  },
  ...overrides,
});

/** What S3 sends when a notification is set up. */
export const TEST_EVENT = {
  Service: 'Amazon S3',
  Event: 's3:TestEvent',
  Time: '2026-01-01T00:00:00.000Z',
  Bucket: BUCKET,
  RequestId: '5582815E1AEA5ADF',
  HostId: '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR',
};

/** Every way from an upload to the function. */
export const ROUTES: Readonly<Record<string, (object: S3Object) => unknown>> = {
  'S3 alone': (object) => s3Event(object),
  'S3 in SQS': (object) => sqsEvent(s3Event(object)),
  'S3 in SNS': (object) => snsEvent(s3Event(object)),
  'S3 in SNS in SQS, delivered raw': (object) => sqsEvent(s3Event(object)),
  'S3 in SNS in SQS, wrapped': (object) => sqsEvent(snsNotification(s3Event(object))),
  EventBridge: (object) => eventBridgeEvent(object),
  'EventBridge in SQS': (object) => sqsEvent(eventBridgeEvent(object)),
  'EventBridge in SNS': (object) => snsEvent(eventBridgeEvent(object)),
};
