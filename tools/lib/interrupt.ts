/** The shells' exit code for Ctrl-C: 128 + SIGINT. */
export const INTERRUPTED = 130;

/**
 * A signal that the first Ctrl-C (or SIGTERM, SIGHUP) aborts, so that a tool can stop in an orderly way. A second one
 * ends the process as usual.
 */
export function interruptible(): AbortSignal {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      interrupt.abort();
    });
  }
  return interrupt.signal;
}
