import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { build } from '../support/build';
import { s3Event } from '../support/events';
import { S3Model } from '../support/s3-model';
import { s3Server } from '../support/s3-server';

const project = path.resolve(__dirname, '../..');

/** A runtime in a few lines: asks for an event, runs the handler, says how it ended, until there is no event any more. */
const BOOTSTRAP = `#!/usr/bin/env node
const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT } = process.env;
const api = 'http://' + AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
const { handler } = require(LAMBDA_TASK_ROOT + '/index.js');
(async () => {
  for (;;) {
    const next = await fetch(api + 'next');
    if (next.status !== 200) return process.exit(0);
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
    const context = { awsRequestId: id, getRemainingTimeInMillis: () => deadline - Date.now() };
    const answer = await handler(await next.json(), context);
    await fetch(api + id + '/response', { method: 'POST', body: JSON.stringify(answer ?? null) });
  }
})();
`;

/** Lambda's Runtime API with one event. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
async function runtimeApi(event: unknown) {
  const answers: string[] = [];
  let handedOut = false;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString()));
    request.on('end', () => {
      if (request.method === 'POST') answers.push(body);
      const next = request.method === 'GET' && !handedOut;
      response.writeHead(request.method === 'POST' ? 202 : next ? 200 : 410, {
        'lambda-runtime-aws-request-id': 'one',
        'lambda-runtime-deadline-ms': String(Date.now() + 600_000),
      });
      response.end(next ? JSON.stringify(event) : undefined);
      handedOut ||= next;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { answers, address: `127.0.0.1:${port}`, close: () => server.close() };
}

describe('a runtime of one’s own', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'runtime-'));
    await cp(path.join(project, 'handlers'), path.join(root, 'handlers'), { recursive: true });
    await symlink(path.join(project, 'node_modules'), path.join(root, 'node_modules'));
    await writeFile(path.join(root, 'bootstrap'), BOOTSTRAP);
    await build(path.join(root, 'dist'), 'process-upload', root);
  });
  afterAll(() => rm(root, { recursive: true }));

  const packageOf = (name: string) => readFile(path.join(root, 'dist', 'packages', `${name}.zip`));

  it('is in every package, may be executed, and gives the same bytes again', async () => {
    const [first, other] = [await packageOf('process-upload'), await packageOf('invoked')];
    await build(path.join(root, 'dist'), 'process-upload', root);

    for (const zip of [first, other]) {
      expect(new TextDecoder().decode(unzipSync(zip).bootstrap)).toBe(BOOTSTRAP);
      expect(modesIn(zip)).toMatchObject({ bootstrap: 0o100755, 'index.js': 0o100644 });
    }
    expect((await packageOf('process-upload')).equals(first)).toBe(true);
  });

  it('moves an upload', async () => {
    const task = path.join(root, 'task');
    await mkdir(task);
    for (const [name, content] of Object.entries(unzipSync(await packageOf('process-upload')))) {
      await writeFile(path.join(task, name), content);
    }
    await chmod(path.join(task, 'bootstrap'), 0o755);
    const model = new S3Model();
    const { etag, size } = model.put('uploads/report.csv', 'some rows');
    const server = await s3Server(model);
    const api = await runtimeApi(s3Event({ key: 'uploads/report.csv', etag, size }));

    await promisify(execFile)(path.join(task, 'bootstrap'), {
      env: {
        PATH: process.env.PATH,
        AWS_LAMBDA_RUNTIME_API: api.address,
        LAMBDA_TASK_ROOT: task,
        AWS_ENDPOINT_URL: server.url,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        UPLOAD_PREFIX: 'uploads/',
        PROCESSED_PREFIX: 'processed/',
        ON_EXISTING: 'replace',
        LOG_LEVEL: 'INFO',
      },
    });
    api.close();
    await server.close();

    expect(api.answers).toEqual(['null']);
    expect(model.current('processed/report.csv')?.content).toBe('some rows');
    expect(model.current('uploads/report.csv')).toBeUndefined();
  });
});

/** The mode of every file of a zip, from its central directory: 46 bytes each, then name, extra field and comment. */
function modesIn(zip: Buffer): Record<string, number> {
  const modes: Record<string, number> = {};
  for (let at = zip.indexOf('PK\u0001\u0002'); at !== -1; at = zip.indexOf('PK\u0001\u0002', at + 46)) {
    const name = zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28));
    modes[name] = zip.readUInt32LE(at + 38) >>> 16;
  }
  return modes;
}
