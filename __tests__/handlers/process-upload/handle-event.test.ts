import { handleEvent, type Dependencies } from '../../../handlers/process-upload/handle-event';
import { UploadMetrics } from '../../../handlers/process-upload/upload-metrics';
import { BUCKET, s3Event } from '../../support/events';
import { S3Model } from '../../support/s3-model';
import { storeOf, dependencies } from '../../support/dependencies';

/** A bucket with uploads a, b and c, the event that announces them, and a dependencies that takes notes. */
function prepare(overrides: Partial<Dependencies> = {}) {
  const model = new S3Model();
  const objects = ['uploads/a', 'uploads/b', 'uploads/c'].map((key) => {
    const { etag, size } = model.put(key, `content of ${key}`);
    return { key, etag, size };
  });
  const log = { info: jest.fn(), error: jest.fn() };
  const uploadMetrics = new UploadMetrics();
  const run = (event: unknown = s3Event(...objects)) =>
    handleEvent(event, dependencies({ openStore: storeOf(model), log, uploadMetrics, ...overrides }));
  return { model, objects, log, uploadMetrics, run };
}

const failOn =
  (failing: string): Dependencies['processUpload'] =>
  ({ key }) => {
    if (key === failing) throw new Error('no');
  };

test('moves every record of an event', async () => {
  const { model, run, uploadMetrics } = prepare();
  await run();
  expect(model.keys()).toEqual(['processed/a', 'processed/b', 'processed/c']);
  expect(uploadMetrics.entries()).toContainEqual(['UploadsMoved', 3]);
});

test('one bad record never stops another, and the error names it', async () => {
  const { model, run, uploadMetrics } = prepare({ processUpload: failOn('uploads/b') });
  await expect(run()).rejects.toMatchObject({
    name: 'RetryableError',
    message: expect.stringContaining(`s3://${BUCKET}/uploads/b: `) as string,
  });
  expect(model.keys()).toEqual(['processed/a', 'processed/c', 'uploads/b']);
  expect(uploadMetrics.entries()).toEqual([
    ['UploadsMoved', 2],
    ['BytesMoved', 40],
    ['UploadsFailed', 1],
  ]);
});

describe('a key that is too long', () => {
  const key = `uploads/${'k'.repeat(1015)}`;

  test('fails for good, and nothing is changed', async () => {
    const { model, run } = prepare();
    const { etag, size } = model.put(key, 'too long once moved');
    await expect(run(s3Event({ key, etag, size }))).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('shorter key') as string,
    });
    expect(model.current(key)).toMatchObject({ content: 'too long once moved' });
  });

  test('is done with once the upload is gone: so its record can be redriven and the matter ends', async () => {
    const { run, uploadMetrics } = prepare();
    await run(s3Event({ key, etag: 'e', size: 1 }));
    expect(uploadMetrics.entries()).toEqual([['UploadsIgnored', 1]]);
  });
});

test('what is ignored is logged with its reason and returns: nothing is to be tried again', async () => {
  const { run, log, uploadMetrics } = prepare();
  await run({ Event: 's3:TestEvent', Bucket: BUCKET });
  expect(log.info).toHaveBeenCalledWith(
    'ignored',
    expect.objectContaining({ why: 'S3 only tested the notification' }),
  );
  expect(uploadMetrics.entries()).toEqual([['UploadsIgnored', 1]]);
});

test('what is unknown fails, so that it ends where someone sees it', async () => {
  await expect(prepare().run({ hello: 'moon' })).rejects.toMatchObject({ name: 'PermanentError' });
});

test('a log line says bucket, key, decision, why and how long it took', async () => {
  let time = 100;
  const { run, objects, log } = prepare({ now: () => (time += 7) });
  await run(s3Event(...objects.slice(0, 1)));
  expect(log.info).toHaveBeenLastCalledWith('moved', {
    bucket: BUCKET,
    key: 'uploads/a',
    decision: 'moved',
    why: 'it was uploaded',
    destination: 'processed/a',
    size: 20,
    replaced: false,
    durationMs: 7,
  });
});

test('a failure is logged with its reason and whether it is permanent', async () => {
  const { run, objects, log } = prepare({ processUpload: failOn('uploads/a') });
  await expect(run(s3Event(...objects.slice(0, 1)))).rejects.toThrow('no');
  expect(log.error).toHaveBeenCalledWith(
    'failed',
    expect.objectContaining({
      key: 'uploads/a',
      decision: 'failed',
      permanent: false,
      stack: expect.stringMatching(/^RetryableError: .*\n +at .*handle-event\.test\.ts/u) as string,
    }),
  );
});

test('records run side by side, and no more than 32 at once', async () => {
  let running = 0;
  let most = 0;
  const processUpload = async () => {
    most = Math.max(most, (running += 1));
    await new Promise(setImmediate);
    running -= 1;
  };
  const { run } = prepare({ processUpload });
  await run(s3Event(...Array.from({ length: 100 }, (_, i) => ({ key: `uploads/${i}`, etag: 'e', size: 1 }))));
  expect(most).toBe(32);
});

test('once the time is up no record is begun that was not, and each says so', async () => {
  const [stop, giveUp] = [new AbortController(), new AbortController()];
  let begun = 0;
  const processUpload = async () => {
    begun += 1;
    await new Promise(() => undefined); // a step that heeds no signal
  };
  const { run, log } = prepare({ processUpload, deadline: { stop: stop.signal, giveUp: giveUp.signal } });
  const running = run(
    s3Event(...Array.from({ length: 1_875 }, (_, i) => ({ key: `uploads/${i}`, etag: 'e', size: 1 }))),
  );
  while (begun < 32) await new Promise(setImmediate);
  stop.abort();
  giveUp.abort();
  await expect(running).rejects.toThrow('1875 of the event');
  expect(begun).toBe(32);
  expect(log.error).toHaveBeenCalledTimes(1_875);
  expect(log.error).toHaveBeenLastCalledWith(
    'failed',
    expect.objectContaining({ why: expect.stringContaining('before this upload was begun') as string }),
  );
});

test('counts conflicts, and waits after each with a signal', async () => {
  const backOff = jest.fn(() => Promise.resolve());
  const copy = jest.fn(() => Promise.resolve('conflict' as const)).mockResolvedValueOnce('conflict');
  const { run, objects, uploadMetrics } = prepare({
    backOff,
    openStore: (bucket, signal) => ({ ...storeOf(new S3Model())(bucket, signal), copy }),
  });
  await expect(run(s3Event(...objects.slice(0, 1)))).rejects.toThrow('kept changing');
  expect(uploadMetrics.entries()).toContainEqual(['Conflicts', backOff.mock.calls.length]);
  expect(backOff).toHaveBeenCalledWith(1, expect.any(AbortSignal));
});

describe('near the deadline', () => {
  test('the work is aborted, and the error is the handler’s own', async () => {
    const { model, run } = prepare({
      deadline: { stop: AbortSignal.abort(), giveUp: new AbortController().signal },
    });
    await expect(run()).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringContaining('time was up') as string,
    });
    expect(model.keys()).toEqual(['uploads/a', 'uploads/b', 'uploads/c']);
  });

  test('a step that never ends is given up, and what was moved beside it stays moved', async () => {
    const giveUp = new AbortController();
    const processUpload: Dependencies['processUpload'] = async ({ key }) => {
      if (key === 'uploads/b') await new Promise(() => undefined);
    };
    const { model, run } = prepare({
      processUpload,
      deadline: { stop: new AbortController().signal, giveUp: giveUp.signal },
    });
    const running = run();
    while (model.keys('processed/').length < 2 || model.keys('uploads/').length > 1)
      await new Promise(setImmediate);
    giveUp.abort();
    await expect(running).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringContaining(`s3://${BUCKET}/uploads/b: The function's time was up`) as string,
    });
  });
});
