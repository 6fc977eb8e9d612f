import { fields, text, type Fields } from '../shared/fields';
import { PermanentError } from './errors';
import { decodeKey } from './keys';
import type { Prefixes } from './prefixes';
import { ignored, shapeOf, unreadable, uploadRecord, type EventRecord } from './upload-record';

export type { EventRecord, IgnoredRecord, UnreadableRecord, UploadRecord } from './upload-record';

/** What a kind of event holds, or undefined when it is of another kind. Further kinds of envelopes go in here. */
type Envelope = (event: Fields, prefixes: Prefixes) => EventRecord[] | undefined;
const ENVELOPES: readonly Envelope[] = [records, snsNotification, eventBridgeEvent, s3TestEvent];

/**
 * The records of an event in any of its envelopes: S3's own notification, the same in SNS or SQS messages (or one in the
 * other), or EventBridge's. One that cannot be read never hides its neighbours.
 */
export function readRecords(event: unknown, prefixes: Prefixes): EventRecord[] {
  for (const read of ENVELOPES) {
    const found = read(fields(event), prefixes);
    if (found !== undefined) return found;
  }
  return [unreadable('', '', `The event is not one of S3's, in any known envelope: ${shapeOf(event)}`)];
}

/** What S3, SQS and SNS have in common: a list, each of whose records says where it is from. */
function records(event: Fields, prefixes: Prefixes): EventRecord[] | undefined {
  if (!Array.isArray(event.Records)) return undefined;
  const list: unknown[] = event.Records;
  if (list.length === 0) return [ignored('', '', 'it holds no records')];
  return list.map(fields).flatMap((record): EventRecord | EventRecord[] => {
    // SNS alone writes it `EventSource`.
    switch (record.eventSource ?? record.EventSource) {
      case 'aws:sqs':
        return sqsMessage(record, prefixes);
      case 'aws:sns':
        return readMessage(fields(record.Sns).Message, prefixes);
      default:
        return s3Record(record, prefixes);
    }
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function sqsMessage(record: Fields, prefixes: Prefixes): EventRecord[] {
  const messageId = text(record.messageId);
  return readMessage(record.body, prefixes).map((found) =>
    messageId === '' ? found : { ...found, messageId },
  );
}

/** SNS's notification as a subscribed queue holds it; with raw message delivery the queue holds only its message. */
function snsNotification(event: Fields, prefixes: Prefixes): EventRecord[] | undefined {
  return event.Type === 'Notification' ? readMessage(event.Message, prefixes) : undefined;
}

/** An event that travels as text inside another. */
function readMessage(message: unknown, prefixes: Prefixes): EventRecord[] {
  let event: unknown;
  try {
    event = JSON.parse(text(message));
  } catch {
    const saw = typeof message === 'string' ? `${message.length} characters` : shapeOf(message);
    return [unreadable('', '', `The message is not JSON: ${saw}`)];
  }
  return readRecords(event, prefixes);
}

/** S3's events by way of EventBridge. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
function eventBridgeEvent(event: Fields, prefixes: Prefixes): EventRecord[] | undefined {
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
  return [uploadRecord({ bucket, key, etag: object.etag, size: object.size }, prefixes)];
}

/** What S3 sends when a notification is set up, to the function, the queue or the topic. */
function s3TestEvent(event: Fields): EventRecord[] | undefined {
  if (event.Event !== 's3:TestEvent') return undefined;
  return [ignored(text(event.Bucket), '', 'S3 only tested the notification')];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function s3Record(record: Fields, prefixes: Prefixes): EventRecord {
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
    return uploadRecord({ bucket, key: decodeKey(rawKey), etag: object.eTag, size: object.size }, prefixes);
  } catch (error) {
    if (error instanceof PermanentError) return { kind: 'unreadable', bucket, key: rawKey, error };
    throw error;
  }
}
