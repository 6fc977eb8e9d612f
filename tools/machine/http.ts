import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { Environment } from '../lib/environment';

export interface RequestProps {
  /** The environment with the proxy variables: HTTPS_PROXY, HTTP_PROXY, NO_PROXY. */
  readonly env: Environment;
  readonly method?: 'GET' | 'HEAD';
  /** How long the connection may be silent. A slow answer that still sends data does not time out. */
  readonly silenceMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request, through a proxy if the environment names one. Node's own fetch supports no proxies before
 * Node.js 24: https://nodejs.org/api/http.html#built-in-proxy-support
 */
export async function request(url: URL, props: RequestProps): Promise<IncomingMessage> {
  const { env, method = 'GET', signal } = props;
  const proxy = proxyFor(url, env);
  if (!proxy) return answer(clientOf(url).request(url, { method, signal }), props);
  if (url.protocol === 'http:') {
    const headers = { host: url.host, ...authorization(proxy) };
    return answer(clientOf(proxy).request(proxy, { method, path: url.href, headers, signal }), props);
  }
  const socket = await tunnel(proxy, url, props);
  const createConnection = () => tls.connect({ socket, servername: url.hostname });
  return answer(https.request(url, { method, createConnection, signal }), props);
}

/** Opens a connection to a server through a proxy. */
async function tunnel(proxy: URL, { hostname, port }: URL, props: RequestProps): Promise<Socket> {
  const connect = clientOf(proxy).request(proxy, {
    method: 'CONNECT',
    path: `${hostname}:${port || 443}`,
    headers: authorization(proxy),
    signal: props.signal,
  });
  return new Promise<Socket>((resolve, reject) => {
    connect.once('connect', ({ statusCode = 0 }, socket: Socket) => {
      if (statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new Error(`the proxy ${proxy.host} answers ${statusCode} to CONNECT`));
    });
    // Every answer to CONNECT arrives as `connect`, so only an error ends this.
    answer(connect, props).catch(reject);
  });
}

async function answer(
  asked: http.ClientRequest,
  { silenceMs }: Pick<RequestProps, 'silenceMs'>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.setTimeout(silenceMs, () => {
      asked.destroy(new Error(`the connection was silent for ${silenceMs / 1000} s`));
    });
    asked.once('response', resolve);
    asked.on('error', reject);
    asked.end();
  });
}

const clientOf = ({ protocol }: URL): typeof http | typeof https => (protocol === 'https:' ? https : http);

function authorization({ username, password }: URL): http.OutgoingHttpHeaders {
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** The proxy for a URL, as Terraform and most tools choose it: https://pkg.go.dev/golang.org/x/net/http/httpproxy */
export function proxyFor({ protocol, hostname, port }: URL, env: Environment): URL | undefined {
  const name = protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const named = env[name.toUpperCase()] ?? env[name] ?? '';
  const proxy = /^https?:\/\//u.test(named) ? named : `http://${named}`;
  if (named === '' || !URL.canParse(proxy)) return undefined;
  if (/^(localhost|127\..*|\[::1\])$/u.test(hostname)) return undefined;
  const direct = (env.NO_PROXY ?? env.no_proxy ?? '').split(',').map((entry) => entry.trim());
  const isDirect = direct.some((entry) => {
    const [, host = '', only] = /^\*?\.?([^:]*)(?::(\d+))?$/u.exec(entry) ?? [];
    if (entry === '*') return true;
    if (host === '' || (only !== undefined && only !== port)) return false;
    return hostname === host || hostname.endsWith(`.${host}`);
  });
  return isDirect ? undefined : new URL(proxy);
}
