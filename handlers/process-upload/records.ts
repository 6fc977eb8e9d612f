import { PermanentError } from './errors';
import { decodeKey, isFolderMarker } from './keys';

/** An object to look at. `etag` and `size` are what the event said of it, and may be missing in one made by hand. */
export interface UploadRecord {
  readonly kind: 'upload';
  readonly bucket: string;
  readonly key: string;
  readonly etag: string | undefined;
  readonly size: number | undefined;
}

/** Something that is none of our business. */
export interface IgnoredRecord {
  readonly kind: 'ignored';
  readonly bucket: string;
  readonly key: string;
  readonly why: string;
}

/** Something that we cannot make sense of. It fails, so that it ends where someone sees it. */
export interface UnreadableRecord {
  readonly kind: 'unreadable';
  readonly bucket: string;
  readonly key: string;
  readonly error: PermanentError;
}

export type EventRecord = UploadRecord | IgnoredRecord | UnreadableRecord;

interface Prefixes {
  readonly uploadPrefix: string;
  readonly processedPrefix: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** What a kind of event holds, or undefined when it is of another kind. Further kinds of envelopes go in here. */
type Envelope = (event: Fields, prefixes: Prefixes) => EventRecord[] | undefined;
const ENVELOPES: readonly Envelope[] = [s3Notification, s3TestEvent];

/** The records of an event, whatever wraps them: one that cannot be read never hides its neighbours. */
export function readRecords(event: unknown, prefixes: Prefixes): EventRecord[] {
  for (const read of ENVELOPES) {
    const records = read(fields(event), prefixes);
    if (records !== undefined) return records;
  }
  return [unreadable('', '', `The event is not an S3 notification: ${shapeOf(event)}`)];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function s3Notification(event: Fields, prefixes: Prefixes): EventRecord[] | undefined {
  if (!Array.isArray(event.Records)) return undefined;
  const records: unknown[] = event.Records;
  if (records.length === 0) return [{ kind: 'ignored', bucket: '', key: '', why: 'it holds no records' }];
  return records.map((record) => s3Record(fields(record), prefixes));
}

/** What S3 sends when a notification is set up. */
function s3TestEvent(event: Fields): EventRecord[] | undefined {
  if (event.Event !== 's3:TestEvent') return undefined;
  return [{ kind: 'ignored', bucket: text(event.Bucket), key: '', why: 'S3 only tested the notification' }];
}

function s3Record(record: Fields, prefixes: Prefixes): EventRecord {
  const s3 = fields(record.s3);
  const object = fields(s3.object);
  const bucket = text(fields(s3.bucket).name);
  const rawKey = text(object.key);

  if (record.eventSource !== 'aws:s3') {
    // SNS alone writes it `EventSource`.
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
  const ignored = (key: string, why: string): EventRecord => ({ kind: 'ignored', bucket, key, why });
  if (!text(record.eventName).startsWith('ObjectCreated:')) {
    return ignored(rawKey, `${JSON.stringify(record.eventName)} says nothing of an upload`);
  }

  let key: string;
  try {
    key = decodeKey(rawKey);
  } catch (error) {
    if (error instanceof PermanentError) return { kind: 'unreadable', bucket, key: rawKey, error };
    throw error;
  }
  const size = typeof object.size === 'number' ? object.size : undefined;
  const etag = text(object.eTag).replaceAll('"', '') || undefined;
  if (key.startsWith(prefixes.processedPrefix)) return ignored(key, 'it is processed already');
  if (!key.startsWith(prefixes.uploadPrefix)) return ignored(key, 'it is not below the upload prefix');
  if (size !== undefined && isFolderMarker(key, size)) return ignored(key, 'it is a folder marker');
  return { kind: 'upload', bucket, key, etag, size };
}

function unreadable(bucket: string, key: string, what: string): UnreadableRecord {
  const error = new PermanentError(what, "Send what S3's own notifications send (eventVersion 2.x).");
  return { kind: 'unreadable', bucket, key, error };
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The names in an object, never its content: what is logged must hold nothing of what was uploaded. */
function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return `${Array.isArray(value) ? 'an array' : 'an object'} with ${Object.keys(value).slice(0, 10).join(', ') || 'nothing'}`;
}
