import { run, type RunWorld } from '../../../handlers/sweep/run';
import { SweepError, type Found } from '../../../handlers/sweep/sweep';

const NOW = Date.UTC(2026, 0, 2);
const object = (key: string) => ({ key, size: 1, etag: 'e', lastModified: new Date(NOW - 3_600_000) });

function fake(overrides: Partial<RunWorld> = {}) {
  const announced: string[] = [];
  const published: Found[] = [];
  const logged: string[] = [];
  const written: (string | undefined)[] = [];
  const world: RunWorld = {
    list: (after = '') =>
      Promise.resolve({ objects: ['a', 'b', 'c'].filter((key) => key > after).map(object), more: false }),
    judge: () => 'announce',
    announce: ({ key }) => Promise.resolve(void announced.push(key)),
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
  return { world, announced, published, logged, written };
}

const OPTIONS = { olderThanMs: 60_000 };
const noteAt = (after: string | undefined, written: (string | undefined)[]) => ({
  read: () => Promise.resolve(after),
  write: (next: string | undefined) => Promise.resolve(void written.push(next)),
});

describe('a scheduled sweep', () => {
  it('announces, publishes what it found, and writes no note when it came to the end', async () => {
    const { world, announced, published, written } = fake();

    await run(world, OPTIONS);

    expect(announced).toEqual(['a', 'b', 'c']);
    expect(published).toEqual([expect.objectContaining({ waiting: 3, announced: 3, oldestMs: 3_600_000 })]);
    expect(written).toEqual([]);
  });

  it('goes on where the last one stopped, and clears the note at the end', async () => {
    const written: (string | undefined)[] = [];
    const { world, announced } = fake({ note: noteAt('a', written) });

    await run(world, OPTIONS);

    expect(announced).toEqual(['b', 'c']);
    expect(written).toStrictEqual([undefined]);
  });

  it('notes where it stops when its time is up', async () => {
    let turns = 0;
    const { world, written } = fake({
      list: (after) => Promise.resolve({ objects: after === undefined ? [object('a')] : [], more: true }),
      mustStop: () => ++turns > 1,
    });

    await run(world, OPTIONS);

    expect(written).toEqual(['a']);
  });

  it('notes how far it came, publishes, and fails when Lambda takes no more', async () => {
    const { world, written, published } = fake({
      note: noteAt('0', []),
      list: () => Promise.resolve({ objects: [object('a')], more: true }),
      announce: () => Promise.reject(new Error('throttled')),
    });

    await expect(run(world, OPTIONS)).rejects.toBeInstanceOf(SweepError);
    expect(published).toHaveLength(1);
    expect(written).toEqual([]); // where it began: the same note as before
  });

  it('only looks while the mover is stopped: what it announced would fail at once, again at every sweep', async () => {
    const { world, announced, published, logged } = fake({ isStopped: () => Promise.resolve(true) });

    await run(world, OPTIONS);

    expect(announced).toEqual([]);
    expect(published).toEqual([expect.objectContaining({ waiting: 3, announced: 0 })]);
    expect(logged).toContain('process-upload is stopped (reserved concurrency 0): nothing was announced');
  });

  it('tells of each upload that can never be moved', async () => {
    const warned: unknown[] = [];
    const { world } = fake({
      judge: () => 'hopeless',
      log: { info: () => undefined, warn: (_, fields) => void warned.push(fields), error: () => undefined },
    });

    await run(world, OPTIONS);

    expect(warned).toEqual([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
  });
});
