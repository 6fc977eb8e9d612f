import { fields, text, type Fields } from './fields';

/** What every record says of itself. */
interface Origin {
  readonly bucket: string;
  /** Decoded; of an unreadable record as it came. */
  readonly key: string;
  /** The SQS message it came in, where one did: the message can go back to its queue without its neighbours. */
  readonly messageId?: string;
}

/** An object that was created. */
export interface CreatedObject extends Origin {
  readonly kind: 'created';
  /** Without quotes; undefined where the event does not say it. */
  readonly etag: string | undefined;
  /** In bytes; undefined where the event does not say it. */
  readonly size: number | undefined;
}

/** An event that announces no object. */
export interface OtherNews extends Origin {
  readonly kind: 'ignored';
  readonly why: string;
}

/** A record that cannot be read: make it fail, so that it ends where someone sees it. */
export interface UnreadableNews extends Origin {
  readonly kind: 'unreadable';
  /** What is wrong with it, in one clause without a full stop. */
  readonly what: string;
  readonly cause?: unknown;
}

export type S3News = CreatedObject | OtherNews | UnreadableNews;

/** What a kind of event holds, or undefined when it is of another kind. Further kinds of envelopes go in here. */
type Envelope = (event: Fields) => S3News[] | undefined;
const ENVELOPES: readonly Envelope[] = [records, snsNotification, eventBridgeEvent, s3TestEvent];

/**
 * What an event of S3 says, in any of its envelopes: S3's own notification, the same in SNS or SQS messages (or one in the
 * other), or EventBridge's. One record that cannot be read never hides its neighbours.
 */
export function readS3Event(event: unknown): S3News[] {
  for (const read of ENVELOPES) {
    const found = read(fields(event));
    if (found !== undefined) return found;
  }
  return [unreadable('', '', `The event is not one of S3's, in any known envelope: ${shapeOf(event)}`)];
}

/** What S3, SQS and SNS have in common: a list, each of whose records says where it is from. */
function records(event: Fields): S3News[] | undefined {
  if (!Array.isArray(event.Records)) return undefined;
  const list: unknown[] = event.Records;
  if (list.length === 0) return [ignored('', '', 'it holds no records')];
  return list.map(fields).flatMap((record): S3News | S3News[] => {
    // SNS alone writes it `EventSource`.
    switch (record.eventSource ?? record.EventSource) {
      case 'aws:sqs':
        return sqsMessage(record);
      case 'aws:sns':
        return readMessage(fields(record.Sns).Message);
      default:
        return s3Record(record);
    }
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function sqsMessage(record: Fields): S3News[] {
  const messageId = text(record.messageId);
  return readMessage(record.body).map((found) => (messageId === '' ? found : { ...found, messageId }));
}

/** SNS's notification as a subscribed queue holds it; with raw message delivery the queue holds only its message. */
function snsNotification(event: Fields): S3News[] | undefined {
  return event.Type === 'Notification' ? readMessage(event.Message) : undefined;
}

/** An event that travels as text inside another. */
function readMessage(message: unknown): S3News[] {
  let event: unknown;
  try {
    event = JSON.parse(text(message));
  } catch {
    const saw = typeof message === 'string' ? `${message.length} characters` : shapeOf(message);
    return [unreadable('', '', `The message is not JSON: ${saw}`)];
  }
  return readS3Event(event);
}

/** S3's events by way of EventBridge. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
function eventBridgeEvent(event: Fields): S3News[] | undefined {
  const type = event['detail-type'];
  if (type === undefined) return undefined;
  const detail = fields(event.detail);
  const object = fields(detail.object);
  const bucket = text(fields(detail.bucket).name);
  // Unlike a notification's, this key is not form-encoded: a `+` or `%` in it is one in the bucket.
  const key = text(object.key);
  if (event.source !== 'aws.s3') {
    return [unreadable(bucket, key, `The event is not from S3: source is ${JSON.stringify(event.source)}`)];
  }
  if (typeof type !== 'string') {
    return [unreadable(bucket, key, `The event does not say what happened: detail-type is ${shapeOf(type)}`)];
  }
  if (type !== 'Object Created') {
    return [ignored(bucket, key, `${JSON.stringify(type)} says nothing of an upload`)];
  }
  const version = detail['event-version'] ?? '1.0'; // older events have none
  if (!/^1(\.|$)/.test(text(version))) {
    const got = JSON.stringify(version);
    return [unreadable(bucket, key, `The event has event-version ${got}, and only 1.x is understood`)];
  }
  if (bucket === '' || key === '') {
    return [
      unreadable(bucket, key, `The event names no bucket or no key: detail is ${shapeOf(event.detail)}`),
    ];
  }
  return [created(bucket, key, { etag: object.etag, size: object.size })];
}

/** What S3 sends when a notification is set up, to the function, the queue or the topic. */
function s3TestEvent(event: Fields): S3News[] | undefined {
  if (event.Event !== 's3:TestEvent') return undefined;
  return [ignored(text(event.Bucket), '', 'S3 only tested the notification')];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function s3Record(record: Fields): S3News {
  const s3 = fields(record.s3);
  const object = fields(s3.object);
  const bucket = text(fields(s3.bucket).name);
  const rawKey = text(object.key);

  if (record.eventSource !== 'aws:s3') {
    const source = JSON.stringify(record.eventSource ?? record.EventSource);
    return unreadable(bucket, rawKey, `The record is not from S3: eventSource is ${source}`);
  }
  if (!/^2(\.|$)/.test(text(record.eventVersion))) {
    const version = JSON.stringify(record.eventVersion);
    return unreadable(bucket, rawKey, `The record has eventVersion ${version}, and only 2.x is understood`);
  }
  if (bucket === '' || rawKey === '') {
    return unreadable(bucket, rawKey, `The record names no bucket or no key: ${shapeOf(record)}`);
  }
  const name = record.eventName;
  if (typeof name !== 'string') {
    return unreadable(bucket, rawKey, `The record does not say what happened: eventName is ${shapeOf(name)}`);
  }
  if (!name.startsWith('ObjectCreated:')) {
    return ignored(bucket, rawKey, `${JSON.stringify(name)} says nothing of an upload`);
  }
  try {
    return created(bucket, decodeKey(rawKey), { etag: object.eTag, size: object.size });
  } catch (cause) {
    const what = `The key ${JSON.stringify(rawKey)} is not percent-encoded UTF-8`;
    return { kind: 'unreadable', bucket, key: rawKey, what, cause };
  }
}

/**
 * The key in the bucket. Notifications carry it form-encoded: `+` is a space, everything else percent-encoded.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * @throws URIError when the encoding is broken
 */
export const decodeKey = (encoded: string): string => decodeURIComponent(encoded.replaceAll('+', ' '));

const created = (bucket: string, key: string, said: { etag: unknown; size: unknown }): CreatedObject => ({
  kind: 'created',
  bucket,
  key,
  etag: text(said.etag).replaceAll('"', '') || undefined,
  size: typeof said.size === 'number' ? said.size : undefined,
});

const ignored = (bucket: string, key: string, why: string): OtherNews => ({
  kind: 'ignored',
  bucket,
  key,
  why,
});

const unreadable = (bucket: string, key: string, what: string): UnreadableNews => ({
  kind: 'unreadable',
  bucket,
  key,
  what,
});

/** The names in an object, never its content: what is logged must hold nothing of what was uploaded. */
function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return `${Array.isArray(value) ? 'an array' : 'an object'} with ${Object.keys(value).slice(0, 10).join(', ') || 'nothing'}`;
}
