import { Tally } from '../../../handlers/process-upload/tally';

const moved = { decision: 'moved', why: '', destination: 'processed/a', size: 10, replaced: false } as const;

test('counts what was moved, its bytes, and what was replaced', () => {
  const tally = new Tally();
  tally.result(moved);
  tally.result({ ...moved, size: 5, replaced: true });
  expect(tally.entries()).toEqual([
    ['UploadsMoved', 2],
    ['BytesMoved', 15],
    ['UploadsReplaced', 1],
  ]);
});

test('counts what was ignored, what failed and what conflicted', () => {
  const tally = new Tally();
  tally.result({ decision: 'ignored', why: '' });
  tally.failed();
  tally.conflict();
  expect(tally.entries()).toEqual([
    ['UploadsIgnored', 1],
    ['UploadsFailed', 1],
    ['Conflicts', 1],
  ]);
});

test('has nothing to report when nothing happened', () => {
  expect(new Tally().entries()).toEqual([]);
});
