import { once } from 'node:events';
import { createServer } from 'node:net';
import { reservePort } from './reserved-port';

describe('reservePort', () => {
  it('gives no port twice before it is released, although nothing listens on it', async () => {
    const first = await reservePort();
    const second = await reservePort(first.port);

    expect(second.port).not.toBe(first.port);

    await first.release();
    await second.release();
    const third = await reservePort(first.port);
    expect(third.port).toBe(first.port);
    await third.release();
  });

  it('passes over a port that something listens on', async () => {
    const { port, release } = await reservePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    await release();

    const other = await reservePort(port);

    expect(other.port).not.toBe(port);
    await other.release();
    server.close();
  });
});
