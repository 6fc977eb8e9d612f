import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { PermanentError } from '../../../handlers/process-upload/errors';
import type { OpenedObject } from '../../../handlers/process-upload/object-store';
import type { ProcessUpload } from '../../../handlers/process-upload/process-upload';
import { s3Store } from '../../../handlers/process-upload/s3-store';
import { runStep } from '../../../handlers/process-upload/step';
import { BUCKET } from '../../support/events';
import { fakeClient } from '../../support/fake-client';
import { S3Model } from '../../support/s3-model';

const KEY = 'uploads/a';

/** An upload, and a function that runs a step on it. */
function prepare() {
  const model = new S3Model();
  const { etag, size } = model.put(KEY, 'some rows', {
    metadata: { author: 'me' },
    headers: { 'content-type': 'text/csv' },
  });
  const { client, sent } = fakeClient(model);
  const { signal } = new AbortController();
  const context = { signal, log: { info: jest.fn() }, store: s3Store({ client, bucket: BUCKET, signal }) };
  const run = (step: ProcessUpload) => runStep(step, { bucket: BUCKET, key: KEY, etag, size }, context);
  return { model, sent, run, context, etag };
}

const opening: ProcessUpload = async ({ open }) => {
  await open();
};

test('the step gets bucket, key, ETag, size, a signal and a log, and costs no request', async () => {
  const { run, sent, context, etag } = prepare();
  const step = jest.fn();

  await expect(run(step)).resolves.toBe('ready');

  const { signal, log } = context;
  expect(step).toHaveBeenCalledWith(expect.objectContaining({ bucket: BUCKET, key: KEY, etag, size: 9 }), {
    signal,
    log,
  });
  expect(sent).toEqual([]);
});

test('opening gives content, content type and metadata of that very version, with one request', async () => {
  const { run, sent, etag } = prepare();
  const seen: unknown[] = [];

  await run(async ({ open }) => {
    const { body, contentType, metadata } = await open();
    seen.push(await text(body), contentType, metadata);
  });

  expect(seen).toEqual(['some rows', 'text/csv', { author: 'me' }]);
  expect(sent).toMatchObject([{ name: 'GetObject', input: { IfMatch: `"${etag}"` } }]);
});

test.each([
  [
    'gone',
    (model: S3Model) => {
      model.remove(KEY);
    },
  ],
  [
    'overwritten',
    (model: S3Model) => {
      model.put(KEY, 'newer');
    },
  ],
])('an upload that is %s when the step opens it is no failure', async (_what, change) => {
  const { model, run } = prepare();
  change(model);
  await expect(run(opening)).resolves.toBe('lost');
});

test('the mover learns of it even when the step swallows the error or wraps it', async () => {
  const { model, run } = prepare();
  model.remove(KEY);
  const swallowing: ProcessUpload = async ({ open }) => {
    await open().catch(() => undefined);
  };
  const wrapping: ProcessUpload = async ({ open }) => {
    await open().catch((cause: unknown) => {
      throw new Error('could not read', { cause });
    });
  };
  await expect(run(swallowing)).resolves.toBe('lost');
  await expect(run(wrapping)).resolves.toBe('lost');
});

test("the step's own error is tried again, unless it says otherwise", async () => {
  const { run } = prepare();
  const failing = (error: Error) => run(() => Promise.reject(error));
  await expect(failing(new Error('the table is locked.'))).rejects.toMatchObject({
    name: 'RetryableError',
    message: expect.stringContaining(
      'failed with Error: the table is locked. If it stays, see handlers/process-upload/process.ts. Trying',
    ) as string,
  });
  const permanent = new PermanentError('It is no CSV');
  await expect(failing(permanent)).rejects.toBe(permanent);
});

test('a body that the step did not read is let go', async () => {
  const { run } = prepare();
  const opened: OpenedObject[] = [];
  await run(async ({ open }) => {
    opened.push(await open());
  });
  expect(opened[0]?.body.destroyed).toBe(true);
});

describe('an open() that the step does not wait for', () => {
  test('and that fails is no unhandled rejection, which would end the process', async () => {
    const { model, run } = prepare();
    model.remove(KEY);
    const floating: ProcessUpload = ({ open }) => {
      void open();
    };
    await expect(run(floating)).resolves.toBe('ready');
    // Jest fails a test that leaves a rejection unhandled.
    for (let i = 0; i < 5; i += 1) await new Promise(setImmediate);
  });

  test('lets its body go when it comes', async () => {
    const { context, etag } = prepare();
    const body = Readable.from(['late']);
    let deliver: (object: OpenedObject) => void = () => undefined;
    const store = {
      ...context.store,
      open: () => new Promise<OpenedObject>((resolve) => (deliver = resolve)),
    };
    const floating: ProcessUpload = ({ open }) => {
      void open();
    };
    await runStep(floating, { bucket: BUCKET, key: KEY, etag, size: 9 }, { ...context, store });
    deliver({ body, contentType: undefined, metadata: {} });
    await new Promise(setImmediate);
    expect(body.destroyed).toBe(true);
  });
});

test('a body that breaks while nobody reads it does not end the process', async () => {
  const { run } = prepare();
  await expect(
    run(async ({ open }) => {
      const { body } = await open();
      // As a connection does that is reset.
      expect(() => body.emit('error', new Error('read ECONNRESET'))).not.toThrow();
    }),
  ).resolves.toBe('ready');
});
