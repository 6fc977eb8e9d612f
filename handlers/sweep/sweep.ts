import type { Pace } from '../shared/pace';
import type { ListedObject } from '../shared/upload-event';

/** A part of a listing, in the order of the keys' bytes. */
export interface Page {
  readonly objects: readonly ListedObject[];
  /** Whether the listing goes on after the last of them. */
  readonly more: boolean;
}

/** What a sweep needs from outside. */
export interface Dependencies {
  /** The objects below the prefix whose keys come after `after`; undefined: from the beginning. */
  readonly list: (after: string | undefined) => Promise<Page>;
  /** What `process-upload` would make of an object. */
  readonly judge: (object: ListedObject) => Verdict;
  /** Has `process-upload` look at an object; resolves when Lambda has taken the event. */
  readonly resubmit: (object: ListedObject) => Promise<void>;
  readonly pace: Pace;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** Whether time is up, or someone wants to stop. */
  readonly mustStop: () => boolean;
  /** Called after every step forward. */
  readonly onProgress?: (found: Found) => void;
}

/** `ignore`: none of our business. `unmovable`: an upload that can never be moved as it is. */
export type Verdict = 'resubmit' | 'ignore' | 'unmovable';

export interface SweepOptions {
  /** The last key that was dealt with; undefined: begin at the beginning. */
  readonly after?: string | undefined;
  /** Uploads younger than this are left alone, in milliseconds. */
  readonly olderThanMs: number;
  /** Only looks. @default false */
  readonly dryRun?: boolean;
}

/** What a sweep has found so far. */
export interface Found {
  /** Objects that were looked at, of whatever kind and age. */
  readonly seen: number;
  /** Uploads that are older than they should be. */
  readonly waiting: number;
  /** Those of them that were resubmitted. */
  readonly resubmitted: number;
  /** Keys of those that can never be moved as they are; not more than a hundred. */
  readonly unmovable: readonly string[];
  /** Age of the oldest of them, in milliseconds; 0: there is none. */
  readonly oldestMs: number;
}

export interface SweepResult extends Found {
  /** The last key that was dealt with, where the next sweep goes on; undefined: this one came to the end. */
  readonly after: string | undefined;
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

/** How many unmovable uploads are told by name. */
const MOST_NAMED = 100;

/** Resubmissions under way at a time. All of a batch are taken before the sweep counts as past them. */
const BATCH = 10;

/**
 * Looks at every object below the prefix and resubmits the uploads that were left behind. The mover decides by what it
 * finds then, so an resubmission too many does no harm; a sweep that ends early, for whatever reason, has dealt with
 * everything up to `after`.
 * @throws {SweepError} where listing or announcing fails
 */
export async function sweep(dependencies: Dependencies, options: SweepOptions): Promise<SweepResult> {
  let { after } = options;
  let found: Found = { seen: 0, waiting: 0, resubmitted: 0, unmovable: [], oldestMs: 0 };
  try {
    for (;;) {
      if (dependencies.mustStop()) return { ...found, after };
      const { objects, more } = await dependencies.list(after);
      for (let i = 0; i < objects.length; i += BATCH) {
        if (i > 0 && dependencies.mustStop()) return { ...found, after };
        const batch = objects.slice(i, i + BATCH);
        found = add(found, await dealWith(batch, dependencies, options));
        after = batch.at(-1)?.key ?? after;
        dependencies.onProgress?.(found);
      }
      if (!more) return { ...found, after: undefined };
    }
  } catch (error) {
    throw new SweepError({ ...found, after }, error);
  }
}

async function dealWith(
  batch: readonly ListedObject[],
  dependencies: Dependencies,
  { olderThanMs, dryRun = false }: SweepOptions,
): Promise<Found> {
  const age = ({ lastModified }: ListedObject): number => dependencies.now() - lastModified.getTime();
  const old = batch
    .map((object) => ({ object, age: age(object), verdict: dependencies.judge(object) }))
    .filter((candidate) => candidate.verdict !== 'ignore' && candidate.age > olderThanMs);
  const due = dryRun ? [] : old.filter(({ verdict }) => verdict === 'resubmit');
  const unmovable = old.filter(({ verdict }) => verdict === 'unmovable');
  if (due.length > 0) await dependencies.pace(due.length);
  await Promise.all(due.map(({ object }) => dependencies.resubmit(object)));
  return {
    seen: batch.length,
    waiting: old.length,
    resubmitted: due.length,
    unmovable: unmovable.map(({ object }) => object.key),
    oldestMs: Math.max(0, ...old.map((candidate) => candidate.age)),
  };
}

const add = (one: Found, other: Found): Found => ({
  seen: one.seen + other.seen,
  waiting: one.waiting + other.waiting,
  resubmitted: one.resubmitted + other.resubmitted,
  unmovable: [...one.unmovable, ...other.unmovable].slice(0, MOST_NAMED),
  oldestMs: Math.max(one.oldestMs, other.oldestMs),
});
