import type { KeyHistory, StoredVersion } from '../../../../tools/operate/audit/history';
import { judgeUpload } from '../../../../tools/operate/audit/judge-upload';

const SECOND = 1_000;

const version = (etag: string, second: number, more: Partial<StoredVersion> = {}): StoredVersion => ({
  versionId: `${etag}@${second}`,
  etag,
  size: 3,
  at: second * SECOND,
  isLatest: false,
  ...more,
});

/** Versions and delete markers, each newest first; a marker is the second it was made at. */
const history = (
  key: string,
  versions: readonly StoredVersion[],
  markers: readonly number[] = [],
  deleted = markers.length > 0,
): KeyHistory => ({
  key,
  versions,
  deleteMarkers: markers.map((second, i) => ({
    versionId: `marker@${second}`,
    at: second * SECOND,
    isLatest: deleted && i === 0,
  })),
});

const fatesOf = (uploads: KeyHistory, ...destinations: KeyHistory[]) =>
  judgeUpload(uploads, destinations).map(({ fate, bySizeAndTime }) =>
    bySizeAndTime ? `${fate} by size and time` : fate,
  );

describe('an upload', () => {
  it('is processed where its destination shows the same content', () => {
    const copy = version('a', 2, { isLatest: true });
    expect(fatesOf(history('u', [version('a', 1)], [3]), history('p', [copy]))).toEqual(['processed']);
  });

  it('is replaced where a newer upload’s content stands above its own', () => {
    const uploads = history('u', [version('b', 4), version('a', 1)], [6, 3]);
    const destination = history('p', [version('b', 5, { isLatest: true }), version('a', 2)]);
    expect(fatesOf(uploads, destination)).toEqual(['processed', 'replaced']);
  });

  it('is removed where someone deleted it at its destination', () => {
    expect(fatesOf(history('u', [version('a', 1)], [3]), history('p', [version('a', 2)], [9]))).toEqual([
      'removed',
    ]);
  });

  it('waits as long as it is what its key shows', () => {
    expect(fatesOf(history('u', [version('a', 1, { isLatest: true })]))).toEqual(['waiting']);
  });

  it('is overwritten where a newer upload took its place before the move', () => {
    const uploads = history('u', [version('b', 2), version('a', 1)], [4]);
    expect(fatesOf(uploads, history('p', [version('b', 3, { isLatest: true })]))).toEqual([
      'processed',
      'overwritten',
    ]);
  });

  it('is overwritten where the newer upload was moved within the second of its arrival', () => {
    const uploads = history('u', [version('c', 9), version('b', 5), version('a', 1)], [11, 5]);
    const destination = history('p', [version('c', 10, { isLatest: true }), version('b', 5)]);
    expect(fatesOf(uploads, destination)).toEqual(['processed', 'replaced', 'overwritten']);
  });

  it('is overwritten where its own second began with the delete of an older upload', () => {
    const uploads = history('u', [version('c', 5), version('b', 5), version('a', 1)], [7, 5]);
    const destination = history('p', [version('c', 6, { isLatest: true }), version('a', 2)]);
    expect(fatesOf(uploads, destination)).toEqual(['processed', 'overwritten', 'replaced']);
  });

  it('is unaccounted for where the one delete of its second was its own', () => {
    const uploads = history('u', [version('c', 9), version('b', 5), version('a', 1)], [11, 5, 3]);
    const destination = history('p', [version('c', 10, { isLatest: true }), version('a', 2)]);
    expect(fatesOf(uploads, destination)).toEqual(['processed', 'unaccounted', 'replaced']);
  });

  it('is unaccounted for where it was deleted without a copy', () => {
    expect(fatesOf(history('u', [version('a', 1)], [3]))).toEqual(['unaccounted']);
    expect(fatesOf(history('u', [version('a', 1)], [3]), history('p', [], [5]))).toEqual(['unaccounted']);
  });

  it('is unaccounted for where only another upload’s copy is there', () => {
    const uploads = history('u', [version('b', 4), version('a', 1)], [6, 3]);
    expect(fatesOf(uploads, history('p', [version('b', 5, { isLatest: true })]))).toEqual([
      'processed',
      'unaccounted',
    ]);
  });

  it('is found under a second name', () => {
    const uploads = history('u', [version('a', 1)], [3]);
    const second = history('p.~a', [version('a', 2, { isLatest: true })]);
    expect(fatesOf(uploads, history('p', [version('x', 0, { isLatest: true })]), second)).toEqual([
      'processed',
    ]);
  });
});

describe('an upload whose copy has another ETag', () => {
  it('is known by size and time', () => {
    const uploads = history('u', [version('a-2', 1)], [3]);
    expect(fatesOf(uploads, history('p', [version('whole', 2, { isLatest: true })]))).toEqual([
      'processed by size and time',
    ]);
  });

  it.each([
    ['another size', version('x', 2, { size: 4, isLatest: true })],
    ['a later time than the delete', version('x', 9, { isLatest: true })],
  ])('is not known by a copy of %s', (_what, copy) => {
    expect(fatesOf(history('u', [version('a-2', 1)], [3]), history('p', [copy]))).toEqual(['unaccounted']);
  });

  it('is not known by the copy that another upload’s ETag claims', () => {
    const uploads = history('u', [version('b', 1), version('a', 1)], [3, 1]);
    expect(fatesOf(uploads, history('p', [version('b', 2, { isLatest: true })]))).toEqual([
      'processed',
      'unaccounted',
    ]);
  });

  it('has a copy of its own where there are two', () => {
    const uploads = history('u', [version('b-2', 4), version('a-2', 1)], [6, 3]);
    const destination = history('p', [version('y', 5, { isLatest: true }), version('x', 2)]);
    expect(fatesOf(uploads, destination)).toEqual([
      'processed by size and time',
      'replaced by size and time',
    ]);
  });

  it('has a copy of its own within one second, too', () => {
    const uploads = history('u', [version('b-2', 2), version('a-2', 1)], [2, 2]);
    const destination = history('p', [version('y', 2, { isLatest: true }), version('x', 2)]);
    expect(fatesOf(uploads, destination)).toEqual([
      'processed by size and time',
      'replaced by size and time',
    ]);
  });

  it('needs no second copy where the same bytes were there already', () => {
    const uploads = history('u', [version('b-2', 4), version('a-2', 1)], [6, 3]);
    expect(fatesOf(uploads, history('p', [version('x', 2, { isLatest: true })]))).toEqual([
      'processed by size and time',
      'processed by size and time',
    ]);
  });
});

describe('times of whole seconds', () => {
  it('leave an upload unaccounted for where it may have been deleted, in doubt', () => {
    const uploads = history('u', [version('b', 1), version('a', 1)], [1, 1]);
    expect(fatesOf(uploads, history('p', [version('b', 1, { isLatest: true })]))).toEqual([
      'processed',
      'unaccounted',
    ]);
  });

  it('do not take the last delete for one between two uploads', () => {
    const uploads = history('u', [version('b', 1), version('a', 1)], [1]);
    expect(fatesOf(uploads, history('p', [version('b', 1, { isLatest: true })]))).toEqual([
      'processed',
      'overwritten',
    ]);
  });
});
