import { GetObjectCommand, S3Client, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { pairOf, isProcessed } from '../../../../handlers/process-upload/prefixes';
import { coloursFor } from '../../../../tools/lib/terminal';
import { historyPrefix, RunRecorder, s3History, type Run } from '../../../../tools/operate/redrive/history';
import { historyReport } from '../../../../tools/operate/redrive/history-report';
import { SentUploads } from '../../../../tools/operate/redrive/sent-uploads';
import { s3Event } from '../../../support/events';
import { MOVER_ARN } from '../../../support/failure-records';
import { fakeRedrive } from '../../../support/redrive-dependencies';
import { awsRecord } from '../../../support/failure-records';

const PREFIXES = { uploadPrefix: 'uploads/', processedPrefix: 'processed/' };
const FIRST = {
  name: 'bug 42',
  by: 'arn:aws:iam::1:user/me',
  began: '2026-01-02T03:04:05.000Z',
  options: ['--max', '5'],
};

/** A bucket in memory, behind the SDK. */
function bucket() {
  const objects = new Map<string, string>();
  const s3 = mockClient(S3Client);
  s3.on(PutObjectCommand).callsFake(({ Key, Body }: { Key: string; Body: string }) => objects.set(Key, Body));
  s3.on(ListObjectsV2Command).callsFake(() => ({
    IsTruncated: false,
    Contents: [...objects.keys()].sort().map((Key) => ({ Key, Size: 1, LastModified: new Date(0) })),
  }));
  s3.on(GetObjectCommand).callsFake(({ Key }: { Key: string }) => ({
    Body: { transformToString: () => Promise.resolve(objects.get(Key)) } as GetObjectCommandOutput['Body'],
  }));
  return {
    objects,
    open: () => s3History({ client: new S3Client({}), bucket: 'bucket', prefixes: PREFIXES }),
  };
}

describe('the history of redrives', () => {
  it.each([
    ['uploads/', 'processed/'],
    ['', 'processed/'],
    ['.upload-pipeline/', 'processed/'],
  ])('is kept where no key starts a function: %j, %j', (uploadPrefix, processedPrefix) => {
    const prefixes = { uploadPrefix, processedPrefix };
    const prefix = historyPrefix(prefixes);

    expect(prefix).toMatch(/\.upload-pipeline\/redrives\/$/u);
    expect(isProcessed(prefix, prefixes) || pairOf(prefix, prefixes) === undefined).toBe(true);
  });

  it('is its own where several stacks use a bucket', () => {
    expect(['one', 'other'].map((stack) => historyPrefix(PREFIXES, stack))).toEqual([
      '.upload-pipeline/redrives-one/',
      '.upload-pipeline/redrives-other/',
    ]);
  });

  it('tells two redrives that began at the same moment apart, and each ends', async () => {
    const { open } = bucket();
    const [one, other] = [open(), open()];
    await one.write({ ...FIRST, redriven: 0 });
    await other.write({ ...FIRST, name: 'bug 43', redriven: 0 });
    await one.write({ ...FIRST, redriven: 3, ended: '2026-01-02T03:05:00.000Z' });

    const runs = await open().read(10);

    expect(runs).toHaveLength(2);
    expect(runs).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'bug 42', redriven: 3, ended: '2026-01-02T03:05:00.000Z' }),
        { ...FIRST, name: 'bug 43', redriven: 0 },
      ]),
    );
  });

  it('shows the newest first, as many as are wanted, and passes over what is no run', async () => {
    const { objects, open } = bucket();
    for (const day of ['01', '02', '03'])
      await open().write({ ...FIRST, began: `2026-01-${day}T00:00:00.000Z`, redriven: 0 });
    objects.set(`${historyPrefix(PREFIXES)}2026-01-04-x.json`, 'not json');

    expect((await open().read(3)).map(({ began }) => began.slice(8, 10))).toEqual(['03', '02']);
  });

  it('is a table', () => {
    const runs: Run[] = [
      {
        ...FIRST,
        redriven: 5,
        ended: 'x',
        outcome: { moved: 3, gone: 0, failedAgain: 2, waiting: 0 },
      },
      { ...FIRST, name: undefined, redriven: 1 },
    ];
    const told = historyReport(runs, coloursFor({ write: () => true }));

    expect(told).toMatch(/2026-01-02 03:04:05 {2}bug 42 {2}5 +3 moved, 2 failed again +user\/me +--max 5/u);
    expect(told).toMatch(/ – +1 +did not end: runs still, or was killed/u);
    expect(historyReport([], coloursFor({ write: () => true }))).toBe(
      'No redrive of this pipeline is on record.',
    );
  });
});

describe('a redrive', () => {
  /** What happened, in order. */
  function recorded(write: (run: Run) => Promise<void> = () => Promise.resolve()) {
    const order: string[] = [];
    const warned: unknown[] = [];
    const recorder = new RunRecorder(
      {
        write: async (run) => {
          order.push(
            run.ended === undefined ? `written ${String(run.redriven)}` : `ended ${String(run.redriven)}`,
          );
          await write(run);
        },
      },
      FIRST,
      (error) => warned.push(error),
    );
    return { order, warned, recorder, sent: new SentUploads('mover', recorder) };
  }

  it('is written down before its first record is sent, and so before one is deleted', async () => {
    const { order, recorder, sent } = recorded();
    const { queue, run } = fakeRedrive();
    queue.send(awsRecord({ key: 'uploads/a' }));
    queue.send(awsRecord({ key: 'uploads/b' }));
    const opened = queue.open();

    await run(
      {},
      {
        queue: {
          ...opened,
          delete: (message) => {
            order.push('deleted');
            return opened.delete(message);
          },
        },
        invoke: sent.invoke(() => {
          order.push('sent');
          return Promise.resolve('accepted');
        }),
      },
    );
    await recorder.end(2, undefined);

    expect(order).toEqual(['written 0', 'sent', 'deleted', 'sent', 'deleted', 'ended 2']);
    expect(sent.keys).toEqual(['uploads/a', 'uploads/b']);
  });

  it('that sends nothing is not written down', async () => {
    const { order, recorder } = recorded();
    await recorder.end(0, undefined);

    expect(order).toEqual([]);
  });

  it('goes on where its history cannot be written, and says so', async () => {
    const { warned, sent } = recorded(() => Promise.reject(new Error('no')));

    await expect(sent.invoke(() => Promise.resolve('accepted'))(MOVER_ARN, '{}')).resolves.toBe('accepted');
    expect(warned).toEqual([new Error('no')]);
  });

  it('follows the uploads that were accepted of process-upload alone, folder markers aside', async () => {
    const { sent } = recorded();
    const accept = sent.invoke(() => Promise.resolve('accepted'));
    const event = (key: string) => JSON.stringify(s3Event({ key, etag: 'e', size: 1 }));
    await accept(`${MOVER_ARN}:live`, event('uploads/a+b.csv'));
    await accept(MOVER_ARN, event('uploads/folder/'));
    await accept(MOVER_ARN.replace('mover', 'worker'), event('uploads/job.csv'));
    await sent.invoke(() => Promise.resolve({ refused: 'throttled' }))(MOVER_ARN, event('uploads/refused'));

    expect(sent.keys).toEqual(['uploads/a+b.csv']);
  });
});
