import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { SourceMaps } from '../../tools/logs/source-maps';
import { build } from '../support/build';
import { BUCKET, s3Event } from '../support/events';
import { NetworkError } from '../support/fake-client';
import { violations, type History, type Mode } from '../support/promises';
import { Runtime } from '../support/runtime';
import { S3Model, S3ModelError } from '../support/s3-model';
import type { Gate } from '../support/s3-operations';
import { s3Server } from '../support/s3-server';

let folder: string;
let bundle: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bundle-'));
  bundle = await build(folder, 'process-upload');
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What Lambda and the stack give to the function. */
const environment = (endpoint: string, mode: Mode) => ({
  PATH: process.env.PATH ?? '',
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  UPLOAD_PREFIX: 'uploads/',
  PROCESSED_PREFIX: 'processed/',
  ON_EXISTING: mode,
  LOG_LEVEL: 'INFO',
});

describe('the bundle', () => {
  // A handler's size is most of its cold start. Without what tools/build/bundle.mjs does to the SDK's schemas each is larger.
  test.each([
    ['process-upload', 300, 98],
    ['caller', 220, 70],
    ['sweep', 340, 107],
  ])('%s stays within %i KB, %i KB compressed', async (name, kilobytes, compressed) => {
    const code = await readFile(path.join(folder, 'handlers', name, 'index.js'));
    expect(code.length).toBeLessThanOrEqual(kilobytes * 1_000);
    expect(gzipSync(code).length).toBeLessThanOrEqual(compressed * 1_000);
  });

  test('imports nothing when it runs: import() of a module of Node.js loads more of it than require()', async () => {
    expect(await readFile(bundle, 'utf8')).not.toContain('import("');
  });

  test('is mapped to its sources by a map beside the package, which is named by the package’s hash', async () => {
    const zip = await readFile(path.join(folder, 'packages', 'process-upload.zip'));
    const hash = createHash('sha256').update(zip).digest('hex');
    const lines = (await readFile(bundle, 'utf8')).split('\n');
    const line = lines.findIndex((code) => code.includes('Processing an upload'));
    const column = lines[line]?.indexOf('Processing an upload') ?? -1;

    const maps = new SourceMaps(path.join(folder, 'maps'), () => Promise.resolve(hash));
    const toSource = await maps.toSource('any');

    expect(toSource?.({ file: 'index.js', line: line + 1, column: column + 1 })).toMatchObject({
      file: 'handlers/process-upload/process.ts',
      line: 5,
    });
    expect(await readdir(path.dirname(bundle))).toEqual(['index.js']);
    expect(lines.join('\n')).not.toContain('sourceMappingURL');
  });

  test('moves an upload with exactly two requests', async () => {
    const model = new S3Model();
    const server = await s3Server(model);
    const runtime = new Runtime(bundle, environment(server.url, 'replace'));
    const { etag, size } = model.put('uploads/report.csv', 'some rows');

    const ending = await runtime.invoke(s3Event({ key: 'uploads/report.csv', etag, size }));
    await runtime.stop();
    await server.close();

    expect(ending).toEqual({ kind: 'returned' });
    expect(server.requests).toEqual(['CopyObject processed/report.csv', 'DeleteObject uploads/report.csv']);
    expect(model.current('processed/report.csv')?.content).toBe('some rows');
  });

  test('moves more than 5 GB in parts, with what was annotated on it', async () => {
    const model = new S3Model();
    const server = await s3Server(model);
    const runtime = new Runtime(bundle, environment(server.url, 'replace'));
    const { etag, size } = model.put('uploads/film', 'a film', { size: 5 * 1024 ** 3 + 1 });
    model.putAnnotation('uploads/film', 'scan.result', '{"clean":true}');

    const ending = await runtime.invoke(s3Event({ key: 'uploads/film', etag, size }));
    await runtime.stop();
    await server.close();

    expect(ending).toEqual({ kind: 'returned' });
    expect(model.keys()).toEqual(['processed/film']);
    expect(model.current('processed/film')?.annotations).toEqual(
      new Map([['scan.result', '{"clean":true}']]),
    );
  });

  test('says by the type of its error that trying again cannot help', async () => {
    const model = new S3Model();
    const key = `uploads/${'k'.repeat(1015)}`;
    const { etag, size } = model.put(key, 'some rows');
    const server = await s3Server(model);
    const runtime = new Runtime(bundle, environment(server.url, 'replace'));

    const ending = await runtime.invoke(s3Event({ key, etag, size }));
    await runtime.stop();
    await server.close();

    expect(ending).toMatchObject({ kind: 'threw', errorType: 'PermanentError' });
    expect(server.requests).toEqual([`HeadObject ${key}`]);
  });

  test('logs keys and decisions, and reports metrics, but nothing of what was uploaded', async () => {
    const model = new S3Model();
    const server = await s3Server(model);
    const runtime = new Runtime(bundle, environment(server.url, 'replace'));
    const { etag, size } = model.put('uploads/a', 'the secret');

    await runtime.invoke(s3Event({ key: 'uploads/a', etag, size }));
    await runtime.stop();
    await server.close();

    const lines = runtime.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: 'moved',
        function_request_id: '1',
        bucket: BUCKET,
        key: 'uploads/a',
        decision: 'moved',
        why: 'it was uploaded',
        durationMs: expect.any(Number) as number,
      }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ UploadsMoved: 1, BytesMoved: 10 }));
    expect(runtime.output).not.toContain('the secret');
    expect(runtime.output).not.toContain('sequencer');
    expect(runtime.output).not.toContain('rehearsal');
  });

  test('moves forty uploads of one event at once, without a warning in its logs', async () => {
    const model = new S3Model();
    const server = await s3Server(model);
    const runtime = new Runtime(bundle, environment(server.url, 'keepBoth'));
    const objects = Array.from({ length: 40 }, (_, i) => {
      const key = `uploads/${i}`;
      const { etag, size } = model.put(key, `upload ${i}`);
      return { key, etag, size };
    });

    await expect(runtime.invoke(s3Event(...objects))).resolves.toEqual({ kind: 'returned' });
    await runtime.stop();
    await server.close();

    expect(model.keys('processed/')).toHaveLength(40);
    expect(model.keys('uploads/')).toEqual([]);
    expect(runtime.output).not.toContain('MaxListenersExceededWarning');
  });

  test('does not start in a wrong environment, and names what is wrong', async () => {
    const runtime = new Runtime(bundle, {
      ...environment('http://127.0.0.1:1', 'replace'),
      ON_EXISTING: 'Replace',
    });

    await expect(runtime.invoke({})).resolves.toEqual({ kind: 'killed' });

    expect(runtime.output).toContain('ON_EXISTING: got "Replace"; expected one of replace, keepBoth');
  });
});

/** Two runs of each kind; another seed every time unless given. It repeats the choices, if not the timing. */
const SEED = Number(process.env.BLACKBOX_SEED ?? Date.now() % 2 ** 31);

describe('with processes killed, answers lost, conflicts and refusals', () => {
  test.each([
    ['replace', SEED],
    ['replace', SEED + 1],
    ['keepBoth', SEED + 2],
    ['keepBoth', SEED + 3],
  ] as const)(
    'two execution environments lose and strand nothing (%s, BLACKBOX_SEED=%i)',
    async (mode, seed) => {
      const { broken, kills, redriven } = await chaos(mode, seed);

      expect(broken).toEqual([]);
      expect(redriven).not.toContain(false);
      expect(kills).toBeGreaterThan(0);
    },
  );
});

type Event = History['uploaded'][number];

interface Chaos {
  readonly broken: string[];
  readonly kills: number;
  /** Whether each event in the failure queue was done when it came again. */
  readonly redriven: boolean[];
}

const UPLOADS = 60;
const KEYS = ['uploads/a', 'uploads/b c+%41', 'uploads/ü/../?#'];
const LAMBDA_ATTEMPTS = 3;

async function chaos(mode: Mode, seed: number): Promise<Chaos> {
  const random = randomFrom(seed);
  const model = new S3Model();
  const history: History = { mode, repeats: false, uploaded: [] };
  let faults = true;
  let kills = 0;
  let requests = 0;

  const gate: Gate = async (label, effect) => {
    await sleep(random() * 3);
    requests += 1;
    // One process at least is killed, whatever the seed.
    const fault = !faults ? 1 : requests === 10 ? 0.015 : random();
    if (fault < 0.02) runtimes[Math.floor(random() * runtimes.length)]?.kill();
    if (fault < 0.02) kills += 1;
    if (fault < 0.01) throw new NetworkError('never arrived');
    const result = fault >= 0.02 && fault < 0.08 ? undefined : { value: effect() };
    if (fault < 0.02) throw new NetworkError('arrived, and its sender is gone');
    if (fault >= 0.08 && fault < 0.11) throw new NetworkError('the answer is lost');
    if (result) return result.value;
    if (fault < 0.05 && /writes|DeleteObject/.test(label))
      throw new S3ModelError(409, 'ConditionalRequestConflict');
    throw new S3ModelError(503, 'SlowDown');
  };

  const server = await s3Server(model, gate);
  const runtimes = [0, 1].map(() => new Runtime(bundle, environment(server.url, mode)));

  const invoke = async ({ key, version: { etag, size } }: Event): Promise<boolean> => {
    await sleep(random() * 20);
    const runtime = runtimes[Math.floor(random() * runtimes.length)];
    const ending = await runtime?.invoke(s3Event({ key, etag, size }));
    return ending?.kind === 'returned';
  };
  const failed: Event[] = [];
  /** As Lambda does it: three attempts, and then the failure queue. */
  const deliver = async (event: Event): Promise<void> => {
    for (let attempt = 1; attempt <= LAMBDA_ATTEMPTS; attempt += 1) if (await invoke(event)) return;
    failed.push(event);
  };

  const deliveries: Promise<void>[] = [];
  for (let n = 1; n <= UPLOADS; n += 1) {
    await sleep(random() * 15);
    const key = KEYS[Math.floor(random() * KEYS.length)] ?? '';
    const event = { key, version: model.put(key, `upload ${String(n)}`) };
    history.uploaded.push(event);
    deliveries.push(deliver(event));
    if (random() < 0.2) deliveries.push(deliver(event));
  }
  await Promise.all(deliveries);
  faults = false;
  const redriven = await Promise.all(failed.map(invoke));

  await Promise.all(runtimes.map((runtime) => runtime.stop()));
  await server.close();
  return { broken: violations(model, history), kills, redriven };
}

/** A small generator of numbers from 0 up to 1 that a seed repeats (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
