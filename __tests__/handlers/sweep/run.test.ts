import { run, type RunDependencies } from '../../../handlers/sweep/run';
import type { Noted } from '../../../handlers/sweep/note';
import { SweepError, type Found } from '../../../handlers/sweep/sweep';

const NOW = Date.UTC(2026, 0, 2);
const object = (key: string) => ({ key, size: 1, etag: 'e', lastModified: new Date(NOW - 3_600_000) });

function fake(overrides: Partial<RunDependencies> = {}) {
  const resubmitted: string[] = [];
  const published: Found[] = [];
  const logged: string[] = [];
  const written: Noted[] = [];
  const dependencies: RunDependencies = {
    list: ({ after = '' }) =>
      Promise.resolve({ objects: ['a', 'b', 'c'].filter((key) => key > after).map(object), next: undefined }),
    judge: () => 'resubmit',
    resubmit: ({ key }) => Promise.resolve(void resubmitted.push(key)),
    isStopped: () => Promise.resolve(false),
    pace: () => Promise.resolve(),
    now: () => NOW,
    mustStop: () => false,
    note: {
      read: () => Promise.resolve({}),
      write: (noted) => Promise.resolve(void written.push(noted)),
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
const noteOf = (noted: Noted, written: Noted[]) => ({
  read: () => Promise.resolve(noted),
  write: (next: Noted) => Promise.resolve(void written.push(next)),
});

describe('a scheduled sweep', () => {
  it('resubmits, publishes what it found, and notes when the pass began that came to the end', async () => {
    const { dependencies, resubmitted, published, written } = fake();

    await run(dependencies, OPTIONS);

    expect(resubmitted).toEqual(['a', 'b', 'c']);
    expect(published).toEqual([expect.objectContaining({ waiting: 3, resubmitted: 3, oldestMs: 3_600_000 })]);
    expect(written).toStrictEqual([{ completed: NOW }]);
  });

  it('goes on where the last one stopped, and at the end notes when that pass began', async () => {
    const written: Noted[] = [];
    const { dependencies, resubmitted } = fake({ note: noteOf({ after: 'a', began: NOW - 5 }, written) });

    await run(dependencies, OPTIONS);

    expect(resubmitted).toEqual(['b', 'c']);
    expect(written).toStrictEqual([{ completed: NOW - 5 }]);
  });

  it('leaves out what the last complete pass has resubmitted, and still counts it', async () => {
    const { dependencies, resubmitted, published } = fake({ note: noteOf({ completed: NOW - 60_000 }, []) });

    await run(dependencies, OPTIONS);

    expect(resubmitted).toEqual([]);
    expect(published).toEqual([expect.objectContaining({ waiting: 3, resubmitted: 0, postponed: 3 })]);
  });

  it('notes where it stops when its time is up, a page without keys too', async () => {
    let turns = 0;
    const written: Noted[] = [];
    const { dependencies } = fake({
      note: noteOf({ after: '0', completed: 7 }, written),
      list: ({ token = '' }) => Promise.resolve({ objects: [], next: { after: '0', token: `${token}+` } }),
      mustStop: () => ++turns > 3,
    });

    await run(dependencies, OPTIONS);

    expect(written).toEqual([{ after: '0', token: '+++', began: NOW, completed: 7 }]);
  });

  it('notes how far it came, publishes, and fails when Lambda takes no more', async () => {
    const written: Noted[] = [];
    const { dependencies, published } = fake({
      note: noteOf({ after: '0' }, written),
      list: () => Promise.resolve({ objects: [object('a')], next: { after: 'a', token: 't' } }),
      resubmit: () => Promise.reject(new Error('throttled')),
    });

    await expect(run(dependencies, OPTIONS)).rejects.toBeInstanceOf(SweepError);
    expect(published).toHaveLength(1);
    expect(written).toEqual([{ after: '0', began: NOW }]); // where it began
  });

  it('notes no token after an error: S3 may be refusing it', async () => {
    const written: Noted[] = [];
    const { dependencies } = fake({
      note: noteOf({ after: 'a', token: 'old', began: 1 }, written),
      list: () => Promise.reject(new Error('The continuation token provided is incorrect')),
    });

    await expect(run(dependencies, OPTIONS)).rejects.toThrow('continuation token');
    expect(written).toEqual([{ after: 'a', began: 1 }]);
  });

  it('only looks while the mover is stopped: what it resubmitted would fail at once, again at every sweep', async () => {
    const { dependencies, resubmitted, published, logged, written } = fake({
      isStopped: () => Promise.resolve(true),
    });

    await run(dependencies, OPTIONS);

    expect(resubmitted).toEqual([]);
    expect(published).toEqual([expect.objectContaining({ waiting: 3, resubmitted: 0 })]);
    expect(written).toEqual([]); // all of it is still to be done
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
