import { readS3Event, type CreatedObject, type OtherNews } from '../shared/s3-event';
import { PermanentError } from './errors';
import { isFolderMarker } from './keys';
import { isProcessed, type Prefixes } from './prefixes';

/** An object to look at. `etag` and `size` are what the event said of it, and may be missing in one made by hand. */
export interface UploadRecord extends Omit<CreatedObject, 'kind'> {
  readonly kind: 'upload';
}

/** An event that announces no upload. */
export type IgnoredRecord = OtherNews;

/** A record that cannot be read. It fails, so that it ends where someone sees it. */
export interface UnreadableRecord extends Omit<OtherNews, 'kind' | 'why'> {
  readonly kind: 'unreadable';
  readonly error: PermanentError;
}

export type EventRecord = UploadRecord | IgnoredRecord | UnreadableRecord;

/** The records of an event in any of its envelopes. One that cannot be read never hides its neighbours. */
export function readRecords(event: unknown, prefixes: Prefixes): EventRecord[] {
  return readS3Event(event).map((news): EventRecord => {
    if (news.kind === 'ignored') return news;
    if (news.kind === 'created') {
      const why = whyNoUpload(news, prefixes);
      return why === undefined ? { ...news, kind: 'upload' } : withoutDetails(news, { kind: 'ignored', why });
    }
    const { what, cause } = news;
    const error = new PermanentError(
      what,
      "Send what S3's own notifications send: a notification (eventVersion 2.x), or EventBridge's Object Created.",
      cause === undefined ? undefined : { cause },
    );
    return withoutDetails(news, { kind: 'unreadable', error });
  });
}

/** Why an object that was created is nothing to move; undefined where it is. */
function whyNoUpload({ key, size }: CreatedObject, prefixes: Prefixes): string | undefined {
  if (isProcessed(key, prefixes)) return 'it is processed already';
  return size !== undefined && isFolderMarker(key, size) ? 'it is a folder marker' : undefined;
}

const withoutDetails = <Kind>({ bucket, key, messageId }: Omit<OtherNews, 'kind' | 'why'>, kind: Kind) => ({
  bucket,
  key,
  ...(messageId !== undefined && { messageId }),
  ...kind,
});
