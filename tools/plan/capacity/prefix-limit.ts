/**
 * The limit of COPY, PUT and DELETE requests a second on one S3 prefix.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 */
export const WRITES_PER_SECOND_AND_PREFIX = 3_500;

/** The average wait of the SDK's three attempts before it fails (half of 0.5 s and of 1 s). */
const PATIENCE_SECONDS = 0.75;

/**
 * The most moves a second that S3 accepts. A move is a COPY under the processed prefix and a DELETE under the upload
 * prefix. Uploads are PUTs under the upload prefix, so it reaches its limit first. A full prefix serves both equally.
 */
export function movesPerSecondOf(writesPerSecond: number, uploadsPerSecond: number): number {
  return Math.max(writesPerSecond / 2, writesPerSecond - uploadsPerSecond);
}

/** Admits this many moves a second, evenly spaced, and returns the wait of the others. */
export class PrefixLimit {
  readonly #interval: number;
  #free = 0;

  constructor(movesPerSecond: number) {
    this.#interval = 1 / movesPerSecond;
  }

  /**
   * @param now in seconds; must not decrease
   * @returns the seconds to wait; undefined if the SDK would give up first, with an error (503)
   */
  waitAt(now: number): number | undefined {
    const wait = Math.max(0, this.#free - now);
    if (wait > PATIENCE_SECONDS) return undefined;
    this.#free = Math.max(this.#free, now) + this.#interval;
    return wait;
  }
}
