import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { invoke } from '../../../handlers/shared/invoke';
import { invokeDependencies } from '../../../handlers/shared/invoke-dependencies';
import { lambdaClientConfig } from '../../../handlers/shared/lambda-client';

const callee = { functionName: 'test-invoked', readAnswer: (answer: unknown) => answer };

interface Connection {
  readonly destroy: () => void;
  readonly answer: (status: number, headers: object, body: string) => void;
}

/** What a test has open; closed even when the test never comes to its end. */
let close: () => Promise<void> = () => Promise.resolve();
afterEach(() => {
  jest.useRealTimers();
  return close();
});

/** Stands for Lambda's API: what it does with a call is up to the test; it counts them. */
async function lambda(answer: (connection: Connection) => unknown) {
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    request.resume().on('end', () => {
      answer({
        destroy: () => request.socket.destroy(),
        answer: (status, headers, body) => response.writeHead(status, { ...headers }).end(body),
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new LambdaClient({
    ...lambdaClientConfig({ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'set' }),
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  close = async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { client, calls: () => calls };
}

const REMAINING_MS = 10_000;

describe('a call with the real SDK', () => {
  it('that times out runs the callee once', async () => {
    // By a clock that goes on when the call has come, which is never answered.
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask'] });
    const { client, calls } = await lambda(() => {
      jest.advanceTimersByTime(REMAINING_MS);
    });

    await expect(invoke(callee, {}, invokeDependencies(client, 'c', REMAINING_MS))).rejects.toMatchObject({
      name: 'DeadlineError',
      sent: true,
    });
    expect(calls()).toBe(1);
  });

  it('that loses its connection runs the callee once', async () => {
    const { client, calls } = await lambda(({ destroy }) => {
      destroy();
    });

    await expect(invoke(callee, {}, invokeDependencies(client, 'c', 10_000))).rejects.toMatchObject({
      name: 'InvocationFailedError',
    });
    expect(calls()).toBe(1);
  });

  it('that Lambda fails runs the callee once', async () => {
    const { client, calls } = await lambda(({ answer }) => {
      answer(500, { 'x-amzn-errortype': 'ServiceException' }, '{"Message":"sorry"}');
    });

    await expect(invoke(callee, {}, invokeDependencies(client, 'c', 10_000))).rejects.toMatchObject({
      name: 'InvocationFailedError',
    });
    expect(calls()).toBe(1);
  });

  it('that is throttled is tried again as Lambda spells it', async () => {
    const replies = [429, 429, 200];
    const { client, calls } = await lambda(({ answer }) => {
      const status = replies.shift() ?? 200;
      const headers = { 'x-amzn-requestid': 'r-1', 'x-amzn-errortype': 'TooManyRequestsException' };
      answer(status, headers, status === 200 ? '"done"' : '{"Reason":"CallerRateLimitExceeded"}');
    });

    await expect(invoke(callee, {}, invokeDependencies(client, 'c', 10_000))).resolves.toBe('done');
    expect(calls()).toBe(3);
  });

  it('reads the callee’s error as Lambda spells it', async () => {
    const { client } = await lambda(({ answer }) => {
      const headers = { 'x-amzn-requestid': 'r-1', 'x-amz-function-error': 'Unhandled' };
      answer(200, headers, '{"errorType":"TypeError","errorMessage":"no","trace":["TypeError: no"]}');
    });

    await expect(invoke(callee, {}, invokeDependencies(client, 'c', 10_000))).rejects.toMatchObject({
      name: 'CalleeError',
      errorType: 'TypeError',
      requestId: 'r-1',
      handled: false,
    });
  });
});
