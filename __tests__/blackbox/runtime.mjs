// @ts-check
// One execution environment of Lambda: loads the bundle and runs its handler, one message an event.
// node runtime.mjs BUNDLE
import { createRequire } from 'node:module';

const [, , bundle = ''] = process.argv;

/** @type {unknown} */
const loaded = createRequire(import.meta.url)(bundle);
const { handler } = /** @type {{ handler: (event: unknown, context: object) => Promise<void> }} */ (loaded);

process.on('message', (/** @type {{ id: number, event: unknown }} */ { id, event }) => {
  const context = {
    awsRequestId: String(id),
    functionName: 'process-upload',
    getRemainingTimeInMillis: () => 30_000,
  };
  handler(event, context).then(
    () => process.send?.({ id }),
    (/** @type {unknown} */ error) => {
      const { name, message } = /** @type {Error} */ (error);
      process.send?.({ id, errorType: name, errorMessage: message });
    },
  );
});
process.on('disconnect', () => process.exit());
