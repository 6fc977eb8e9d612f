import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { zipSync } from 'fflate';
import { fetchedTerraform } from '../../../tools/lib/terraform';
import { fetchTerraform, isFetchable, type FetchProps } from '../../../tools/machine/fetch-terraform';
import { temporaryFolder } from '../local/temporary-folder';

const folder = temporaryFolder();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const PROGRAM = Buffer.from('#!/bin/sh\necho terraform\n');
const ZIP = Buffer.from(zipSync({ 'LICENSE.txt': Buffer.from('licence'), terraform: PROGRAM }));
const checksum = createHash('sha256').update(ZIP).digest('hex');

/** @returns the URL of a server on loopback */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const fetchFrom = (server: string, props: Partial<FetchProps> = {}) =>
  fetchTerraform({ root: folder.path, env: { PIPELINE_FETCH_TERRAFORM: server }, checksum, ...props });
const file = (): string => fetchedTerraform(folder.path);

/** Everything below `.local/`, which is nothing where nothing was fetched. */
const kept = (): string[] =>
  existsSync(path.dirname(file())) ? readdirSync(path.dirname(file()), { encoding: 'utf8' }) : [];

describe('fetchTerraform', () => {
  it('puts the program of this machine’s zip into .local/, ready to run, and says so', async () => {
    const asked: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      asked.push(request.url);
      response.end(ZIP);
    });
    const said: string[] = [];

    await fetchFrom(server, { progress: { say: (line) => said.push(line) } });

    const machine = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
    expect(asked).toEqual([`/terraform/1.11.4/terraform_1.11.4_${machine}.zip`]);
    expect(said).toEqual([expect.stringContaining(`fetching 1.11.4 from ${server}`)]);
    expect(readFileSync(file())).toEqual(PROGRAM);
    expect(statSync(file()).mode & 0o777).toBe(0o755);
    expect(kept()).toEqual(['terraform']);
  });

  it('tells how far it is', async () => {
    const server = await serve((_, response) => response.end(ZIP));
    const notes: string[] = [];

    await fetchFrom(server, { note: (text) => notes.push(text) });

    expect(notes.at(-1)).toBe('0 of 1 MB');
  });

  it('takes its time with a server that is slow but goes on', async () => {
    const server = await serve((_, response) => {
      const parts = [...ZIP].map((byte) => Buffer.from([byte]));
      const next = (): void => {
        const part = parts.shift();
        if (part) response.write(part, () => setImmediate(next));
        else response.end();
      };
      next();
    });

    await fetchFrom(server);

    expect(readFileSync(file())).toEqual(PROGRAM);
  });

  it.each<[string, RequestListener, string]>([
    ['tampered', (_, response) => response.end(Buffer.from(ZIP).fill(0, 40, 41)), 'SHA-256'],
    ['cut short, without a word', (_, response) => response.end(ZIP.subarray(0, 60)), '(60 bytes)'],
    [
      'cut short by the connection’s end',
      (_, response) => {
        response.writeHead(200, { 'content-length': ZIP.byteLength });
        response.write(ZIP.subarray(0, 60), () => response.destroy());
      },
      'could not be fetched: aborted',
    ],
    [
      'not there',
      (_, response) => response.writeHead(404).end('no'),
      'could not be fetched: it answers 404.',
    ],
    ['an error', (_, response) => response.writeHead(503).end(), 'it answers 503.'],
  ])('keeps nothing of what is %s', async (_, listener, reason) => {
    const server = await serve(listener);

    await expect(fetchFrom(server)).rejects.toThrow(reason);
    expect(kept()).toEqual([]);
  });

  it('keeps nothing that has not the pinned checksum of this machine', async () => {
    const server = await serve((_, response) => response.end(ZIP));

    await expect(fetchFrom(server, { checksum: undefined })).rejects.toThrow(
      /SHA-256 [0-9a-f]{64} \(\d+ bytes\); expected [0-9a-f]{64}/u,
    );
  });

  it('says that nothing answers', async () => {
    const server = await serve((_, response) => response.end());
    servers.splice(0).forEach((gone) => gone.close());

    await expect(fetchFrom(server)).rejects.toThrow('ECONNREFUSED');
  });

  it('ends at once when it is interrupted, keeps nothing, and begins again next time', async () => {
    const interrupt = new AbortController();
    let first = true;
    const server = await serve((_, response) => {
      if (!first) return response.end(ZIP);
      first = false;
      return response.write(ZIP.subarray(0, 60), () => {
        interrupt.abort();
      });
    });

    await expect(fetchFrom(server, { signal: interrupt.signal })).rejects.toThrow('abort');
    expect(kept()).toEqual([]);
    await fetchFrom(server);

    expect(readFileSync(file())).toEqual(PROGRAM);
  });

  it('can be done twice at once', async () => {
    const waiting: (() => void)[] = [];
    const server = await serve((_, response) => {
      waiting.push(() => response.end(ZIP));
      if (waiting.length === 2)
        waiting.forEach((answer) => {
          answer();
        });
    });

    await Promise.all([fetchFrom(server), fetchFrom(server)]);

    expect(readFileSync(file())).toEqual(PROGRAM);
    expect(kept()).toEqual(['terraform']);
  });

  it('goes through a proxy', async () => {
    const server = await serve((request, response) =>
      response.end(request.url?.startsWith('http://releases.test/') ? ZIP : ''),
    );

    await fetchFrom(server, {
      env: { PIPELINE_FETCH_TERRAFORM: 'http://releases.test/', HTTP_PROXY: server },
    });

    expect(readFileSync(file())).toEqual(PROGRAM);
  });

  it('refuses a server that is none', async () => {
    await expect(fetchFrom('on')).rejects.toThrow(
      'PIPELINE_FETCH_TERRAFORM: got "on"; expected off, or the URL of a server',
    );
  });
});

describe('isFetchable', () => {
  it('is forbidden by PIPELINE_FETCH_TERRAFORM=off alone', () => {
    expect(isFetchable({ PIPELINE_FETCH_TERRAFORM: 'off' })).toBe(false);
    expect(isFetchable({})).toBe(isFetchable({ PIPELINE_FETCH_TERRAFORM: '' }));
  });
});
