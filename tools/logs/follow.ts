import type { LogEvent } from './line';

/** Where log events come from. */
export interface LogSource {
  /** Every event since a time (milliseconds since 1970), in the order of their times. */
  readonly fetch: (since: number) => Promise<readonly LogEvent[]>;
  readonly wait: () => Promise<void>;
}

/** Events may arrive in CloudWatch this much out of order. */
const OVERLAP_MILLISECONDS = 10_000;

export interface FollowOptions {
  /** In milliseconds since 1970. */
  readonly since: number;
  /** Goes on until the signal; otherwise ends with the events so far. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** Called with what is new, oldest first. */
  readonly onEvents: (events: readonly LogEvent[]) => Promise<void> | void;
}

/** Reports each event once, late ones too. */
export async function readLogs(source: LogSource, options: FollowOptions): Promise<void> {
  let since = options.since;
  let told = new Set<string>();
  while (!options.signal.aborted) {
    const events = await source.fetch(since);
    const fresh = events.filter(({ id }) => !told.has(id));
    if (fresh.length > 0) await options.onEvents(fresh);
    const newest = events.at(-1)?.time ?? since;
    since = Math.max(since, newest - OVERLAP_MILLISECONDS);
    // Events older than the overlap are not asked for again, so they need not be remembered.
    told = new Set(events.filter(({ time }) => time >= since).map(({ id }) => id));
    if (!options.follow) return;
    await source.wait();
  }
}
