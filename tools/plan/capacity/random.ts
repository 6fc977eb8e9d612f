/** Numbers from 0 up to 1. */
export type Random = () => number;

/** Mulberry32: 32 bits of state are enough for a simulation, and the same seed gives the same numbers everywhere. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The time to the next event of a Poisson process with the given rate. */
export const exponential = (random: Random, rate: number): number => -Math.log(1 - random()) / rate;

/**
 * Durations with a long tail, typical of network requests.
 * @param spread standard deviation over mean; 0: always the mean
 */
export function lognormal(mean: number, spread: number): (random: Random) => number {
  if (spread === 0) return () => mean;
  const variance = Math.log(1 + spread ** 2);
  const location = Math.log(mean) - variance / 2;
  return (random) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.exp(location + Math.sqrt(variance) * normal);
  };
}
