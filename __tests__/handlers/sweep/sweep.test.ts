import * as fc from 'fast-check';
import { judge } from '../../../handlers/sweep/judge';
import {
  sweep,
  SweepError,
  type Page,
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
      list: (after) => Promise.resolve(this.#page(after)),
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

  #page(after = ''): Page {
    // The fake's keys are ASCII, so comparing strings is S3's order; a binary search keeps 100,000 of them fast.
    let low = 0;
    let high = this.objects.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.objects[middle]?.key ?? '') <= after) low = middle + 1;
      else high = middle;
    }
    const objects = this.objects.slice(low, low + this.pageSize);
    return { objects, more: low + objects.length < this.objects.length };
  }
}

describe('sweep', () => {
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

  it('says that it came to the end by not naming a key to go on after', async () => {
    await expect(new Fake([object('uploads/a')]).sweep()).resolves.toMatchObject({ after: undefined });
    await expect(new Fake([]).sweep()).resolves.toMatchObject({ after: undefined, seen: 0, oldestMs: 0 });
  });

  it('resubmits each of 100,000 uploads once, over as many runs as it takes', async () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `uploads/${String(i).padStart(6, '0')}`);
    const fake = new Fake(keys.map((key) => object(key)));
    fake.stopsAfter = 1_700; // turns of ten, and the pages

    let runs = 0;
    let after: string | undefined;
    do {
      ({ after } = await fake.sweep({ ...OPTIONS, after }));
      runs += 1;
    } while (after !== undefined);

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
    expect(result.after).toBe('uploads/09');

    fake.refuses = () => false;
    await fake.sweep({ ...OPTIONS, after: result.after });
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
          let after: string | undefined;
          do {
            fake.stopsAfter = (stops.next().value as number) + 1; // a page, and at least one turn
            const fault = faults.next().value as number;
            let calls = 0;
            fake.refuses = () => fault < 3 && ++calls > fault;
            const result = await fake.sweep({ ...OPTIONS, after }).catch((error: unknown) => {
              if (error instanceof SweepError) return error.result;
              throw error;
            });
            after = result.after ?? (fault < 3 && calls > fault ? '' : undefined);
          } while (after !== undefined);
          expect(new Set(fake.resubmitted)).toEqual(new Set(keys));
        },
      ),
      { numRuns: 200 },
    );
  });
});
