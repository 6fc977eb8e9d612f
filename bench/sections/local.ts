import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { copyProject } from '../../__tests__/e2e/project-copy';
import { reservePort } from '../../__tests__/support/reserved-port';
import { mapConcurrent } from '../../handlers/shared/map-concurrent';
import { ToolError } from '../../tools/lib/errors';
import { s3At } from '../../tools/local/sample';
import { start, type Started } from '../../tools/local/start';
import { stop } from '../../tools/local/stop';
import type { Section } from '../lib/section';
import { quantile } from '../lib/statistics';

const ONE_BY_ONE = { quick: 30, full: 100 };
const UPLOADS = 1_000;
const CLIENTS = 16;
const POLL_MS = 5;
const TIMEOUT_MS = 120_000;

const silent = { write: () => undefined };

export const local: Section = {
  name: 'local',
  about: 'npm start, and uploads on the local engine, end to end',
  slow: true,
  run: async ({ quick, note }) => {
    // A copy, so that an engine that runs here is left alone.
    const copy = copyProject();
    const { root } = copy;
    const { port, release } = await reservePort();
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: undefined,
      PIPELINE_LOCAL_PORT: String(port),
    };
    try {
      note('npm start for the first time, which installs the engine');
      await start({ root, env, output: silent });
      await stop({ root, output: silent });
      note('npm start, installed');
      const started = performance.now();
      const pipeline = await start({ root, env, output: silent });
      const startSeconds = (performance.now() - started) / 1000;

      const bucket = bucketOf(pipeline);
      note('uploads one by one');
      const latencies = await oneByOne(bucket, quick ? ONE_BY_ONE.quick : ONE_BY_ONE.full);
      note(`${UPLOADS} uploads by ${CLIENTS} clients`);
      const { moved, seconds } = await atOnce(bucket);
      const measured = (what: string, unit: string, value: number) => ({
        what,
        unit,
        samples: { local: [value] },
      });
      return {
        title: 'On the local engine',
        measurements: [
          measured('npm start, installed, to the first processed object', 's', startSeconds),
          measured('upload to processed, p50', 'ms', quantile(latencies, 0.5)),
          measured('upload to processed, p99', 'ms', quantile(latencies, 0.99)),
          measured(`${UPLOADS} uploads by ${CLIENTS} clients, moved`, '', moved),
          measured('rate, first upload to last moved', 'objects/s', moved / seconds),
        ],
        ratios: [{ what: 'moved, of those uploaded', value: moved / UPLOADS, target: { least: 1 } }],
        notes: [
          'The engine starts a process for every execution environment: these are not the times of Lambda.',
        ],
      };
    } finally {
      await stop({ root, output: silent });
      await release();
      copy.remove();
    }
  },
};

interface Bucket {
  readonly s3: S3Client;
  readonly name: string;
  readonly uploadPrefix: string;
  readonly processedPrefix: string;
}

const bucketOf = ({ outputs, ...engine }: Started): Bucket => ({
  s3: s3At(engine),
  name: outputs.upload_bucket,
  uploadPrefix: outputs.upload_prefix,
  processedPrefix: outputs.processed_prefix,
});

/** @returns from the answer to each upload until it was found moved, in milliseconds */
async function oneByOne(
  { s3, name, uploadPrefix, processedPrefix }: Bucket,
  count: number,
): Promise<number[]> {
  const latencies: number[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const key = randomUUID();
    await s3.send(new PutObjectCommand({ Bucket: name, Key: `${uploadPrefix}${key}`, Body: key }));
    const uploaded = performance.now();
    const head = new HeadObjectCommand({ Bucket: name, Key: `${processedPrefix}${key}` });
    await until(`${uploadPrefix}${key} was not moved`, () =>
      s3.send(head).then(
        () => true,
        () => false,
      ),
    );
    latencies.push(performance.now() - uploaded);
  }
  return latencies;
}

async function atOnce({ s3, name, uploadPrefix, processedPrefix }: Bucket) {
  const folder = `${randomUUID()}/`;
  const keys = Array.from({ length: UPLOADS }, (_, nth) => `${uploadPrefix}${folder}${nth}`);
  const started = performance.now();
  await mapConcurrent(keys, CLIENTS, (Key) =>
    s3.send(new PutObjectCommand({ Bucket: name, Key, Body: Key })),
  );
  let moved = 0;
  await until('Not all uploads were moved', async () => {
    const page = new ListObjectsV2Command({ Bucket: name, Prefix: `${processedPrefix}${folder}` });
    moved = (await s3.send(page)).KeyCount ?? 0;
    return moved === UPLOADS;
  });
  return { moved, seconds: (performance.now() - started) / 1000 };
}

async function until(otherwise: string, isDone: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await isDone())) {
    if (performance.now() > deadline) throw new ToolError(`${otherwise} within ${TIMEOUT_MS / 1000} s.`);
    await sleep(POLL_MS);
  }
}
