import { requireTime, type CopySoFar } from '../../../handlers/process-upload/copy-time';
import { s3Store } from '../../../handlers/process-upload/s3-store';
import { BUCKET } from '../../support/events';
import { errorOf } from '../../support/error-of';
import { fakeClient } from '../../support/fake-client';
import { S3Model } from '../../support/s3-model';
import type { Gate } from '../../support/s3-operations';

const MINUTE = 60_000;
const soFar: CopySoFar = {
  bucket: 'b',
  from: "uploads/it's.mkv",
  to: "processed/it's.mkv",
  parts: 1_600,
  took: Array.from({ length: 16 }, () => MINUTE / 2),
  atOnce: 16,
  leftMs: 14 * MINUTE,
};

describe('a copy in parts is projected from its first parts', () => {
  test('and given up for good where it takes far longer than the time left, with the command that does it', () => {
    expect(
      errorOf(() => {
        requireTime(soFar);
      }),
    ).toMatchObject({
      name: 'PermanentError',
      what: 'To copy it in 1600 parts takes about 49.3 minutes more, and the function has 14.0 minutes left',
      remedy: expect.stringContaining(
        String.raw`aws s3 mv 's3://b/uploads/it'\''s.mkv' 's3://b/processed/it'\''s.mkv'`,
      ) as string,
    });
  });

  test.each([
    ['while only some of the first parts are there', { took: soFar.took.slice(1) }],
    ['where it fits', { parts: 400 }],
    ['where it may fit: S3 does not always take as long', { parts: 600 }],
    ['where the function has no end', { leftMs: Number.MAX_SAFE_INTEGER }],
    ['at the end', { parts: 16, leftMs: 0 }],
  ])('and goes on %s', (_, now) => {
    expect(() => {
      requireTime({ ...soFar, ...now });
    }).not.toThrow();
  });
});

test('a huge object is given up after its first parts, not when the time is up, and no parts are left behind', async () => {
  const model = new S3Model();
  const version = model.put('uploads/a', 'a film', { size: 1024 ** 4 });
  let left = 15 * MINUTE;
  const gate: Gate = async (label, effect) => {
    await Promise.resolve();
    if (label.startsWith('UploadPartCopy') && !label.includes('reads')) left -= 1_000;
    return effect();
  };
  const { client, sent } = fakeClient(model, gate);
  const { signal } = new AbortController();
  const store = s3Store({ client, bucket: BUCKET, signal, timeLeft: () => left });

  await expect(
    store.copy({ from: 'uploads/a', version, to: 'processed/a', replacing: undefined }),
  ).rejects.toMatchObject({ name: 'PermanentError' });

  expect(sent.filter(({ name }) => name === 'UploadPartCopy').length).toBeLessThan(100);
  expect(sent.at(-1)?.name).toBe('AbortMultipartUpload');
  expect(model.uploads.size).toBe(0);
});
