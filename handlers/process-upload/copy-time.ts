import { PermanentError } from './errors';

/** A projection of this many times what is left gives the copy up: S3's pace varies, and to give up wrongly is worse. */
const DOUBT = 1.5;

/** A copy in parts, as far as it has come. */
export interface CopySoFar {
  readonly bucket: string;
  readonly from: string;
  readonly to: string;
  readonly parts: number;
  /** How long each finished part took, in milliseconds. */
  readonly took: readonly number[];
  /** How many are copied side by side. */
  readonly atOnce: number;
  /** What is left of the function's time, in milliseconds. */
  readonly leftMs: number;
}

/**
 * Projects a copy from its first parts. One that cannot be done in time would be begun anew at every attempt, and burn
 * the function's whole time each time.
 * @throws PermanentError, with the command that does it, where the rest takes far longer than the time that is left
 */
export function requireTime({ bucket, from, to, parts, took, atOnce, leftMs }: CopySoFar): void {
  if (took.length < atOnce) return;
  const mean = took.reduce((sum, one) => sum + one, 0) / took.length;
  const rest = parts - took.length;
  // Of those under way half is done, on average.
  const neededMs = ((rest - Math.min(atOnce, rest) / 2) / atOnce) * mean;
  if (neededMs <= leftMs * DOUBT) return;
  throw new PermanentError(
    `To copy it in ${parts} parts takes about ${minutes(neededMs)} more, and the function has ${minutes(leftMs)} left`,
    "Raise the function's timeout (15 minutes at most), or move it yourself while nobody uploads to its key: " +
      `aws s3 mv ${quoted(`s3://${bucket}/${from}`)} ${quoted(`s3://${bucket}/${to}`)}`,
  );
}

const minutes = (milliseconds: number): string => `${(milliseconds / 60_000).toFixed(1)} minutes`;

/** As a shell takes it literally. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
