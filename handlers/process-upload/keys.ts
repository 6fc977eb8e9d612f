import { PermanentError } from './errors';

/** S3's limit for a key, in bytes of UTF-8. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const MAX_KEY_BYTES = 1024;

/**
 * The name beside one that is taken. It depends on nothing but the taken name and the upload's ETag, so that every
 * attempt, on whichever machine, arrives at the same one.
 * @throws PermanentError when that is longer than S3 allows
 */
export function secondName(taken: string, etag: string): string {
  return checkLength(`${taken}.~${etag}`);
}

/** What the console makes to show an empty folder. A key that ends in `/` and holds something is an ordinary object. */
export function isFolderMarker(key: string, size: number): boolean {
  return key.endsWith('/') && size === 0;
}

/**
 * A destination, if S3 allows it.
 * @throws PermanentError when it is longer
 */
export function checkLength(key: string): string {
  const bytes = Buffer.byteLength(key);
  if (bytes <= MAX_KEY_BYTES) return key;
  throw new PermanentError(
    `The destination's key would take ${bytes} bytes of UTF-8, and S3 allows ${MAX_KEY_BYTES}: ${key}`,
    'Upload the file again under a shorter key.',
  );
}
