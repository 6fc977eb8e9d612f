/** An object as a listing of its bucket describes it. */
export interface ListedObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

/**
 * The event that S3 would send for an object, with the fields that a handler reads: one record, the key form-encoded.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function uploadEvent(bucket: string, { key, size, etag, lastModified }: ListedObject) {
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        eventTime: lastModified.toISOString(),
        eventName: 'ObjectCreated:Put',
        s3: { bucket: { name: bucket }, object: { key: formEncode(key), size, eTag: etag } },
      },
    ],
  };
}

/** Encodes a key as S3 does in a notification: like a form field, but with unescaped slashes. */
export function formEncode(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}
