const FIRST_MILLISECONDS = 50;
const MOST_MILLISECONDS = 1_000;

/**
 * How long to wait after the `nth` refusal, counted from 1: doubling, and anything up to that by chance, so that those
 * who met once do not meet again.
 * @param random from 0 up to 1
 */
export function backOffMilliseconds(nth: number, random: () => number = Math.random): number {
  return random() * Math.min(MOST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** (nth - 1));
}
