import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsQueue } from '../../../../tools/operate/failures/sqs-queue';

describe('the time of an answer', () => {
  const body = JSON.stringify({
    Messages: [
      { MessageId: 'm', ReceiptHandle: 'r', Body: 'b', MD5OfBody: '92eb5ffee6ae2fec3ad71c777531578f' },
    ],
  });
  let server: Server;
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.setHeader('date', 'Thu, 01 Jan 2026 00:00:07 GMT');
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(body);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is the queue’s, whatever this machine’s clock says', async () => {
    const { port } = server.address() as AddressInfo;
    const client = new SQSClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });

    const [received] = await sqsQueue({ client, url: 'https://queue', holdSeconds: 1 }).receive(1);
    client.destroy();

    expect(received).toMatchObject({ body: 'b', receivedAt: Date.UTC(2026, 0, 1, 0, 0, 7) });
  });
});
