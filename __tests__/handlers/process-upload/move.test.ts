import { move, type MoveContext, type MoveRequest } from '../../../handlers/process-upload/move';
import { s3Store } from '../../../handlers/process-upload/s3-store';
import { BUCKET } from '../../support/events';
import { fakeClient } from '../../support/fake-client';
import { S3Model, S3ModelError, type ModelOptions } from '../../support/s3-model';
import type { Gate } from '../../support/s3-operations';

const KEY = 'uploads/a';
const TO = 'processed/a';

interface Options extends ModelOptions {
  readonly onExisting?: 'replace' | 'keepBoth';
  /** What happens just before the nth effect on the bucket, counted from 1. */
  readonly before?: Readonly<Record<number, (model: S3Model) => void>>;
  readonly prepare?: MoveContext['prepare'];
}

/** A bucket, and a function that moves KEY in it. */
function prepareBucket({ onExisting = 'replace', before = {}, prepare, ...options }: Options = {}) {
  const model = new S3Model(options);
  let effects = 0;
  const gate: Gate = async (_label, effect) => {
    await Promise.resolve();
    effects += 1;
    before[effects]?.(model);
    return effect();
  };
  const { client, sent } = fakeClient(model, gate);
  const store = s3Store({ client, bucket: BUCKET, signal: new AbortController().signal });
  const seen: string[] = [];
  const backOff = jest.fn(() => Promise.resolve());
  const context: MoveContext = {
    store,
    onExisting,
    backOff,
    prepare: (version) => {
      seen.push(version.etag);
      return prepare?.(version) ?? Promise.resolve('ready');
    },
  };
  const run = (version: MoveRequest['version']) => move({ key: KEY, destination: TO, version }, context);
  const requests = () => sent.map(({ name, input }) => `${name} ${String(input.Key)}`);
  const contents = (prefix: string) =>
    Object.fromEntries(model.keys(prefix).map((key) => [key, model.current(key)?.content]));
  return { model, context, run, requests, sent, seen, backOff, contents };
}

describe('an ordinary move', () => {
  test('is two requests, each on its condition', async () => {
    const { model, run, sent, seen } = prepareBucket();
    const { etag, size } = model.put(KEY, 'new');

    await expect(run({ etag, size })).resolves.toEqual({
      decision: 'moved',
      why: 'it was uploaded',
      destination: TO,
      size: 3,
      replaced: false,
    });

    expect(sent).toEqual([
      {
        name: 'CopyObject',
        input: {
          Bucket: BUCKET,
          Key: TO,
          CopySource: `${BUCKET}/${KEY}`,
          CopySourceIfMatch: `"${etag}"`,
          IfNoneMatch: '*',
        },
      },
      { name: 'DeleteObject', input: { Bucket: BUCKET, Key: KEY, IfMatch: `"${etag}"` } },
    ]);
    expect(seen).toEqual([etag]);
  });

  test('looks first when the event does not say what is there', async () => {
    const { model, run, requests } = prepareBucket();
    model.put(KEY, 'new');
    await run(undefined);
    expect(requests()).toEqual([`HeadObject ${KEY}`, `CopyObject ${TO}`, `DeleteObject ${KEY}`]);
  });
});

test('an event that says a large object is small is set right by looking', async () => {
  const { model, run, requests } = prepareBucket();
  const { etag, size } = model.put(KEY, 'a film', { size: 6e9 });
  await expect(run({ etag, size: 6 })).resolves.toMatchObject({ decision: 'moved', size });
  expect(requests().slice(0, 3)).toEqual([`CopyObject ${TO}`, `HeadObject ${KEY}`, `HeadObject ${KEY}`]);
  expect(model.current(TO)?.content).toBe('a film');
});

describe('a duplicate event', () => {
  test('finds nothing, and that is no failure', async () => {
    const { run } = prepareBucket();
    await expect(run({ etag: 'e', size: 1 })).resolves.toMatchObject({ decision: 'ignored' });
    await expect(run(undefined)).resolves.toMatchObject({ decision: 'ignored' });
  });
});

describe('an upload that is overwritten', () => {
  test('before the copy: the newer one is prepared and moved', async () => {
    const { model, run, seen, contents } = prepareBucket();
    const old = model.put(KEY, 'old');
    const newer = model.put(KEY, 'newer');

    await expect(run(old)).resolves.toMatchObject({ decision: 'moved', size: 5 });

    expect(seen).toEqual([old.etag, newer.etag]);
    expect(contents('')).toEqual({ [TO]: 'newer' });
  });

  test.each(['replace', 'keepBoth'] as const)(
    'between copy and delete: both are processed (%s)',
    async (onExisting) => {
      // 1 reads the source, 2 writes the copy, 3 deletes.
      const { model, run, contents } = prepareBucket({
        onExisting,
        before: { 3: (bucket) => bucket.put(KEY, 'newer') },
      });
      await run(model.put(KEY, 'old'));

      expect(model.keys('uploads/')).toEqual([]);
      const versions = model.versions.get(TO)?.map(({ content }) => content);
      expect(onExisting === 'replace' ? versions : Object.values(contents('processed/'))).toEqual([
        'old',
        'newer',
      ]);
    },
  );
});

describe('a destination that holds something else', () => {
  test('is replaced as it was seen, and stays as an older version', async () => {
    const { model, run, sent } = prepareBucket();
    const { etag } = model.put(TO, 'older');

    await expect(run(model.put(KEY, 'new'))).resolves.toMatchObject({
      replaced: true,
      why: 'it replaced what was there',
    });

    expect(sent.filter(({ name }) => name === 'CopyObject').at(-1)).toMatchObject({
      input: { IfMatch: `"${etag}"` },
    });
    expect(model.versions.get(TO)?.map(({ content }) => content)).toEqual(['older', 'new']);
  });

  test('is looked at again when it changes before it is replaced', async () => {
    // 1–2 the first copy; 3 looks at the destination; 4–5 the second copy.
    const { model, run } = prepareBucket({ before: { 5: (bucket) => bucket.put(TO, 'someone else') } });
    model.put(TO, 'older');
    await run(model.put(KEY, 'new'));
    expect(model.versions.get(TO)?.map(({ content }) => content)).toEqual(['older', 'someone else', 'new']);
  });

  test('is taken for free when it vanishes before it is looked at, and before it is replaced', async () => {
    const { model, run, contents } = prepareBucket({
      before: {
        3: (bucket) => {
          bucket.remove(TO);
        },
      },
    });
    model.put(TO, 'older');
    await run(model.put(KEY, 'new'));
    expect(contents('')).toEqual({ [TO]: 'new' });

    const later = prepareBucket({
      before: {
        5: (bucket) => {
          bucket.remove(TO);
        },
      },
    });
    later.model.put(TO, 'older');
    await later.run(later.model.put(KEY, 'new'));
    expect(later.contents('')).toEqual({ [TO]: 'new' });
  });

  test('is kept under its name, and the upload gets a name with its own ETag', async () => {
    const { model, run, contents } = prepareBucket({ onExisting: 'keepBoth' });
    model.put(TO, 'older');
    const { etag, size } = model.put(KEY, 'new');

    await expect(run({ etag, size })).resolves.toMatchObject({ why: 'the plain name was taken' });

    expect(contents('')).toEqual({ [TO]: 'older', [`${TO}.~${etag}`]: 'new' });
  });

  test('is kept when the second name is taken by something else, too', async () => {
    const { model, run, contents } = prepareBucket({ onExisting: 'keepBoth' });
    const upload = model.put(KEY, 'new');
    const second = `${TO}.~${upload.etag}`;
    model.put(TO, 'older');
    model.put(second, 'oldest');

    await run(upload);

    expect(contents('')).toEqual({ [TO]: 'older', [second]: 'oldest', [`${second}.~${upload.etag}`]: 'new' });
  });

  test('is a failure for good when the second name is too long', async () => {
    const { model, context } = prepareBucket({ onExisting: 'keepBoth' });
    const destination = `processed/${'a'.repeat(1000)}`;
    model.put(destination, 'older');
    const version = model.put(KEY, 'new');
    await expect(move({ key: KEY, destination, version }, context)).rejects.toMatchObject({
      name: 'PermanentError',
    });
    expect(model.current(KEY)?.content).toBe('new');
  });
});

describe('a destination that holds the same content', () => {
  test('is copied to again by replace, on the condition that it still is there: the copy is what counts', async () => {
    const { model, run, requests, contents } = prepareBucket();
    model.put(TO, 'same', { metadata: { from: 'an earlier upload' } });
    await expect(run(model.put(KEY, 'same', { metadata: { from: 'this one' } }))).resolves.toMatchObject({
      why: 'the same content was there already',
      replaced: false,
    });
    expect(requests()).toEqual([
      `CopyObject ${TO}`,
      `HeadObject ${TO}`,
      `CopyObject ${TO}`,
      `DeleteObject ${KEY}`,
    ]);
    expect(contents('')).toEqual({ [TO]: 'same' });
    expect(model.current(TO)?.metadata).toEqual({ from: 'this one' });
  });

  test('and is taken away by its consumer before the upload is deleted: it is copied once more', async () => {
    // 1–2 the first copy; 3 looks at the destination; 4–5 the second copy.
    for (const effect of [4, 5]) {
      const { model, run, contents } = prepareBucket({
        before: {
          [effect]: (bucket: S3Model) => {
            bucket.remove(TO);
          },
        },
      });
      model.put(TO, 'same');
      await run(model.put(KEY, 'same'));
      expect(contents('')).toEqual({ [TO]: 'same' });
    }
  });

  test('is left alone by keepBoth, and the upload is done', async () => {
    const { model, run, requests, contents } = prepareBucket({ onExisting: 'keepBoth' });
    model.put(TO, 'same');
    await expect(run(model.put(KEY, 'same'))).resolves.toMatchObject({
      why: 'the same content was there already',
    });
    expect(requests()).toEqual([`CopyObject ${TO}`, `HeadObject ${TO}`, `DeleteObject ${KEY}`]);
    expect(contents('')).toEqual({ [TO]: 'same' });
  });

  test('is known by its checksum where every copy has another ETag', async () => {
    const { model, run, contents } = prepareBucket({ onExisting: 'keepBoth', etags: 'opaque' });
    model.put(TO, 'same');
    await run(model.put(KEY, 'same'));
    expect(contents('')).toEqual({ [TO]: 'same' });
  });

  test.each(['replace', 'keepBoth'] as const)(
    'is not believed on a forged CRC of equal size where the ETags differ (%s)',
    async (onExisting) => {
      const { model, run } = prepareBucket({ onExisting });
      model.put(TO, 'genuine', { checksum: 'CRC' });
      const upload = model.put(KEY, 'forgery', { checksum: 'CRC' });
      await run(upload);
      const processed = model.keys('processed/').map((key) => model.current(key)?.content);
      expect(processed).toEqual(onExisting === 'replace' ? ['forgery'] : ['genuine', 'forgery']);
    },
  );

  test('is not believed without a checksum, under the name with the ETag neither: another may have put it there', async () => {
    const { model, run, contents } = prepareBucket({
      onExisting: 'keepBoth',
      etags: 'opaque',
      checksums: false,
    });
    model.put(TO, 'older');
    const upload = model.put(KEY, 'newer');
    const second = `${TO}.~${upload.etag}`;
    model.put(second, 'other');

    await run(upload);

    expect(contents('')).toEqual({
      [TO]: 'older',
      [second]: 'other',
      [`${second}.~${upload.etag}`]: 'newer',
    });
  });

  test('is looked for again when the upload changes meanwhile', async () => {
    // 3 looks at the destination, 4 at the source.
    const options = { onExisting: 'keepBoth', etags: 'opaque' } as const;
    const changed = prepareBucket({ ...options, before: { 4: (bucket) => bucket.put(KEY, 'newer') } });
    changed.model.put(TO, 'same');
    await changed.run(changed.model.put(KEY, 'same'));
    expect(Object.values(changed.contents(''))).toEqual(['same', 'newer']);

    const gone = prepareBucket({
      ...options,
      before: {
        4: (bucket) => {
          bucket.remove(KEY);
        },
      },
    });
    gone.model.put(TO, 'same');
    await expect(gone.run(gone.model.put(KEY, 'same'))).resolves.toMatchObject({ decision: 'ignored' });
  });
});

describe('the very same bytes uploaded again while they are moved', () => {
  test('are taken for the upload that was copied: nothing is lost or stranded', async () => {
    const { model, run, contents } = prepareBucket({ before: { 3: (bucket) => bucket.put(KEY, 'same') } });
    await run(model.put(KEY, 'same'));
    expect(contents('')).toEqual({ [TO]: 'same' });
    // The second upload is restorable: a delete leaves a marker over it.
    expect(model.versions.get(KEY)?.map(({ content }) => content)).toEqual(['same', 'same', '']);
  });

  test('may be shadowed by another upload between them: no content is lost, but the newest is an older version', async () => {
    const between = (bucket: S3Model) => {
      const b = bucket.put(KEY, 'B');
      bucket.writeCopy(TO, b, { ifMatch: bucket.current(TO)?.etag });
      bucket.remove(KEY);
      bucket.put(KEY, 'A');
    };
    const { model, run } = prepareBucket({ before: { 3: between } });
    await run(model.put(KEY, 'A'));
    expect(model.keys('uploads/')).toEqual([]);
    expect(model.versions.get(TO)?.map(({ content }) => content)).toEqual(['A', 'B']);
  });
});

describe('a conflict', () => {
  const conflict = () => {
    throw new S3ModelError(409, 'ConditionalRequestConflict');
  };

  test('is waited for, longer each time, and then tried again', async () => {
    const { model, run, backOff, contents } = prepareBucket({
      before: { 2: conflict, 4: conflict, 7: conflict },
    });
    await run(model.put(KEY, 'new'));
    expect(backOff.mock.calls).toEqual([[1], [2], [3]]);
    expect(contents('')).toEqual({ [TO]: 'new' });
  });

  test('that stays is left to the next attempt, with everything in its place', async () => {
    const { model, run, contents } = prepareBucket({
      before: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [i + 1, conflict])),
    });
    await expect(run(model.put(KEY, 'new'))).rejects.toMatchObject({ name: 'RetryableError' });
    expect(contents('')).toEqual({ [KEY]: 'new' });
  });
});

describe("the team's own step", () => {
  test('runs again for what is there now when it finds its version lost', async () => {
    const { model, run, seen, contents } = prepareBucket({
      prepare: ({ size }) => Promise.resolve(size === 3 ? 'lost' : 'ready'),
    });
    const old = model.put(KEY, 'old');
    const newer = model.put(KEY, 'newer');
    await run(old);
    expect(seen).toEqual([old.etag, newer.etag]);
    expect(contents('')).toEqual({ [TO]: 'newer' });
  });

  test('stops the move when it fails', async () => {
    const { model, run, contents } = prepareBucket({ prepare: () => Promise.reject(new Error('no')) });
    await expect(run(model.put(KEY, 'new'))).rejects.toThrow('no');
    expect(contents('')).toEqual({ [KEY]: 'new' });
  });
});

test('a folder marker found by looking is left alone', async () => {
  const { model } = prepareBucket();
  model.put('uploads/x/', '');
  const { client } = fakeClient(model);
  const store = s3Store({ client, bucket: BUCKET, signal: new AbortController().signal });
  const prepare = jest.fn();
  const context: MoveContext = { store, onExisting: 'replace', prepare, backOff: () => Promise.resolve() };
  await expect(
    move({ key: 'uploads/x/', destination: 'processed/x/', version: undefined }, context),
  ).resolves.toMatchObject({ decision: 'ignored', why: 'it is a folder marker' });
  expect(prepare).not.toHaveBeenCalled();
});
