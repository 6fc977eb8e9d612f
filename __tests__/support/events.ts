/** What a notification says of an object. */
export interface S3Object {
  readonly key: string;
  readonly etag?: string | undefined;
  readonly size?: number | undefined;
}

export const BUCKET = 'pipeline';

/** A record as S3 sends it, with what matters to a handler. */
export function s3Record({ key, etag, size }: S3Object, overrides: Record<string, unknown> = {}) {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-west-1',
    eventTime: '2026-01-01T00:00:00.000Z',
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: BUCKET, arn: `arn:aws:s3:::${BUCKET}` },
      object: { key: encodeKey(key), eTag: etag, size, sequencer: '0055AED6DCD90281E5' },
    },
    ...overrides,
  };
}

export const s3Event = (...objects: S3Object[]) => ({ Records: objects.map((object) => s3Record(object)) });

/** As S3 encodes keys in notifications: a form's encoding, with the slashes left alone. */
export function encodeKey(key: string): string {
  return new URLSearchParams([['', key]]).toString().slice(1).replaceAll('%2F', '/');
}
