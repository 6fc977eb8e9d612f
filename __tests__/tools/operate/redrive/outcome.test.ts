import { awaitOutcomes, type OutcomePorts, type Outcomes } from '../../../../tools/operate/redrive/outcome';
import { exitCodeWith, outcomeReport } from '../../../../tools/operate/redrive/report';
import { NOTHING } from '../../../support/redrive-dependencies';

const PREFIXES = { uploadPrefix: 'uploads/', processedPrefix: 'processed/' };

/** A bucket and a failure queue in which things happen as time passes: each at a second. */
function world(
  events: Readonly<Record<number, (at: { bucket: Set<string>; failed: Map<string, string> }) => void>>,
) {
  const at = { bucket: new Set<string>(), failed: new Map<string, string>() };
  let now = 0;
  const reached = new Set<number>();
  const pass = (): void => {
    for (const [second, happen] of Object.entries(events)) {
      if (Number(second) * 1000 > now || reached.has(Number(second))) continue;
      reached.add(Number(second));
      happen(at);
    }
  };
  pass();
  const interrupt = new AbortController();
  const ports: OutcomePorts = {
    exists: (key) => Promise.resolve(at.bucket.has(key)),
    countFailures: () => Promise.resolve(at.failed.size),
    newFailures: () => Promise.resolve(at.failed),
    sleep: (milliseconds) => {
      now += milliseconds;
      pass();
      return Promise.resolve();
    },
    now: () => now,
    signal: interrupt.signal,
  };
  const wait = (keys: readonly string[], limitMs = 60_000, left = 0) =>
    awaitOutcomes(keys, PREFIXES, { limitMs, left }, ports);
  return { wait, interrupt, elapsed: () => now };
}

const moved =
  (name: string) =>
  ({ bucket }: { bucket: Set<string> }) => {
    bucket.delete(`uploads/${name}`);
    bucket.add(`processed/${name}`);
  };

describe('what came of the uploads', () => {
  it('is told by the state of S3, as soon as it is known of all', async () => {
    const { wait, elapsed } = world({
      0: ({ bucket }) => {
        for (const name of ['a', 'b', 'c', 'd']) bucket.add(`uploads/${name}`);
      },
      2: moved('a'),
      3: ({ failed }) => failed.set('uploads/b', 'TypeError: again'),
      4: ({ bucket }) => bucket.delete('uploads/c'),
      6: moved('d'),
    });

    await expect(wait(['uploads/a', 'uploads/b', 'uploads/c', 'uploads/d'])).resolves.toEqual<Outcomes>({
      moved: ['uploads/a', 'uploads/d'],
      gone: ['uploads/c'],
      failedAgain: [{ key: 'uploads/b', error: 'TypeError: again' }],
      waiting: [],
    });
    expect(elapsed()).toBeLessThan(60_000);
  });

  it('waits no longer than it may, and names what still waits', async () => {
    const { wait, elapsed } = world({ 0: ({ bucket }) => bucket.add('uploads/a') });

    await expect(wait(['uploads/a'], 20_000)).resolves.toMatchObject({ moved: [], waiting: ['uploads/a'] });
    expect(elapsed()).toBeLessThanOrEqual(20_000);
  });

  it('finds what failed again before the wait began', async () => {
    const { wait, elapsed } = world({
      0: ({ bucket, failed }) => {
        bucket.add('uploads/a');
        failed.set('uploads/a', 'again');
      },
    });

    await expect(wait(['uploads/a'])).resolves.toMatchObject({
      failedAgain: [{ key: 'uploads/a', error: 'again' }],
    });
    expect(elapsed()).toBe(0);
  });

  it('does not take a record that the redrive has left for a new failure', async () => {
    const { wait } = world({
      0: ({ bucket, failed }) => {
        bucket.add('uploads/a');
        failed.set('uploads/other', 'permanent');
      },
      5: moved('a'),
    });

    await expect(wait(['uploads/a'], 60_000, 1)).resolves.toMatchObject({
      moved: ['uploads/a'],
      failedAgain: [],
    });
  });

  it('ends at Ctrl-C with what is known', async () => {
    const { wait, interrupt } = world({ 0: ({ bucket }) => bucket.add('uploads/a') });
    interrupt.abort();

    await expect(wait(['uploads/a', 'uploads/b'])).resolves.toMatchObject({
      gone: ['uploads/b'],
      waiting: ['uploads/a'],
    });
  });

  it('is told in a few lines, and by the exit code', () => {
    const outcomes: Outcomes = {
      moved: ['uploads/a'],
      gone: [],
      failedAgain: [{ key: 'uploads/b', error: 'TypeError: again\u001b[31m' }],
      waiting: ['uploads/c'],
    };

    expect(outcomeReport(outcomes)).toBe(
      '1 upload moved\n1 upload failed again:\n  uploads/b  TypeError: again\\u001b[31m\n1 upload still waiting: npm run status\n  uploads/c',
    );
    expect(exitCodeWith(NOTHING, outcomes)).toBe(1);
    expect(exitCodeWith(NOTHING, { ...outcomes, failedAgain: [] })).toBe(3);
    expect(exitCodeWith(NOTHING, { ...outcomes, failedAgain: [], waiting: [] })).toBe(0);
    expect(exitCodeWith({ ...NOTHING, refused: { no: 1 } }, undefined)).toBe(1);
  });
});
