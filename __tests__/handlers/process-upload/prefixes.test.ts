import { handleEvent } from '../../../handlers/process-upload/handle-event';
import { destinationOf, isProcessed } from '../../../handlers/process-upload/prefixes';
import { s3Store } from '../../../handlers/process-upload/s3-store';
import { dependencies } from '../../support/dependencies';
import { errorOf } from '../../support/error-of';
import { s3Event } from '../../support/events';
import { fakeClient } from '../../support/fake-client';
import { S3Model, S3ModelError } from '../../support/s3-model';
import type { Gate } from '../../support/s3-operations';

const prefixes = { uploadPrefix: 'uploads/', processedPrefix: 'processed/', formerPrefixes: [] };
const changed = {
  uploadPrefix: 'in/',
  processedPrefix: 'done/',
  formerPrefixes: [
    { upload: 'uploads/', processed: 'processed/' },
    { upload: 'in/old/', processed: 'old/' },
  ],
};

describe('where an upload goes', () => {
  test('keeps the whole path below the upload prefix', () => {
    expect(destinationOf('uploads/2026/11/a.csv', prefixes)).toBe('processed/2026/11/a.csv');
    expect(destinationOf('2026/a.csv', { ...prefixes, uploadPrefix: '' })).toBe('processed/2026/a.csv');
  });

  test.each([
    ['in/a', 'done/a'],
    ['uploads/a', 'processed/a'],
    ['in/old/a', 'old/a'],
  ])('is what the pair says whose prefix is the longest that %s lies below: %s', (key, destination) => {
    expect(destinationOf(key, changed)).toBe(destination);
  });

  test('is the present pair’s where a former one has the same upload prefix', () => {
    const former = [{ upload: 'uploads/', processed: 'processed/' }];
    expect(
      destinationOf('uploads/a', { ...prefixes, processedPrefix: 'done/', formerPrefixes: former }),
    ).toBe('done/a');
  });

  test('is nowhere for a key below none of them: that fails for good, and says what to do', () => {
    expect(errorOf(() => destinationOf('mail/a', changed))).toMatchObject({
      name: 'PermanentError',
      what: 'The key lies below no prefix that uploads arrive under: in/; formerly uploads/, in/old/',
      remedy: expect.stringContaining('formerPrefixes') as string,
    });
  });

  test('is allowed exactly 1,024 bytes, counted in UTF-8', () => {
    const fits = `uploads/${'ü'.repeat(507)}`;
    expect(Buffer.byteLength(destinationOf(fits, prefixes))).toBe(1024);
    expect(errorOf(() => destinationOf(`${fits}x`, prefixes))).toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('1025 bytes') as string,
    });
  });
});

test('what lies below a processed prefix is processed, below a former one too', () => {
  const keys = ['done/a', 'processed/a', 'old/a', 'in/a', 'uploads/done/a', 'mail/a'];
  expect(keys.filter((key) => isProcessed(key, changed))).toEqual(['done/a', 'processed/a', 'old/a']);
});

describe('after a change of prefixes', () => {
  const environment = { ...dependencies().environment, ...changed };
  const handle = (model: S3Model, key: string, gate?: Gate) =>
    handleEvent(
      s3Event({ key, etag: model.current(key)?.etag ?? 'e', size: 3 }),
      dependencies({
        environment,
        openStore: (bucket, signal) => s3Store({ client: fakeClient(model, gate).client, bucket, signal }),
      }),
    );

  test('an upload that waits below a former prefix is moved as before', async () => {
    const model = new S3Model();
    model.put('uploads/a', 'old');
    model.put('in/a', 'new');
    await handle(model, 'uploads/a');
    await handle(model, 'in/a');
    expect(model.keys()).toEqual(['done/a', 'processed/a']);
  });

  test('an upload below a prefix that nobody serves any more fails, and stays: ignored, it would be forgotten', async () => {
    const model = new S3Model();
    model.put('mail/a', 'old');
    await expect(handle(model, 'mail/a')).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('s3://pipeline/mail/a: The key lies below no prefix') as string,
    });
    expect(model.keys()).toEqual(['mail/a']);
  });

  test('also where the function may not read there, which S3 says of what is there', async () => {
    const model = new S3Model();
    const refuse: Gate = () => Promise.reject(new S3ModelError(403, 'AccessDenied'));
    await expect(handle(model, 'mail/a', refuse)).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('below no prefix') as string,
    });
  });

  test('its record ends once someone has taken the upload away', async () => {
    await expect(handle(new S3Model(), 'mail/a')).resolves.toBeUndefined();
  });
});
