import { getMaxListeners } from 'node:events';
import { UploadPartCopyCommand } from '@aws-sdk/client-s3';
import { move } from '../../../handlers/process-upload/move';
import { s3Store } from '../../../handlers/process-upload/s3-store';
import { BUCKET } from '../../support/events';
import { fakeClient } from '../../support/fake-client';
import { S3Model, S3ModelError } from '../../support/s3-model';
import type { Gate } from '../../support/s3-operations';

const FROM = 'uploads/film.mkv';
const TO = 'processed/film.mkv';
const SIZE = 5 * 1024 ** 3 + 1;

/** A bucket with a large object, a function that copies it, and something that happens before an effect. */
function prepare(before: (label: string, model: S3Model, stop: AbortController) => void = () => undefined) {
  const model = new S3Model();
  const stop = new AbortController();
  const gate: Gate = async (label, effect) => {
    await Promise.resolve();
    before(label, model, stop);
    return effect();
  };
  const version = model.put(FROM, 'a film', {
    size: SIZE,
    metadata: { director: 'me' },
    headers: {
      'content-type': 'video/x-matroska',
      'cache-control': 'no-store',
      expires: 'Thu, 01 Jan 2037 00:00:00 GMT',
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-west-1:111122223333:key/k',
    },
    tags: { project: 'a & b', team: 'ü' },
  });
  const { client, sent } = fakeClient(model, gate);
  const store = s3Store({ client, bucket: BUCKET, signal: stop.signal });
  const copy = (replacing?: string) => store.copy({ from: FROM, version, to: TO, replacing });
  const names = () => sent.map(({ name }) => name);
  const send = jest.spyOn(client, 'send');
  return { model, copy, sent, names, version, send, client };
}

test('copies every part, each on the condition that the source is the same, and completes on the destination’s', async () => {
  const { model, copy, sent, version } = prepare();

  await expect(copy()).resolves.toBe('copied');

  const parts = sent.filter(({ name }) => name === 'UploadPartCopy');
  expect(parts).toHaveLength(21);
  expect(parts.every(({ input }) => input.CopySourceIfMatch === `"${version.etag}"`)).toBe(true);
  expect(sent.find(({ name }) => name === 'CompleteMultipartUpload')).toMatchObject({
    input: { IfNoneMatch: '*' },
  });
  expect(model.current(TO)).toMatchObject({ content: 'a film', size: SIZE });
  expect(model.uploads.size).toBe(0);
});

test('carries metadata, content headers, tags, storage class and encryption over', async () => {
  const { model, copy, version } = prepare();
  await copy();
  const { metadata, headers, tags } = version;
  expect(model.current(TO)).toMatchObject({ metadata, headers, tags });
});

describe('annotations, which a copy in parts leaves behind,', () => {
  const ANNOTATIONS = new Map([
    ['scan.result', '{"clean":true}'],
    ['label', 'a film'],
    ['größe', 'ü'.repeat(1000)],
  ]);
  const annotate = (model: S3Model): void => {
    for (const [name, payload] of ANNOTATIONS) model.putAnnotation(FROM, name, payload);
  };

  test('are carried over, whole, to this very copy', async () => {
    const { model, copy, sent } = prepare();
    annotate(model);

    await expect(copy()).resolves.toBe('copied');

    expect(model.current(TO)?.annotations).toEqual(ANNOTATIONS);
    const written = sent.filter(({ name }) => name === 'PutObjectAnnotation');
    expect(new Set(written.map(({ input }) => input.ObjectIfMatch))).toEqual(
      new Set([`"${model.current(TO)?.etag ?? ''}"`]),
    );
  });

  test('cost one request where there are none', async () => {
    const { copy, names } = prepare();
    await copy();
    expect(names().filter((name) => name.endsWith('Annotation') || name.endsWith('Annotations'))).toEqual([
      'ListObjectAnnotations',
    ]);
  });

  /** The newer upload has annotations of its own, by the same names. */
  const overwrite = (model: S3Model): void => {
    model.put(FROM, 'a newer film', { size: SIZE });
    for (const name of ANNOTATIONS.keys()) model.putAnnotation(FROM, name, 'of the newer');
  };

  test.each<[what: string, when: string, happens: (model: S3Model) => void]>([
    ['the upload is another', 'ListObjectAnnotations', overwrite],
    ['another has them', 'GetObjectAnnotation', overwrite],
    [
      'the upload is gone',
      'ListObjectAnnotations',
      (model) => {
        model.remove(FROM);
      },
    ],
    ['the copy is another', 'PutObjectAnnotation', (model) => model.put(TO, 'another film')],
    [
      'the copy was taken away',
      'PutObjectAnnotation',
      (model) => {
        model.remove(TO);
      },
    ],
  ])('are left where %s meanwhile: the copy is made', async (_what, when, happens) => {
    const { model, copy } = prepare((label, bucket) => {
      if (label.startsWith(when) && bucket.current(TO) && !done) happens(bucket);
      done ||= label.startsWith(when);
    });
    let done = false;
    annotate(model);

    await expect(copy()).resolves.toBe('copied');
    expect(model.current(TO)?.annotations ?? new Map()).toEqual(new Map());
  });

  test('are carried over but for one that is deleted meanwhile', async () => {
    const { model, copy } = prepare((label) => {
      if (label.startsWith('GetObjectAnnotation label')) throw new S3ModelError(404, 'NoSuchAnnotation');
    });
    annotate(model);
    await copy();
    expect([...(model.current(TO)?.annotations?.keys() ?? [])].sort()).toEqual(['größe', 'scan.result']);
  });

  test('are no reason to fail where S3 has none: a region without them, a local engine', async () => {
    const { copy } = prepare((label) => {
      if (label.startsWith('ListObjectAnnotations')) throw new S3ModelError(501, 'NotImplemented');
    });
    await expect(copy()).resolves.toBe('copied');
  });

  test('fail the move where they are refused, so that the upload stays', async () => {
    const { model, copy } = prepare((label) => {
      if (label.startsWith('PutObjectAnnotation')) throw new S3ModelError(403, 'AccessDenied');
    });
    annotate(model);
    await expect(copy()).rejects.toMatchObject({
      message: expect.stringContaining('carry its annotations over') as string,
    });
  });

  // The copy was complete when the run before this one ended, and the content is the same.
  test.each(['replace', 'keepBoth'] as const)(
    'are there in the end after a crash before them (%s)',
    async (onExisting) => {
      let crashed = false;
      const { model, copy, client, version } = prepare((label) => {
        if (!label.startsWith('PutObjectAnnotation label') || crashed) return;
        crashed = true;
        throw new S3ModelError(403, 'AccessDenied');
      });
      annotate(model);
      await expect(copy()).rejects.toThrow('AccessDenied');

      await move(
        { key: FROM, destination: TO, version },
        {
          store: s3Store({ client, bucket: BUCKET, signal: new AbortController().signal }),
          onExisting,
          prepare: () => Promise.resolve('ready'),
          backOff: () => Promise.resolve(),
        },
      );

      expect(model.keys()).toEqual([TO]);
      expect(model.current(TO)?.annotations).toEqual(ANNOTATIONS);
    },
  );
});

test('sixteen parts may listen to one signal: Node.js would take more than ten for a leak, and log it', async () => {
  const { copy, send } = prepare();
  await copy();
  const signals = send.mock.calls
    .filter(([command]) => command instanceof UploadPartCopyCommand)
    .map(([, options]) => (options as { abortSignal: AbortSignal }).abortSignal);
  expect(new Set(signals.map((signal) => getMaxListeners(signal)))).toEqual(new Set([Infinity]));
});

test('asks for a checksum over the whole, which proves after a crash that the copy is the source', async () => {
  const { copy, sent } = prepare();
  await copy();
  expect(sent.find(({ name }) => name === 'CreateMultipartUpload')).toMatchObject({
    input: { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' },
  });
});

test('does not begin when the source is gone or another, or when the destination is taken', async () => {
  const gone = prepare();
  gone.model.remove(FROM);
  await expect(gone.copy()).resolves.toBe('sourceGone');

  const changed = prepare();
  changed.model.put(FROM, 'a newer film', { size: SIZE });
  await expect(changed.copy()).resolves.toBe('sourceChanged');

  const taken = prepare();
  taken.model.put(TO, 'another film');
  await expect(taken.copy()).resolves.toBe('destinationChanged');

  for (const { names } of [gone, changed, taken]) expect(names()).not.toContain('CreateMultipartUpload');
});

test('looks again where the event is wrong about the size: part of the object must not pass for all of it', async () => {
  const { model, copy, names, version } = prepare();
  model.versions.set(FROM, [{ ...version, size: SIZE + 1 }]);

  await expect(copy()).resolves.toBe('sourceChanged');
  expect(names()).toEqual(['HeadObject']);
});

test.each<[outcome: string, when: string, happens: (model: S3Model) => void]>([
  ['sourceChanged', 'UploadPartCopy reads', (model) => model.put(FROM, 'a newer film', { size: SIZE })],
  [
    'sourceGone',
    'UploadPartCopy reads',
    (model) => {
      model.remove(FROM);
    },
  ],
  ['destinationChanged', 'CompleteMultipartUpload', (model) => model.put(TO, 'another film')],
  [
    'conflict',
    'CompleteMultipartUpload',
    () => {
      throw new S3ModelError(409, 'ConditionalRequestConflict');
    },
  ],
  [
    'conflict',
    'UploadPartCopy 7',
    () => {
      throw new S3ModelError(404, 'NoSuchUpload');
    },
  ],
])('says %s when that shows at %s, and leaves no parts behind', async (outcome, when, happens) => {
  const { model, copy, names } = prepare((label, bucket) => {
    if (label.startsWith(when)) happens(bucket);
  });
  await expect(copy()).resolves.toBe(outcome);
  expect(names().at(-1)).toBe('AbortMultipartUpload');
  expect(model.uploads.size).toBe(0);
});

test('replaces only what was seen at the destination', async () => {
  const { model, copy } = prepare();
  const { etag } = model.put(TO, 'another film');
  await expect(copy('not its ETag')).resolves.toBe('destinationChanged');
  await expect(copy(etag)).resolves.toBe('copied');
  expect(model.current(TO)?.content).toBe('a film');
});

test('aborts its upload with a signal of its own when the time is up', async () => {
  const { model, copy, names } = prepare((label, _bucket, stop) => {
    if (label.startsWith('UploadPartCopy 3')) stop.abort();
  });
  await expect(copy()).rejects.toMatchObject({ name: 'RetryableError' });
  expect(names().at(-1)).toBe('AbortMultipartUpload');
  expect(model.uploads.size).toBe(0);
});

test('begins no further part after one has failed, and says why that one did', async () => {
  const { copy, names } = prepare((label) => {
    if (label.startsWith('UploadPartCopy 2 ')) throw new S3ModelError(403, 'AccessDenied');
  });
  await expect(copy()).rejects.toMatchObject({
    message: expect.stringContaining('AccessDenied') as string,
  });
  // 16 at once, and those that took the place of the first to end; not all 21.
  expect(names().filter((name) => name === 'UploadPartCopy').length).toBeLessThan(21);
});

test('an upload that cannot be aborted does not hide why the copy failed', async () => {
  const { copy } = prepare((label) => {
    if (label.startsWith('UploadPartCopy 1 ')) throw new S3ModelError(403, 'InvalidObjectState');
    if (label.startsWith('Abort')) throw new S3ModelError(403, 'AccessDenied');
  });
  await expect(copy()).rejects.toMatchObject({ name: 'PermanentError' });
});
