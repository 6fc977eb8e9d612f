/** What decides whether an upload that waits is resubmitted. Times are in milliseconds since 1970. */
export interface Timing {
  readonly now: number;
  /** Uploads younger than this are left alone, in milliseconds. */
  readonly olderThanMs: number;
  /** When the last complete pass began; undefined: there was none, so that every upload is due. */
  readonly since: number | undefined;
}

/**
 * Whether an upload is due: once when it is older than `olderThanMs`, then each time that its age has doubled. What
 * keeps failing is so resubmitted less and less often, 9 times in 14 days instead of 336 with a sweep an hour, and no upload
 * waits for longer than it has waited already. A pass that was left out, or did not come to its end, is made up for:
 * the next one covers all the time since the last complete pass.
 */
export function isDue(lastModified: Date, { now, olderThanMs, since }: Timing): boolean {
  const turnsAt = (time: number): number => turns(time - lastModified.getTime(), olderThanMs);
  // A note from the future is wrong: without it the worst is a resubmission too many.
  const before = since === undefined || since > now ? 0 : turnsAt(since);
  return turnsAt(now) > before;
}

/** How often an upload of this age has become due. */
const turns = (age: number, first: number): number =>
  age <= first ? 0 : 1 + Math.floor(Math.log2(age / first));
