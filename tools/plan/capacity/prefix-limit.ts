/**
 * COPY, PUT and DELETE requests a second that S3 takes on one prefix.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 */
export const WRITES_PER_SECOND_AND_PREFIX = 3_500;

/** What the SDK's three attempts wait before they give up, on average (half of 0.5 s and of 1 s). */
const PATIENCE_SECONDS = 0.75;

/**
 * Moves a second that S3 takes. Each is a COPY under the processed prefix and a DELETE under the upload prefix, and
 * the uploads themselves are PUTs under the latter: it is what fills first. A full prefix serves both alike.
 */
export function movesPerSecondOf(writesPerSecond: number, uploadsPerSecond: number): number {
  return Math.max(writesPerSecond / 2, writesPerSecond - uploadsPerSecond);
}

/** Lets through so many moves a second, evenly, and tells the others how long they wait. */
export class PrefixLimit {
  readonly #interval: number;
  #free = 0;

  constructor(movesPerSecond: number) {
    this.#interval = 1 / movesPerSecond;
  }

  /**
   * @param now in seconds, never less than before
   * @returns the seconds to wait; undefined: longer than the SDK tries, which is an error (503)
   */
  waitAt(now: number): number | undefined {
    const wait = Math.max(0, this.#free - now);
    if (wait > PATIENCE_SECONDS) return undefined;
    this.#free = Math.max(this.#free, now) + this.#interval;
    return wait;
  }
}
