import type { Pace } from '../shared/pace';
import type { ListedObject } from '../shared/upload-event';
import { isDue } from './due';

/** Where a listing goes on. */
export interface Position {
  /** The last key that was dealt with; undefined: begin at the beginning. */
  readonly after?: string | undefined;
  /** S3's name for the page that comes next: it leads past deleted keys, which no page shows. */
  readonly token?: string | undefined;
}

/** A part of a listing, in the order of the keys' bytes. It may be empty and not the last. */
export interface Page {
  readonly objects: readonly ListedObject[];
  /** Undefined: this is the last page. */
  readonly next: Position | undefined;
}

/** What a sweep needs from outside. */
export interface Dependencies {
  readonly list: (position: Position) => Promise<Page>;
  /** What `process-upload` would make of an object. */
  readonly judge: (object: ListedObject) => Verdict;
  /** Has `process-upload` look at an object; resolves when its event has been accepted. */
  readonly resubmit: (object: ListedObject) => Promise<void>;
  readonly pace: Pace;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** Whether time is up, or someone wants to stop. */
  readonly mustStop: () => boolean;
  /** Called after every step forward. */
  readonly onProgress?: (found: Found) => void;
}

/** `ignore`: none of our business. `unmovable`: an upload that can never be moved under its present key. */
export type Verdict = 'resubmit' | 'ignore' | 'unmovable';

export interface SweepOptions extends Position {
  /** Uploads younger than this are left alone, in milliseconds. */
  readonly olderThanMs: number;
  /** When the last complete pass began, in milliseconds since 1970. @default none: every upload is due */
  readonly since?: number | undefined;
  /** How many uploads the pace lets through in a second. @default as many as there are */
  readonly maximumPerSecond?: number;
  /** Only looks. @default false */
  readonly dryRun?: boolean;
}

/** What a sweep has found so far. */
export interface Found {
  /** Objects that were looked at, of every kind and age. */
  readonly seen: number;
  /** Uploads that are older than they should be. */
  readonly waiting: number;
  /** Those of them that were resubmitted. */
  readonly resubmitted: number;
  /** Those of them that were resubmitted before and are not due again. */
  readonly postponed: number;
  /** Keys of those that can never be moved under their present key; not more than a hundred. */
  readonly unmovable: readonly string[];
  /** Age of the oldest of them, in milliseconds; 0: there is none. */
  readonly oldestMs: number;
}

export interface SweepResult extends Found {
  /** Where the next sweep goes on; undefined: this one came to the end. */
  readonly next: Position | undefined;
}

/** An error in the middle of a sweep, and how far it came. */
export class SweepError extends Error {
  override readonly name = 'SweepError';

  constructor(
    readonly result: SweepResult,
    cause: unknown,
  ) {
    super(`The sweep stopped: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** How many unmovable uploads are named. */
const MOST_NAMED = 100;

/** Resubmissions under way at a time, at most. */
const BATCH = 10;

/**
 * Looks at every object below the prefix and resubmits the uploads that were left behind. The mover decides by what it
 * finds then, so a resubmission too many does no harm. A sweep that ends early has dealt with everything before
 * `next`: a batch counts as dealt with when each of its events has been accepted.
 * @throws {SweepError} where listing or resubmitting fails
 */
export async function sweep(dependencies: Dependencies, options: SweepOptions): Promise<SweepResult> {
  const { after, token, maximumPerSecond = BATCH } = options;
  // No batch waits for longer than a second for its turn: the sweep would stop too late.
  const batchSize = Math.max(1, Math.min(BATCH, Math.floor(maximumPerSecond)));
  let next: Position | undefined = { after, token };
  let found: Found = { seen: 0, waiting: 0, resubmitted: 0, postponed: 0, unmovable: [], oldestMs: 0 };
  try {
    while (next !== undefined && !dependencies.mustStop()) {
      const page: Page = await dependencies.list(next);
      for (let i = 0; i < page.objects.length; i += batchSize) {
        if (i > 0 && dependencies.mustStop()) return { ...found, next };
        const batch = page.objects.slice(i, i + batchSize);
        found = add(found, await dealWith(batch, dependencies, options));
        next = { after: batch.at(-1)?.key };
        dependencies.onProgress?.(found);
      }
      next = page.next;
    }
    return { ...found, next };
  } catch (error) {
    throw new SweepError({ ...found, next }, error);
  }
}

async function dealWith(
  batch: readonly ListedObject[],
  dependencies: Dependencies,
  { olderThanMs, since, dryRun = false }: SweepOptions,
): Promise<Found> {
  const now = dependencies.now();
  const old = batch
    .map((object) => ({
      object,
      age: now - object.lastModified.getTime(),
      verdict: dependencies.judge(object),
    }))
    .filter(({ verdict, age }) => verdict !== 'ignore' && age > olderThanMs);
  const movable = old.filter(({ verdict }) => verdict === 'resubmit');
  const unmovable = old.filter(({ verdict }) => verdict === 'unmovable');
  const due = movable.filter(({ object }) => isDue(object.lastModified, { now, olderThanMs, since }));
  const resubmitted = dryRun ? [] : due;
  if (resubmitted.length > 0) await dependencies.pace(resubmitted.length);
  await Promise.all(resubmitted.map(({ object }) => dependencies.resubmit(object)));
  return {
    seen: batch.length,
    waiting: old.length,
    resubmitted: resubmitted.length,
    postponed: movable.length - due.length,
    unmovable: unmovable.map(({ object }) => object.key),
    oldestMs: Math.max(0, ...old.map(({ age }) => age)),
  };
}

const add = (one: Found, other: Found): Found => ({
  seen: one.seen + other.seen,
  waiting: one.waiting + other.waiting,
  resubmitted: one.resubmitted + other.resubmitted,
  postponed: one.postponed + other.postponed,
  unmovable: [...one.unmovable, ...other.unmovable].slice(0, MOST_NAMED),
  oldestMs: Math.max(one.oldestMs, other.oldestMs),
});
