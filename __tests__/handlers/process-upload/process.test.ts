import { processUpload } from '../../../handlers/process-upload/process';

// The test of the step that the project comes with: replace both together.
test('the step logs the upload', async () => {
  const log = { info: jest.fn() };
  const upload = { bucket: 'bucket', key: 'uploads/a.txt', etag: 'e', size: 9, open: jest.fn() };

  await processUpload(upload, { log, signal: new AbortController().signal });

  expect(log.info).toHaveBeenCalledWith('Processing an upload', {
    bucket: 'bucket',
    key: 'uploads/a.txt',
    size: 9,
  });
});
