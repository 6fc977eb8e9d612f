import { UploadMetrics } from '../../../handlers/process-upload/upload-metrics';

const moved = { decision: 'moved', why: '', destination: 'processed/a', size: 10, replaced: false } as const;

test('counts what was moved, its bytes, and what was replaced', () => {
  const uploadMetrics = new UploadMetrics();
  uploadMetrics.result(moved);
  uploadMetrics.result({ ...moved, size: 5, replaced: true });
  expect(uploadMetrics.entries()).toEqual([
    ['UploadsMoved', 2],
    ['BytesMoved', 15],
    ['UploadsReplaced', 1],
  ]);
});

test('counts what was ignored, what failed and what conflicted', () => {
  const uploadMetrics = new UploadMetrics();
  uploadMetrics.result({ decision: 'ignored', why: '' });
  uploadMetrics.failed();
  uploadMetrics.conflict();
  expect(uploadMetrics.entries()).toEqual([
    ['UploadsIgnored', 1],
    ['UploadsFailed', 1],
    ['Conflicts', 1],
  ]);
});

test('has nothing to report when nothing happened', () => {
  expect(new UploadMetrics().entries()).toEqual([]);
});
