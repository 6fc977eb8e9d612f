import { once, setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { quickClient, type Client } from '../../../handlers/process-upload/quick-client';
import { s3ClientConfig } from '../../../handlers/shared/s3-client';

/** What a test has open; closed even when the test never comes to its end. */
let close = () => Promise.resolve();
afterEach(() => {
  jest.restoreAllMocks();
  return close();
});

/** An S3 that does with a request what the test says, and a client of it; every request that came, in order. */
async function s3(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.resume();
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const config = {
    ...s3ClientConfig({ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'set' }),
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { client: quickClient(config), plain: new S3Client(config), requests };
}

const head = (client: Client, Bucket: string, abortSignal: AbortSignal, Key = 'a') =>
  client.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal });
const aborted = { name: 'AbortError' };
const RETRY_AFTER_MS = 10_000;

test('requests to two buckets side by side do not take each other’s bucket, key or signal', async () => {
  // Each answer names the bucket and the key that its request was for.
  const { client } = await s3(({ url }, response) => {
    setTimeout(() => response.writeHead(200, { etag: `"${url ?? ''}"` }).end(), Math.random() * 5);
  });
  const [kept, ended] = [new AbortController(), new AbortController()];
  setMaxListeners(0, kept.signal, ended.signal); // as a deadline's are
  const sent = Array.from({ length: 60 }, (_, nth) => {
    const bucket = nth % 2 === 0 ? 'even' : 'odd';
    const { signal } = nth % 5 === 0 ? ended : kept;
    return { path: `"/${bucket}/${nth}"`, signal, answer: head(client, bucket, signal, String(nth)) };
  });
  ended.abort();

  const answers = await Promise.all(
    sent.map(({ answer }) =>
      answer.then(
        ({ ETag }) => ETag,
        (error: unknown) => (error as Error).name,
      ),
    ),
  );

  expect(answers).toEqual(sent.map(({ path, signal }) => (signal.aborted ? 'AbortError' : path)));
});

test('a signal ends the requests that hang, of its own event and of no other', async () => {
  const hanging: ServerResponse[] = [];
  const closed: string[] = [];
  const { client } = await s3(({ url = '' }, response) => {
    hanging.push(response);
    response.on('close', () => closed.push(url));
  });
  const [first, second] = [new AbortController(), new AbortController()];
  const ofFirst = [head(client, 'b', first.signal), head(client, 'b', first.signal)];
  const ofSecond = head(client, 'b', second.signal, 'second');
  ofFirst.forEach((request) => void request.catch(() => undefined));
  while (hanging.length < 3) await new Promise(setImmediate);

  first.abort();

  for (const request of ofFirst) await expect(request).rejects.toMatchObject(aborted);
  // Not only does nobody wait any more: the connections are closed.
  while (closed.length < 2) await new Promise(setImmediate);
  expect(closed).toEqual(['/b/a', '/b/a']);
  for (const response of hanging) response.writeHead(200, { etag: '"e"' }).end();
  await expect(ofSecond).resolves.toMatchObject({ ETag: '"e"' });
});

test('a signal ends the wait before the next attempt at once, and that attempt is never sent', async () => {
  const waits = new Promise<() => void>((resolve) => {
    // Nobody lives to see the wait that S3 asks for; other timers run.
    const setTimer = setTimeout;
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(((call: () => void, ms?: number) => {
      if ((ms ?? 0) < RETRY_AFTER_MS / 2) return setTimer(call, ms);
      resolve(call);
      return undefined;
    }) as typeof setTimeout);
  });
  const { client, requests } = await s3(({ url }, response) => {
    if (url === '/b/a') response.writeHead(503, { 'retry-after': String(RETRY_AFTER_MS / 1_000) }).end();
    else response.writeHead(200, { etag: '"e"' }).end();
  });
  const [first, second] = [new AbortController(), new AbortController()];
  const left = head(client, 'b', first.signal);
  left.catch(() => undefined);
  const attemptAgain = await waits;

  first.abort();
  await expect(left).rejects.toMatchObject(aborted);

  // The next event of the same execution environment is no shelter for what the first one left over.
  const next = head(client, 'b', second.signal, 'second');
  attemptAgain();
  await expect(next).resolves.toMatchObject({ ETag: '"e"' });
  await head(client, 'b', second.signal, 'third');
  expect(requests.map(({ url }) => url)).toEqual(['/b/a', '/b/second', '/b/third']);
});

test('a signal that is aborted before sends nothing; one that is aborted later ends the body that is read', async () => {
  const { client, requests } = await s3((_, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('half');
  });
  await expect(head(client, 'b', AbortSignal.abort())).rejects.toMatchObject(aborted);
  expect(requests).toEqual([]);

  const controller = new AbortController();
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'a' }), {
    abortSignal: controller.signal,
  });
  const read = Body?.transformToString();
  controller.abort();
  await expect(read).rejects.toThrow('aborted');
});

test('the hundredth request is what a client that remembers nothing sends', async () => {
  const { client, plain, requests } = await s3((_, response) => response.writeHead(204).end());
  const { signal } = new AbortController();
  const remove = (by: Client) =>
    by.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'a', IfMatch: '"e"' }), { abortSignal: signal });
  await remove(plain);
  for (let nth = 0; nth < 100; nth += 1) await remove(client);

  const sent = requests.map(({ method, url, headers }) => ({
    method,
    url,
    ...headers,
    authorization: headers.authorization?.replace(/Signature=.*/u, ''),
    'x-amz-date': undefined,
    'amz-sdk-invocation-id': undefined,
  }));
  expect(sent.at(-1)).toEqual(sent[0]);
});

test('keeps the middleware of a command: that is what makes it quick', async () => {
  const { client } = await s3((_, response) => response.writeHead(204).end());
  const resolved = jest.spyOn(HeadObjectCommand.prototype, 'resolveMiddleware');
  const { signal } = new AbortController();

  for (let nth = 0; nth < 10; nth += 1) await head(client, 'b', signal);

  expect(resolved).toHaveBeenCalledTimes(1);
});
