import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { selfSigned } from '../../tools/local/certificate';

/** The counts of the stub since the last call. */
export interface Counts {
  readonly copies: number;
  /** Copies that hold only for the version that was seen, and for a destination as it was seen. */
  readonly guardedCopies: number;
  readonly deletes: number;
  readonly guardedDeletes: number;
  readonly others: number;
}

/** Where a contender finds AWS. */
export interface Endpoint {
  readonly url: string;
  /** The file of the certificate to trust. */
  readonly certificate?: string;
}

export interface Stub extends Endpoint {
  /** The same stub over HTTPS, as on AWS: over HTTP the SDK loads modules that it never loads there. */
  readonly secure: Required<Endpoint>;
  counts(): Promise<Counts>;
  /** Requests a second at most, with so many connections. */
  limit(connections: number, milliseconds: number): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the stub as a process of its own, on two free ports of this machine. */
export async function startStub(
  root: string,
  delays: { copyMs?: number; deleteMs?: number } = {},
): Promise<Stub> {
  const { copyMs = 0, deleteMs = 0 } = delays;
  const folder = path.join(root, 'bench', 'stub');
  const secrets = selfSigned(new Date());
  const temporary = await mkdtemp(path.join(tmpdir(), 'bench-'));
  const certificate = path.join(temporary, 'certificate.pem');
  await writeFile(certificate, secrets.certificate);
  const child = spawn(process.execPath, [path.join(folder, 'aws-stub.mjs'), `${copyMs}`, `${deleteMs}`], {
    env: { ...process.env, STUB_CERTIFICATE: secrets.certificate, STUB_KEY: secrets.key },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [ports] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const [port, securePort] = JSON.parse(ports) as [number, number];
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    secure: { url: `https://127.0.0.1:${securePort}`, certificate },
    counts: async () => (await (await fetch(`${url}/_counts`)).json()) as Counts,
    limit: async (connections, milliseconds) => {
      const args = [path.join(folder, 'load.mjs'), `${port}`, `${connections}`, `${milliseconds}`];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      return Number(stdout);
    },
    stop: async () => {
      child.kill();
      await once(child, 'exit');
      await rm(temporary, { recursive: true });
    },
  };
}
