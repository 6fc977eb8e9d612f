import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { Duplex } from 'node:stream';

type Json = Readonly<Record<string, unknown>>;

/**
 * A client of Node's inspector, as debuggers are. https://chromedevtools.github.io/devtools-protocol/
 * A WebSocket by hand, because Node.js 20 has none: text frames alone, which is what the inspector sends.
 * https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export class Debugger {
  private received = Buffer.alloc(0);
  private nth = 0;
  private readonly answers = new Map<number, (answer: Json) => void>();
  /** Every event so far, oldest first. */
  readonly events: { readonly method: string; readonly params: Json }[] = [];

  private constructor(private readonly socket: Duplex) {
    socket.on('data', (data: Buffer) => {
      this.received = Buffer.concat([this.received, data]);
      for (let text = this.nextText(); text !== undefined; text = this.nextText()) this.take(text);
    });
  }

  /** Attaches to the process that listens on a port of 127.0.0.1. */
  static async attach(port: number): Promise<Debugger> {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { id: string }[];
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    };
    const request = http.get({ host: '127.0.0.1', port, path: `/${targets[0]?.id ?? ''}`, headers });
    return new Promise((resolve, reject) => {
      request.once('error', reject);
      request.once('upgrade', (_, socket) => {
        resolve(new Debugger(socket));
      });
    });
  }

  send(method: string, params: Json = {}): Promise<Json> {
    this.nth += 1;
    const id = this.nth;
    const payload = Buffer.from(JSON.stringify({ id, method, params }));
    const mask = randomBytes(4);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(payload.length);
    const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    this.socket.write(Buffer.concat([Buffer.of(0x81, 0x80 | 126), length, mask, masked]));
    return new Promise((resolve) => this.answers.set(id, resolve));
  }

  end(): void {
    this.socket.destroy();
  }

  private nextText(): string | undefined {
    const short = (this.received[1] ?? 0) & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (this.received.length < start) return undefined;
    const length =
      short === 126
        ? this.received.readUInt16BE(2)
        : short === 127
          ? Number(this.received.readBigUInt64BE(2))
          : short;
    if (this.received.length < start + length) return undefined;
    const text = this.received.subarray(start, start + length).toString();
    this.received = this.received.subarray(start + length);
    return text;
  }

  private take(text: string): void {
    const message = JSON.parse(text) as { id?: number; result?: Json; method?: string; params?: Json };
    if (message.id !== undefined) this.answers.get(message.id)?.(message.result ?? {});
    else this.events.push({ method: message.method ?? '', params: message.params ?? {} });
  }
}
