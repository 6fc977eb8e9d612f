import { run, type RunDependencies } from '../../../handlers/sweep/run';
import { SweepError, type Found } from '../../../handlers/sweep/sweep';

const NOW = Date.UTC(2026, 0, 2);
const object = (key: string) => ({ key, size: 1, etag: 'e', lastModified: new Date(NOW - 3_600_000) });

function fake(overrides: Partial<RunDependencies> = {}) {
  const resubmitted: string[] = [];
  const published: Found[] = [];
  const logged: string[] = [];
  const written: (string | undefined)[] = [];
  const dependencies: RunDependencies = {
    list: (after = '') =>
      Promise.resolve({ objects: ['a', 'b', 'c'].filter((key) => key > after).map(object), more: false }),
    judge: () => 'resubmit',
    resubmit: ({ key }) => Promise.resolve(void resubmitted.push(key)),
    isStopped: () => Promise.resolve(false),
    pace: () => Promise.resolve(),
    now: () => NOW,
    mustStop: () => false,
    note: {
      read: () => Promise.resolve(undefined),
      write: (after) => Promise.resolve(void written.push(after)),
    },
    publish: (found) => void published.push(found),
    log: {
      info: (message) => void logged.push(message),
      warn: (message) => void logged.push(message),
      error: (message) => void logged.push(message),
    },
    ...overrides,
  };
  return { dependencies, resubmitted, published, logged, written };
}

const OPTIONS = { olderThanMs: 60_000 };
const noteAt = (after: string | undefined, written: (string | undefined)[]) => ({
  read: () => Promise.resolve(after),
  write: (next: string | undefined) => Promise.resolve(void written.push(next)),
});

describe('a scheduled sweep', () => {
  it('resubmits, publishes what it found, and writes no note when it came to the end', async () => {
    const { dependencies, resubmitted, published, written } = fake();

    await run(dependencies, OPTIONS);

    expect(resubmitted).toEqual(['a', 'b', 'c']);
    expect(published).toEqual([expect.objectContaining({ waiting: 3, resubmitted: 3, oldestMs: 3_600_000 })]);
    expect(written).toEqual([]);
  });

  it('goes on where the last one stopped, and clears the note at the end', async () => {
    const written: (string | undefined)[] = [];
    const { dependencies, resubmitted } = fake({ note: noteAt('a', written) });

    await run(dependencies, OPTIONS);

    expect(resubmitted).toEqual(['b', 'c']);
    expect(written).toStrictEqual([undefined]);
  });

  it('notes where it stops when its time is up', async () => {
    let turns = 0;
    const { dependencies, written } = fake({
      list: (after) => Promise.resolve({ objects: after === undefined ? [object('a')] : [], more: true }),
      mustStop: () => ++turns > 1,
    });

    await run(dependencies, OPTIONS);

    expect(written).toEqual(['a']);
  });

  it('notes how far it came, publishes, and fails when Lambda takes no more', async () => {
    const { dependencies, written, published } = fake({
      note: noteAt('0', []),
      list: () => Promise.resolve({ objects: [object('a')], more: true }),
      resubmit: () => Promise.reject(new Error('throttled')),
    });

    await expect(run(dependencies, OPTIONS)).rejects.toBeInstanceOf(SweepError);
    expect(published).toHaveLength(1);
    expect(written).toEqual([]); // where it began: the same note as before
  });

  it('only looks while the mover is stopped: what it resubmitted would fail at once, again at every sweep', async () => {
    const { dependencies, resubmitted, published, logged } = fake({ isStopped: () => Promise.resolve(true) });

    await run(dependencies, OPTIONS);

    expect(resubmitted).toEqual([]);
    expect(published).toEqual([expect.objectContaining({ waiting: 3, resubmitted: 0 })]);
    expect(logged).toContain('process-upload is stopped (reserved concurrency 0): nothing was resubmitted');
  });

  it('tells of each upload that can never be moved', async () => {
    const warned: unknown[] = [];
    const { dependencies } = fake({
      judge: () => 'unmovable',
      log: { info: () => undefined, warn: (_, fields) => void warned.push(fields), error: () => undefined },
    });

    await run(dependencies, OPTIONS);

    expect(warned).toEqual([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
  });
});
