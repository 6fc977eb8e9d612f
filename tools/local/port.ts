import { createServer } from 'node:net';
import type { Environment } from '../lib/environment';
import { codeOf, ToolError } from '../lib/errors';
import { processTable } from '../lib/process-table';
import { localPaths } from '../machine/paths';
import { readRecord } from './record';

const DEFAULT_PORT = 4566;

/** The port to listen on: `PIPELINE_LOCAL_PORT`, or 4566. */
export function enginePort(env: Environment): number {
  const given = env.PIPELINE_LOCAL_PORT;
  if (given === undefined || given === '') return DEFAULT_PORT;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_535) return port;
  throw new ToolError(
    `PIPELINE_LOCAL_PORT: got ${JSON.stringify(given)}; expected a port, an integer from 1024 to 65535.`,
  );
}

/**
 * Checks that the engine's port can be used.
 * @throws {ToolError} that names the process on the port, if visible, and the ways out
 */
export async function expectFreePort(env: Environment): Promise<void> {
  const port = enginePort(env);
  const error = await listen(port);
  if (error === undefined) return;
  const another = `PIPELINE_LOCAL_PORT=${await freePortAfter(port)} npm start`;
  const engine = await engineAt(port);
  throw new ToolError(
    engine
      ? `Port ${port} on 127.0.0.1 has an engine of this project that runs for another folder: ${engine.root}\n` +
          `(process ${engine.pid}, since ${new Date(engine.startedAt).toLocaleString()}).\n` +
          `Beside it:  ${another}\n` +
          'Instead:    npm stop, in that folder.\n' +
          'Nothing was started.'
      : `Port ${port} on 127.0.0.1 cannot be used (${error}): probably another program has it.\n` +
          `Another port:      ${another}\n` +
          `An engine of yours: AWS_ENDPOINT_URL=http://127.0.0.1:${port} npm start\n` +
          'Nothing was started.',
  );
}

/** @returns the reason why a port cannot be used; undefined if it can */
async function listen(port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    await new Promise((resolve) => server.close(resolve));
    return undefined;
  } catch (error) {
    return codeOf(error) ?? 'unknown error';
  }
}

async function freePortAfter(port: number): Promise<number> {
  for (let candidate = port + 10; candidate <= 65_535; candidate += 10) {
    if ((await listen(candidate)) === undefined) return candidate;
  }
  return DEFAULT_PORT;
}

/** The engine on a port, found by its command line and the record beside its program. */
async function engineAt(port: number) {
  for (const { pid, command } of await processTable()) {
    const root = /engine\.py (\/.+)\/\.local\/venv\/bin\/ministack\b/u.exec(command)?.[1];
    const record = root === undefined ? undefined : await readRecord(localPaths(root));
    if (root !== undefined && record?.pid === pid && new URL(record.endpoint).port === String(port))
      return { root, pid, startedAt: record.startedAt };
  }
  return undefined;
}
