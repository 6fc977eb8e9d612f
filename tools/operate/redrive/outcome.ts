import { destinationOf, type Prefixes } from '../../../handlers/process-upload/prefixes';
import { mapConcurrent } from '../../../handlers/shared/map-concurrent';

/** An upload that is in the failure queue again. */
export interface FailedAgain {
  readonly key: string;
  readonly error: string;
}

/** What came of the uploads whose events were sent back. */
export interface Outcomes {
  /** Not under its key any more, but under its processed one. */
  readonly moved: readonly string[];
  /** Under neither: deleted, or moved to a second name (`keepBoth`). */
  readonly gone: readonly string[];
  readonly failedAgain: readonly FailedAgain[];
  /** Still under its key. */
  readonly waiting: readonly string[];
}

export interface OutcomePorts {
  /** Whether the bucket holds an object under a key. */
  readonly exists: (key: string) => Promise<boolean>;
  /** Records in the failure queues, without looking into them. */
  readonly countFailures: () => Promise<number>;
  /** The errors of records that have arrived since the redrive began, by the uploads' keys. */
  readonly newFailures: () => Promise<ReadonlyMap<string, string>>;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress?: (outcomes: Outcomes) => void;
}

const CONCURRENT = 20;
const POLL_MS = 1_000;
const LONGEST_POLL_MS = 10_000;

/**
 * Waits until S3 shows of each upload what came of it, or the time is over.
 * @param keys of the uploads
 * @param left records that the redrive has left: what is more in the failure queues has arrived since
 */
export async function awaitOutcomes(
  keys: readonly string[],
  prefixes: Prefixes,
  { limitMs, left }: { readonly limitMs: number; readonly left: number },
  ports: OutcomePorts,
): Promise<Outcomes> {
  const end = ports.now() + limitMs;
  let known: Outcomes = { moved: [], gone: [], failedAgain: [], waiting: [...new Set(keys)] };
  let failures = left;
  for (let pause = POLL_MS; ; pause = Math.min(pause * 1.5, LONGEST_POLL_MS)) {
    known = await look(known, prefixes, ports);
    const last = known.waiting.length > 0 && ports.now() + pause > end;
    const count = known.waiting.length === 0 ? failures : await ports.countFailures();
    if (count > failures || last) known = withFailures(known, await ports.newFailures());
    failures = count;
    ports.onProgress?.(known);
    if (known.waiting.length === 0 || last || ports.signal.aborted) return known;
    await ports.sleep(pause);
  }
}

async function look(known: Outcomes, prefixes: Prefixes, { exists }: OutcomePorts): Promise<Outcomes> {
  const found = await mapConcurrent(known.waiting, CONCURRENT, async (key) => {
    if (await exists(key)) return 'waiting';
    const destination = destinationIn(key, prefixes);
    return destination !== undefined && (await exists(destination)) ? 'moved' : 'gone';
  });
  const those = (which: 'moved' | 'gone' | 'waiting') =>
    known.waiting.filter((_, index) => found[index] === which);
  return {
    ...known,
    moved: [...known.moved, ...those('moved')],
    gone: [...known.gone, ...those('gone')],
    waiting: those('waiting'),
  };
}

function destinationIn(key: string, prefixes: Prefixes): string | undefined {
  try {
    return destinationOf(key, prefixes);
  } catch {
    return undefined;
  }
}

function withFailures(known: Outcomes, errors: ReadonlyMap<string, string>): Outcomes {
  const again = known.waiting.flatMap((key) => {
    const error = errors.get(key);
    return error === undefined ? [] : [{ key, error }];
  });
  return {
    ...known,
    failedAgain: [...known.failedAgain, ...again],
    waiting: known.waiting.filter((key) => !errors.has(key)),
  };
}
