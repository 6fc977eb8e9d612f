/** An object as a listing of its bucket tells of it. */
export interface ListedObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

/**
 * The event that S3 would send of an object, as far as a handler reads it: one record, the key form-encoded.
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

/** As S3 encodes a key in a notification: like a form's field, but with its slashes. */
export function formEncode(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}
