import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PermanentError } from '../../../../handlers/process-upload/errors';
import type { ProcessUpload } from '../../../../handlers/process-upload/process-upload';
import { readRecords } from '../../../../handlers/process-upload/records';
import { coloursFor } from '../../../../tools/lib/terminal';
import { main } from '../../../../tools/local/step';
import { outcomeText } from '../../../../tools/local/step/report';
import { ROUTES } from '../../../../tools/local/step/route-event';
import { tryStep } from '../../../../tools/local/step/try-step';
import { runMain } from '../../../support/tool';

const PLAIN = coloursFor({ write: () => true });
const ROOT = path.resolve(__dirname, '../../../..');
const outcome = { key: 'uploads/a', destination: 'processed/a', onExisting: 'replace', root: ROOT };

describe('trying a step', () => {
  it('gives it the file as an upload: content, type and metadata', async () => {
    const seen: unknown[] = [];
    const step: ProcessUpload = async ({ key, size, etag, open }) => {
      const { body, contentType, metadata } = await open();
      const pieces: Buffer[] = [];
      for await (const piece of body) pieces.push(piece as Buffer);
      seen.push(key, size, etag, pieces.length, Buffer.concat(pieces).length, contentType, metadata);
    };
    const content = 'x'.repeat(100_000);
    const tried = await tryStep(step, { key: 'k', content, contentType: 'text/csv', metadata: { by: 'us' } });

    expect(tried).toMatchObject({ error: undefined, opened: 1 });
    // Two pieces: a step that reads the first one alone is wrong about larger files.
    expect(seen).toEqual([
      'k',
      100_000,
      'd5816f35916d1d9482fb0f1ec201101d',
      2,
      100_000,
      'text/csv',
      { by: 'us' },
    ]);
  });

  it('tells what it logs, as it logs it', async () => {
    const told: string[] = [];
    const step: ProcessUpload = (_, { log }) => {
      log.info('header', { columns: 2 });
    };
    await tryStep(step, { key: 'k', content: '' }, { onLine: ({ message }) => told.push(message) });

    expect(told).toEqual(['header']);
  });

  it('shows where it threw, with line, and what Lambda would do', async () => {
    const step: ProcessUpload = () => Promise.reject(new TypeError('no header'));
    const text = outcomeText(await tryStep(step, { key: 'k', content: '' }), outcome, PLAIN);

    expect(text).toContain('RetryableError: The step before the move failed with TypeError: no header.');
    expect(text).toMatch(/^ {4}at __tests__\/tools\/local\/step\/step\.test\.ts:\d+:\d+$/mu);
    expect(text).toMatch(/^ {4}… .*\d+ of libraries and Node\.js$/mu);
    expect(text).toContain('redrive tries again');
  });

  it('tells a failure that trying again cannot help', async () => {
    const step: ProcessUpload = () => Promise.reject(new PermanentError('It is empty'));

    expect(outcomeText(await tryStep(step, { key: 'k', content: '' }), outcome, PLAIN)).toContain(
      'PermanentError: It is empty. Trying again cannot help.',
    );
  });
});

describe('npm run step', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'step-'));
    file = path.join(folder, 'ä b.csv');
    writeFileSync(file, 'a,b\n');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('runs the step of process.ts, and says where the upload would go', async () => {
    const { status, stdout } = await runMain(main, [file], {});

    expect(status).toBe(0);
    expect(stdout).toContain('Processing an upload  bucket=BUCKET  key=uploads/ä b.csv  size=4');
    expect(stdout).toContain('uploads/ä b.csv → processed/ä b.csv (onExisting replace)');
  });

  it.each(Object.keys(ROUTES))('prints an event of route %s that process-upload reads', async (route) => {
    const { stdout } = await runMain(main, [file, '--event', route, '--bucket', 'b'], {});

    expect(
      readRecords(JSON.parse(stdout), { uploadPrefix: 'uploads/', processedPrefix: 'processed/' }),
    ).toMatchObject([
      {
        kind: 'upload',
        bucket: 'b',
        key: 'uploads/ä b.csv',
        size: 4,
        etag: 'f69f5b72bc79a92dc70c63c9aa142e36',
      },
    ]);
  });

  it.each([
    [['nowhere.csv'], 1, 'FILE: "nowhere.csv" cannot be read'],
    [[], 2, 'FILE: got 0 files; expected one'],
    [['a', '--event', 'post'], 2, '--event: got "post"; expected one of s3, eventbridge, sns, sqs.'],
    [['a', '--metadata', 'x'], 2, '--metadata: got "x"; expected NAME=VALUE.'],
  ])('refuses %j', async (args, status, message) => {
    await expect(runMain(main, args, {})).resolves.toMatchObject({
      status,
      stderr: expect.stringContaining(message) as string,
    });
  });
});
