import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readEnvironment } from '../../../handlers/process-upload/environment';
import { rehearse } from '../../../handlers/process-upload/rehearsal';
import { UploadMetrics } from '../../../handlers/process-upload/upload-metrics';
import { s3ClientConfig } from '../../../handlers/shared/s3-client';

const variables = {
  UPLOAD_PREFIX: 'uploads/',
  PROCESSED_PREFIX: 'processed/',
  ON_EXISTING: 'replace',
  LOG_LEVEL: 'INFO',
};
const environment = readEnvironment(variables);
const config = (more: object = {}) => ({
  ...s3ClientConfig({ AWS_REGION: 'eu-west-1' }),
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  ...more,
});
const results = jest.spyOn(UploadMetrics.prototype, 'result');
beforeEach(() => results.mockClear());
const MOVED = { decision: 'moved', destination: 'processed/rehearsal' };

test('is a whole move, by the code that moves uploads', async () => {
  await rehearse(environment, config());

  expect(results.mock.calls).toEqual([[expect.objectContaining(MOVED)]]);
});

test('is over before the next turn of the event loop, in which Lambda’s runtime asks for an event', async () => {
  void rehearse(environment, config());
  await new Promise(setImmediate);

  expect(results.mock.calls).toEqual([[expect.objectContaining(MOVED)]]);
});

test('rehearses in a bucket without an upload prefix, too', async () => {
  await rehearse(readEnvironment({ ...variables, UPLOAD_PREFIX: '' }), config());

  expect(results.mock.calls).toEqual([[expect.objectContaining(MOVED)]]);
});

test('sends nothing', async () => {
  const server = createServer();
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;

  await rehearse(environment, config({ endpoint: `http://127.0.0.1:${port}` }));
  await new Promise(setImmediate);
  server.close();

  expect(results).toHaveBeenCalledTimes(1);
  expect(connections).toBe(0);
});

test('never fails, and leaves no timer', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  try {
    const refused = config({ credentials: () => Promise.reject(new Error('none')) });

    await expect(rehearse(environment, refused)).resolves.toBeUndefined();

    expect(results).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
