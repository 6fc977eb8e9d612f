import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { proxyFor, request } from '../../../tools/machine/http';

const servers: { close: () => unknown; closeAllConnections?: () => void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

/** @returns the port on loopback */
async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
const serve = (listener: RequestListener) => listen(createServer(listener));

describe('request', () => {
  const silenceMs = 60_000;

  it('asks the server itself where no proxy is named', async () => {
    const port = await serve((_, response) => response.end('hello'));

    const answer = await request(new URL(`http://127.0.0.1:${port}/`), { env: {}, silenceMs });

    expect(await text(answer)).toBe('hello');
  });

  it('asks an HTTP proxy for the whole URL, with the proxy’s credentials', async () => {
    const asked: IncomingMessage[] = [];
    const port = await serve((received, response) => {
      asked.push(received);
      response.end('from the proxy');
    });
    const env = { HTTP_PROXY: `http://me:p%40ss@127.0.0.1:${port}` };

    const answer = await request(new URL('http://releases.test/zip'), { env, silenceMs });

    expect(await text(answer)).toBe('from the proxy');
    expect(asked[0]?.url).toBe('http://releases.test/zip');
    expect(asked[0]?.headers).toMatchObject({
      host: 'releases.test',
      'proxy-authorization': `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    });
  });

  it('speaks TLS with the server itself, through a tunnel of the proxy', async () => {
    const seen: string[] = [];
    const hello = new Promise<Buffer>((resolve) => {
      const proxy = createServer().on('connect', (received: IncomingMessage, socket: Socket) => {
        seen.push(received.url ?? '');
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.once('data', (data: Buffer) => {
          resolve(data);
          socket.destroy();
        });
      });
      void listen(proxy).then((port) => {
        const env = { https_proxy: `127.0.0.1:${port}` };
        request(new URL('https://releases.test/zip'), { env, silenceMs }).catch(() => undefined);
      });
    });

    const first = await hello;

    expect(seen).toEqual(['releases.test:443']);
    expect(first[0]).toBe(0x16); // a TLS handshake: https://www.rfc-editor.org/rfc/rfc8446#section-5.1
    expect(first.includes('releases.test')).toBe(true);
  });

  it('says what a proxy answers that opens no tunnel', async () => {
    const proxy = createServer().on('connect', (_, socket: Socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    );
    const env = { HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}` };

    const asked = request(new URL('https://releases.test/'), { env, silenceMs });

    await expect(asked).rejects.toThrow(/the proxy 127\.0\.0\.1:\d+ answers 407 to CONNECT/u);
  });

  it('gives up a server that says nothing', async () => {
    const port = await listen(createTcpServer());

    const asked = request(new URL(`http://127.0.0.1:${port}/`), { env: {}, silenceMs: 50 });

    await expect(asked).rejects.toThrow('the connection was silent for 0.05 s');
  });
});

describe('proxyFor', () => {
  const via = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.host;
  const PROXIES = { HTTPS_PROXY: 'http://secure:3128', http_proxy: 'plain:8080' };

  it('is one for each protocol, in capitals or not, with or without http://', () => {
    expect(via('https://releases.test', PROXIES)).toBe('secure:3128');
    expect(via('http://releases.test', PROXIES)).toBe('plain:8080');
    expect(via('https://releases.test', { HTTPS_PROXY: '' })).toBeUndefined();
  });

  it.each(['http://127.0.0.1:4566', 'http://localhost:1', 'http://[::1]:1'])('is none for %s', (url) => {
    expect(via(url, PROXIES)).toBeUndefined();
  });

  it.each([
    ['releases.test', true],
    ['.test', true],
    ['*.test', true],
    ['other, releases.test:443', false],
    ['*', true],
    ['eleases.test', false],
    ['', false],
  ])('leaves out what NO_PROXY=%s names: %s', (NO_PROXY, direct) => {
    expect(via('https://releases.test', { ...PROXIES, NO_PROXY }) === undefined).toBe(direct);
  });
});
