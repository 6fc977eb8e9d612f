import { s3Store } from '../../../handlers/process-upload/s3-store';
import { BUCKET } from '../../support/events';
import { fakeClient } from '../../support/fake-client';
import { S3Model } from '../../support/s3-model';

const { signal } = new AbortController();
const request = {
  from: 'uploads/a b',
  version: { etag: 'e1', size: 1 },
  to: 'processed/a b',
  replacing: undefined,
};

/** An error as the SDK throws it. */
const refusal = (status: number, name: string, extra: Record<string, unknown> = {}) =>
  Object.assign(new Error(`what S3 says about ${name}`), {
    name,
    $metadata: { httpStatusCode: status },
    ...extra,
  });

/** A store whose client answers the first request with an error, and later ones from the model. */
function refusing(error: Error, model = new S3Model()) {
  const fake = fakeClient(model);
  const send = jest.fn((command: never, options: never) => fake.client.send(command, options)) as jest.Mock;
  send.mockRejectedValueOnce(error);
  return { store: s3Store({ client: { send }, bucket: BUCKET, signal }), send };
}

describe('what is to be expected of a shared bucket is an outcome', () => {
  test.each([
    ['sourceGone', refusal(404, 'NoSuchKey'), undefined],
    [
      'sourceChanged',
      refusal(412, 'PreconditionFailed', { Condition: 'x-amz-copy-source-If-Match' }),
      undefined,
    ],
    ['destinationChanged', refusal(412, 'PreconditionFailed', { Condition: 'If-None-Match' }), undefined],
    ['destinationChanged', refusal(412, 'PreconditionFailed', { Condition: 'If-Match' }), 'e0'],
    ['conflict', refusal(409, 'ConditionalRequestConflict'), undefined],
    ['conflict', refusal(409, 'OperationAborted'), 'e0'],
  ])('a copy: %s', async (outcome, error, replacing) => {
    const { store, send } = refusing(error);
    await expect(store.copy({ ...request, replacing })).resolves.toBe(outcome);
    expect(send).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['gone', refusal(404, 'NoSuchKey')],
    ['changed', refusal(412, 'PreconditionFailed')],
    ['conflict', refusal(409, 'ConditionalRequestConflict')],
  ])('a delete: %s', async (outcome, error) => {
    await expect(refusing(error).store.remove('uploads/a', 'e1')).resolves.toBe(outcome);
  });

  test.each([
    ['gone', refusal(404, 'NoSuchKey')],
    ['changed', refusal(412, 'PreconditionFailed')],
  ])('opening: %s', async (outcome, error) => {
    await expect(refusing(error).store.open('uploads/a', 'e1')).resolves.toBe(outcome);
  });

  test('looking at nothing finds nothing', async () => {
    await expect(refusing(refusal(404, 'NotFound')).store.head('uploads/a')).resolves.toBeUndefined();
  });
});

describe('a copy that S3 refuses without saying which end is meant is decided by looking at the source', () => {
  const unclear = [
    ['a 412 without its condition', refusal(412, 'PreconditionFailed'), undefined],
    ['a 404 where both ends must exist', refusal(404, 'NoSuchKey'), 'e0'],
  ] as const;

  test.each(unclear)('%s: the source is gone', async (_what, error, replacing) => {
    await expect(refusing(error).store.copy({ ...request, replacing })).resolves.toBe('sourceGone');
  });

  test.each(unclear)('%s: the source is another', async (_what, error, replacing) => {
    const model = new S3Model();
    model.put(request.from, 'newer');
    await expect(refusing(error, model).store.copy({ ...request, replacing })).resolves.toBe('sourceChanged');
  });

  test.each(unclear)(
    '%s: the source is as it was, so it is the destination',
    async (_what, error, replacing) => {
      const model = new S3Model();
      const version = model.put(request.from, 'as it was');
      await expect(refusing(error, model).store.copy({ ...request, version, replacing })).resolves.toBe(
        'destinationChanged',
      );
    },
  );
});

describe('everything else is an error that says whether trying again can help', () => {
  test.each([
    ['PermanentError', 'Restore the object', refusal(403, 'ObjectNotInActiveTierError')],
    ['PermanentError', 'Restore the object', refusal(403, 'InvalidObjectState')],
    ['PermanentError', 'KMS key', refusal(400, 'KMS.DisabledException')],
    [
      'PermanentError',
      'KMS key',
      Object.assign(refusal(403, 'AccessDenied'), {
        message: 'not authorized to perform: kms:Decrypt on resource',
      }),
    ],
    ['PermanentError', 'KeyTooLongError', refusal(400, 'KeyTooLongError')],
    ['PermanentError', 'NoSuchBucket', refusal(404, 'NoSuchBucket')],
    ['RetryableError', 's3:ListBucket', refusal(403, 'AccessDenied')],
    ['RetryableError', 'SlowDown', refusal(503, 'SlowDown')],
    ['RetryableError', 'ECONNRESET', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    [
      'RetryableError',
      'timeout of the function',
      Object.assign(new Error('Request aborted'), { name: 'AbortError' }),
    ],
  ])('%s, with %s in its message', async (name, hint, error) => {
    await expect(refusing(error).store.copy(request)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(hint) as string,
      cause: error,
    });
  });

  test.each(['head', 'remove', 'open'] as const)('from %s as well', async (method) => {
    const { store } = refusing(refusal(503, 'SlowDown'));
    await expect(store[method]('uploads/a', 'e1')).rejects.toMatchObject({ name: 'RetryableError' });
  });
});

describe('on the wire', () => {
  test('the copy source is percent-encoded segment by segment, and ETags have their quotes', async () => {
    const { store, send } = refusing(refusal(404, 'NoSuchKey'));
    await store.copy({ ...request, from: 'uploads/a b/+%41', replacing: 'e0' });
    expect(send.mock.calls[0]).toMatchObject([
      {
        input: { CopySource: `${BUCKET}/uploads/a%20b/%2B%2541`, CopySourceIfMatch: '"e1"', IfMatch: '"e0"' },
      },
      { abortSignal: signal },
    ]);
  });

  test('every request can be aborted', async () => {
    const aborted = AbortSignal.abort();
    const store = s3Store({ client: fakeClient(new S3Model()).client, bucket: BUCKET, signal: aborted });
    const failed = { name: 'RetryableError', message: expect.stringContaining('time was up') as string };
    await expect(store.head('a')).rejects.toMatchObject(failed);
    await expect(store.copy(request)).rejects.toMatchObject(failed);
    await expect(store.copy({ ...request, version: { etag: 'e', size: 6e9 } })).rejects.toMatchObject(failed);
    await expect(store.remove('a', 'e')).rejects.toMatchObject(failed);
    await expect(store.open('a', 'e')).rejects.toMatchObject(failed);
  });

  test('only checksums over the whole object are compared', async () => {
    const found = { ETag: '"e1"', ContentLength: 3, ChecksumCRC32: 'x' };
    const send = jest.fn();
    const store = s3Store({ client: { send }, bucket: BUCKET, signal });
    send.mockResolvedValueOnce({ ...found, ChecksumType: 'COMPOSITE' });
    await expect(store.head('a')).resolves.toEqual({ etag: 'e1', etagIsMd5: false, size: 3, checksums: {} });
    send.mockResolvedValueOnce({ ...found, ChecksumXXHASH64: 'y', ChecksumType: 'FULL_OBJECT' });
    await expect(store.head('a')).resolves.toMatchObject({
      checksums: { ChecksumCRC32: 'x', ChecksumXXHASH64: 'y' },
    });
  });

  test.each([
    ['is the MD5 of the content', { ETag: `"${'0'.repeat(32)}"`, ServerSideEncryption: 'AES256' }, true],
    ['is none under a KMS key', { ETag: `"${'0'.repeat(32)}"`, ServerSideEncryption: 'aws:kms' }, false],
    [
      'is none under a key of the uploader',
      { ETag: `"${'0'.repeat(32)}"`, SSECustomerAlgorithm: 'AES256' },
      false,
    ],
    ['is none of an object in parts', { ETag: `"${'0'.repeat(32)}-2"` }, false],
  ])('an ETag %s', async (_what, found, etagIsMd5) => {
    const send = jest.fn().mockResolvedValueOnce(found);
    const store = s3Store({ client: { send }, bucket: BUCKET, signal });
    await expect(store.head('a')).resolves.toMatchObject({ etagIsMd5 });
  });
});
