import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** A port of 127.0.0.1 that is one test's until it releases it. */
export interface ReservedPort {
  readonly port: number;
  readonly release: () => Promise<void>;
}

/**
 * Below what systems give to outgoing connections, whose ends would take a port between two looks at it.
 * https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html (ip_local_port_range)
 */
const FIRST = 20_000;
const LAST = 30_000;

/**
 * Reserves a port for an engine that listens later: the odd port above it is listened on meanwhile, which no second
 * test can do, and which ends with this process whatever happens.
 * @param from where to begin; even. @default spread by process
 */
export async function reservePort(
  from = FIRST + ((process.pid * 2) % (LAST - FIRST)),
): Promise<ReservedPort> {
  for (let tried = 0; tried < LAST - FIRST; tried += 2) {
    const port = FIRST + ((from - FIRST + tried) % (LAST - FIRST));
    const guard = await listen(port + 1);
    if (!guard) continue;
    const probe = await listen(port);
    if (probe) {
      await close(probe);
      guard.unref();
      return { port, release: () => close(guard) };
    }
    await close(guard);
  }
  throw new Error(`No two ports side by side are free on 127.0.0.1 from ${FIRST} to ${LAST}.`);
}

/** @returns undefined where something else listens there */
async function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening'); // throws what `error` emits
    return server;
  } catch {
    return undefined;
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
