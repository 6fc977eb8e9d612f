const FIRST_MILLISECONDS = 50;
const MOST_MILLISECONDS = 1_000;

/**
 * The wait after the `nth` refusal, counted from 1: random between 0 and a limit that doubles each time ("full
 * jitter"), so that clients that collided once do not collide again.
 * @param random from 0 up to 1
 */
export function backOffMilliseconds(nth: number, random: () => number = Math.random): number {
  return random() * Math.min(MOST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** (nth - 1));
}
