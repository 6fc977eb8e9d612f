import * as fc from 'fast-check';
import { pace } from '../../../handlers/shared/pace';
import { judge } from '../../../handlers/sweep/judge';
import {
  sweep,
  SweepError,
  type Page,
  type Position,
  type SweepOptions,
  type SweepResult,
  type Dependencies,
} from '../../../handlers/sweep/sweep';
import type { ListedObject } from '../../../handlers/shared/upload-event';

const PREFIXES = { uploadPrefix: 'uploads/', processedPrefix: 'processed/' };
const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 2);
const OPTIONS: SweepOptions = { olderThanMs: 15 * MINUTE };

const object = (key: string, minutesOld = 60, size = 1): ListedObject => ({
  key,
  size,
  etag: 'e',
  lastModified: new Date(NOW - minutesOld * MINUTE),
});

const keysOf = (count: number): ListedObject[] =>
  Array.from({ length: count }, (_, i) => object(`uploads/${String(i).padStart(6, '0')}`));

/** A bucket that lists in the order of its keys, and a mover that takes what it is told of. */
class Fake {
  readonly resubmitted: string[] = [];
  stopsAfter = Number.POSITIVE_INFINITY;
  refuses: (key: string) => boolean = () => false;
  #steps = 0;

  constructor(
    private readonly objects: readonly ListedObject[],
    private readonly pageSize = 1000,
  ) {}

  sweep(options: SweepOptions = OPTIONS): Promise<SweepResult> {
    this.#steps = 0;
    return sweep(this.#dependencies(), options);
  }

  #dependencies(): Dependencies {
    return {
      list: (position) => Promise.resolve(this.#page(position)),
      judge: (listed) => judge('bucket', listed, PREFIXES),
      resubmit: ({ key }) => {
        if (this.refuses(key)) return Promise.reject(new Error(`refused ${key}`));
        this.resubmitted.push(key);
        return Promise.resolve();
      },
      pace: () => Promise.resolve(),
      now: () => NOW,
      mustStop: () => ++this.#steps > this.stopsAfter,
    };
  }

  #page({ after = '' }: Position): Page {
    // The fake's keys are ASCII, so comparing strings is S3's order; a binary search keeps 100,000 of them fast.
    let low = 0;
    let high = this.objects.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.objects[middle]?.key ?? '') <= after) low = middle + 1;
      else high = middle;
    }
    const objects = this.objects.slice(low, low + this.pageSize);
    const more = low + objects.length < this.objects.length;
    return { objects, next: more ? { after: objects.at(-1)?.key } : undefined };
  }
}

describe('sweep', () => {
  it('stops in time at any pace', async () => {
    const RESERVE_MS = 10_000;
    for (const perSecond of [0.5, 1, 3, 50]) {
      let now = NOW;
      const clock = { now: () => now, sleep: (ms: number) => Promise.resolve(void (now += ms)) };
      const end = now + 60_000;
      let begun = 0;
      await sweep(
        {
          list: () => Promise.resolve({ objects: keysOf(10_000), next: undefined }),
          judge: () => 'resubmit',
          resubmit: () => Promise.resolve(void (begun = Math.max(begun, now))),
          pace: pace(perSecond, clock),
          now: clock.now,
          mustStop: () => end - now < RESERVE_MS,
        },
        { ...OPTIONS, maximumPerSecond: perSecond },
      );
      expect(begun).toBeLessThanOrEqual(end - RESERVE_MS + 2_000);
    }
  });

  it('resubmits what is older than it should be and leaves the rest to its event', async () => {
    const fake = new Fake([object('uploads/new', 14), object('uploads/old', 16)]);

    const result = await fake.sweep();

    expect(fake.resubmitted).toEqual(['uploads/old']);
    expect(result).toMatchObject({ seen: 2, waiting: 1, resubmitted: 1, oldestMs: 16 * MINUTE });
  });

  it('resubmits nothing that the mover would ignore', async () => {
    const fake = new Fake([
      object('elsewhere/x'),
      object('processed/x'),
      object('uploads/', 60, 0),
      object('uploads/folder/', 60, 0),
    ]);

    await expect(fake.sweep()).resolves.toMatchObject({ seen: 4, waiting: 0, resubmitted: 0 });
    expect(fake.resubmitted).toEqual([]);
  });

  it('names what can never be moved, and counts it as waiting, but does not fail it again at every sweep', async () => {
    const key = `uploads/${'x'.repeat(1016)}`;
    const fake = new Fake([object('uploads/a'), object(key)]);

    await expect(fake.sweep()).resolves.toMatchObject({ waiting: 2, resubmitted: 1, unmovable: [key] });
  });

  it('only looks on a dry run', async () => {
    const fake = new Fake([object('uploads/a')]);

    await expect(fake.sweep({ ...OPTIONS, dryRun: true })).resolves.toMatchObject({
      waiting: 1,
      resubmitted: 0,
    });
    expect(fake.resubmitted).toEqual([]);
  });

  it('says that it came to the end by naming no place to go on at', async () => {
    await expect(new Fake([object('uploads/a')]).sweep()).resolves.toMatchObject({ next: undefined });
    await expect(new Fake([]).sweep()).resolves.toMatchObject({
      next: undefined,
      seen: 0,
      oldestMs: 0,
    });
  });

  it('resubmits each of 100,000 uploads once, over as many runs as it takes', async () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `uploads/${String(i).padStart(6, '0')}`);
    const fake = new Fake(keys.map((key) => object(key)));
    fake.stopsAfter = 1_700; // turns of ten, and the pages

    let runs = 0;
    let next: Position | undefined = {};
    while (next !== undefined) {
      ({ next } = await fake.sweep({ ...OPTIONS, ...next }));
      runs += 1;
    }

    expect(runs).toBeGreaterThan(3);
    expect(fake.resubmitted).toHaveLength(keys.length);
    expect(new Set(fake.resubmitted)).toEqual(new Set(keys));
  });

  it('goes on, after an error, with what was not taken', async () => {
    const keys = Array.from({ length: 25 }, (_, i) => `uploads/${String(i).padStart(2, '0')}`);
    const fake = new Fake(keys.map((key) => object(key)));
    fake.refuses = (key) => key === 'uploads/12';

    const error: unknown = await fake.sweep().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SweepError);
    expect(error).toMatchObject({ message: 'The sweep stopped: refused uploads/12' });
    const { result } = error as SweepError;
    expect(result.next).toEqual({ after: 'uploads/09' });

    fake.refuses = () => false;
    await fake.sweep({ ...OPTIONS, ...result.next });
    expect(new Set(fake.resubmitted)).toEqual(new Set(keys));
  });

  it('forgets no upload wherever it is stopped or fails, in any order of keys and pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[a-z/]{1,6}$/u), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 15 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
        fc.infiniteStream(fc.nat({ max: 9 })),
        async (names, pageSize, stops, faults) => {
          const keys = names.map((name) => `uploads/${name}`).sort();
          const fake = new Fake(
            keys.map((key) => object(key)),
            pageSize,
          );
          let next: Position | undefined = {};
          while (next !== undefined) {
            fake.stopsAfter = (stops.next().value as number) + 1; // a page, and at least one turn
            const fault = faults.next().value as number;
            let calls = 0;
            fake.refuses = () => fault < 3 && ++calls > fault;
            ({ next } = await fake.sweep({ ...OPTIONS, ...next }).catch((error: unknown) => {
              if (error instanceof SweepError) return error.result;
              throw error;
            }));
          }
          expect(new Set(fake.resubmitted)).toEqual(new Set(keys));
        },
      ),
      { numRuns: 200 },
    );
  });
});
