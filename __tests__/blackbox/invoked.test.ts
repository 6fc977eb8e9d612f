import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { build } from '../support/build';
import { Runtime } from '../support/runtime';

let folder: string;
let bundle: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bundle-'));
  bundle = await build(folder, 'invoked');
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const environment = (more: Readonly<Record<string, string>> = {}) => ({
  PATH: process.env.PATH ?? '',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  LOG_LEVEL: 'INFO',
  ...more,
});

/** A DynamoDB that lets everything happen; the operations it was asked for. */
async function dynamoDb() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    asked.push(String(request.headers['x-amz-target']).replace(/^.*\./u, ''));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return { asked, url, close: () => server.close() };
}

describe('the bundle of invoked', () => {
  test('stays within 32 KB, and the guard beside it within 185 KB', async () => {
    expect((await stat(bundle)).size).toBeLessThanOrEqual(32_000);
    expect(
      (await stat(path.join(path.dirname(bundle), 'lazy', 'dynamodb-guard.js'))).size,
    ).toBeLessThanOrEqual(185_000);
  });

  test('is packed with the guard, whose code no other handler has', async () => {
    const files = Object.fromEntries(
      await Promise.all(
        (await readdir(path.join(folder, 'packages'))).map(async (zip) => {
          const packed = await readFile(path.join(folder, 'packages', zip));
          return [zip, Object.keys(unzipSync(packed))] as const;
        }),
      ),
    );

    expect(files).toEqual({
      'caller.zip': ['index.js'],
      'invoked.zip': ['index.js', 'lazy/dynamodb-guard.js'],
      'process-upload.zip': ['index.js'],
      'sweep.zip': ['index.js', 'lazy/upload-queue.js'],
    });
    for (const name of ['caller', 'invoked', 'process-upload', 'sweep']) {
      expect(await readFile(path.join(folder, 'handlers', name, 'index.js'), 'utf8')).not.toContain(
        'ReturnValuesOnConditionCheckFailure',
      );
    }
  });

  test('asks the table twice about a job where it is guarded', async () => {
    const table = await dynamoDb();
    const runtime = new Runtime(
      bundle,
      environment({
        AWS_ENDPOINT_URL: table.url,
        IDEMPOTENCY_TABLE_NAME: 'jobs-done',
        IDEMPOTENCY_EXPIRES_AFTER_HOURS: '24',
      }),
    );

    await expect(runtime.invoke({ echo: 1 })).resolves.toEqual({ kind: 'returned' });
    expect(table.asked).toEqual(['PutItem', 'UpdateItem']);

    await runtime.stop();
    table.close();
  });

  test('does not load the guard where there is none: it works without that file', async () => {
    await rm(path.join(path.dirname(bundle), 'lazy', 'dynamodb-guard.js'));
    const runtime = new Runtime(bundle, environment());

    await expect(runtime.invoke({ echo: 1 })).resolves.toEqual({ kind: 'returned' });

    await runtime.stop();
  });
});
