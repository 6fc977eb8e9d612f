import { text } from '../shared/fields';
import { PermanentError } from './errors';
import { isFolderMarker } from './keys';
import { isProcessed, type Prefixes } from './prefixes';

/** What every record says of itself. */
interface Origin {
  readonly bucket: string;
  readonly key: string;
  /** The SQS message it came in, where one did: the message can go back to its queue without its neighbours. */
  readonly messageId?: string;
}

/** An object to look at. `etag` and `size` are what the event said of it, and may be missing in one made by hand. */
export interface UploadRecord extends Origin {
  readonly kind: 'upload';
  readonly etag: string | undefined;
  readonly size: number | undefined;
}

/** An event that announces no upload. */
export interface IgnoredRecord extends Origin {
  readonly kind: 'ignored';
  readonly why: string;
}

/** A record that cannot be read. It fails, so that it ends where someone sees it. */
export interface UnreadableRecord extends Origin {
  readonly kind: 'unreadable';
  readonly error: PermanentError;
}

export type EventRecord = UploadRecord | IgnoredRecord | UnreadableRecord;

/** What an event says of an object; the key is decoded. */
interface Announced {
  readonly bucket: string;
  readonly key: string;
  readonly etag: unknown;
  readonly size: unknown;
}

/** The record of an object that was created, whichever way the news came. */
export function uploadRecord({ bucket, key, ...said }: Announced, prefixes: Prefixes): EventRecord {
  const size = typeof said.size === 'number' ? said.size : undefined;
  const etag = text(said.etag).replaceAll('"', '') || undefined;
  if (isProcessed(key, prefixes)) return ignored(bucket, key, 'it is processed already');
  if (size !== undefined && isFolderMarker(key, size)) return ignored(bucket, key, 'it is a folder marker');
  return { kind: 'upload', bucket, key, etag, size };
}

export const ignored = (bucket: string, key: string, why: string): IgnoredRecord => ({
  kind: 'ignored',
  bucket,
  key,
  why,
});

export function unreadable(bucket: string, key: string, what: string): UnreadableRecord {
  const error = new PermanentError(
    what,
    "Send what S3's own notifications send: a notification (eventVersion 2.x), or EventBridge's Object Created.",
  );
  return { kind: 'unreadable', bucket, key, error };
}

/** The names in an object, never its content: what is logged must hold nothing of what was uploaded. */
export function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return `${Array.isArray(value) ? 'an array' : 'an object'} with ${Object.keys(value).slice(0, 10).join(', ') || 'nothing'}`;
}
