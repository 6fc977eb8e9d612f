// @ts-check
// Runs a bundled handler as Lambda's runtime does, one event at a time, and tells on file descriptor 3 how it went.
//   node.mjs bare              only starts
//   node.mjs cold FILE         loads the handler, moves one object, ends
//   node.mjs first FILE        the same, but moves only when a line comes on standard input
//   node.mjs warm FILE         loads it, then takes commands on standard input: {"events": 50, "records": 1}
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';

/** @typedef {(event: unknown, context: unknown) => Promise<void>} Handler */
/** @typedef {{ handler: Handler }} Bundle */
/** @typedef {{ events: number, records: number }} Command */

const [mode, file = ''] = process.argv.slice(2);

/** @param {object} said */
const tell = (said) => writeSync(3, `${JSON.stringify(said)}\n`);
/** Milliseconds since the epoch, so that the parent's clock and Python's are comparable. */
const now = () => performance.timeOrigin + performance.now();

let moved = 0;
/** @param {number} count */
const event = (count) => ({
  Records: Array.from({ length: count }, () => ({
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: '2026-01-01T00:00:00.000Z',
    eventName: 'ObjectCreated:Put',
    s3: {
      bucket: { name: 'bench' },
      object: {
        key: `uploads/2026/report+${++moved}.csv`,
        size: 1024,
        eTag: 'd41d8cd98f00b204e9800998ecf8427e',
        sequencer: '0055AED6DCD90281E5',
      },
    },
  })),
});
const context = {
  awsRequestId: 'bench',
  functionName: 'bench',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:bench',
  memoryLimitInMB: '512',
  getRemainingTimeInMillis: () => 30_000,
};

if (mode === 'bare') {
  tell({ loadedAt: now() });
} else {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- the rule does not see casts in JSDoc
  const { handler } = /** @type {Bundle} */ (createRequire(import.meta.url)(file));
  // In the next turn of the event loop Lambda's runtime asks for an event: what is done until then belongs to init.
  await new Promise(setImmediate);
  tell({ loadedAt: now() });
  if (mode === 'first') await once(process.stdin, 'data');
  if (mode !== 'warm') {
    await handler(event(1), context);
    tell({ movedAt: now() });
    process.exit(); // the client's connection would keep the process for a while
  }
  await obey(handler);
}

/** @param {Handler} handler */
async function obey(handler) {
  const { createInterface } = await import('node:readline');
  for await (const line of createInterface({ input: process.stdin })) {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- the rule does not see casts in JSDoc
    const { events, records } = /** @type {Command} */ (JSON.parse(line));
    const cpu = process.cpuUsage();
    const started = performance.now();
    for (let i = 0; i < events; i += 1) await handler(event(records), context);
    const wallMs = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    tell({ wallMs, cpuMs: (user + system) / 1000, peakMb: process.resourceUsage().maxRSS / 1024 });
  }
  process.exit();
}
