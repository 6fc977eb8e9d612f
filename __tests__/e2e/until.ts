import { setTimeout as sleep } from 'node:timers/promises';

/** Only for what hangs: on a machine with twenty programs a core, what takes seconds takes minutes. */
const GIVE_UP_AFTER_MS = 15 * 60_000;
const POLL_MS = 100;

/**
 * Asks again and again until the answer is not undefined, null or false.
 * @param what is waited for, for the error
 * @param state of the matter, for the error
 */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  state = (last: T): string => JSON.stringify(last),
): Promise<NonNullable<T>> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const last = await look();
    if (last !== undefined && last !== null && last !== false) return last;
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}: ${state(last)}.`);
    await sleep(POLL_MS);
  }
}
