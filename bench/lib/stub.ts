import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** The counts of the stub since the last call. */
export interface Counts {
  readonly copies: number;
  /** Copies that hold only for the version that was seen, and for a destination as it was seen. */
  readonly guardedCopies: number;
  readonly deletes: number;
  readonly guardedDeletes: number;
  readonly others: number;
}

export interface Stub {
  readonly url: string;
  counts(): Promise<Counts>;
  /** Requests a second at most, with so many connections. */
  limit(connections: number, milliseconds: number): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the stub as a process of its own on a free port of this machine. */
export async function startStub(
  root: string,
  delays: { copyMs?: number; deleteMs?: number } = {},
): Promise<Stub> {
  const { copyMs = 0, deleteMs = 0 } = delays;
  const folder = path.join(root, 'bench', 'stub');
  const child = spawn(process.execPath, [path.join(folder, 'aws-stub.mjs'), `${copyMs}`, `${deleteMs}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    counts: async () => (await (await fetch(`${url}/_counts`)).json()) as Counts,
    limit: async (connections, milliseconds) => {
      const args = [path.join(folder, 'load.mjs'), port, `${connections}`, `${milliseconds}`];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      return Number(stdout);
    },
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
