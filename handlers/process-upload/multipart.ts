import { PermanentError } from './errors';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/** What one CopyObject takes: the "5 GB" of the documentation. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const MAX_COPY_BYTES = 5 * GiB;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MAX_PARTS = 10_000;
export const MAX_PART_BYTES = 5 * GiB;

/** Large enough that requests cost next to nothing, small enough that an object just over the limit is 20 parts side by side. */
const USUAL_PART_BYTES = 256 * MiB;

export interface Part {
  /** 1–10,000. */
  readonly number: number;
  /** First and last byte, both included, as in `x-amz-copy-source-range`. */
  readonly first: number;
  readonly last: number;
}

/**
 * How an object of `size` bytes is copied in parts: all of one size, but for the last.
 * @throws PermanentError when it takes more than S3's 10,000 parts of 5 GiB
 */
export function planParts(size: number): Part[] {
  const partBytes = Math.max(USUAL_PART_BYTES, Math.ceil(size / MAX_PARTS / MiB) * MiB);
  if (partBytes > MAX_PART_BYTES) {
    throw new PermanentError(
      `The object has ${size} bytes, and S3 copies ${MAX_PARTS * MAX_PART_BYTES} at most`,
      'Upload it in several objects.',
    );
  }
  return Array.from({ length: Math.ceil(size / partBytes) }, (_, i) => ({
    number: i + 1,
    first: i * partBytes,
    last: Math.min((i + 1) * partBytes, size) - 1,
  }));
}
