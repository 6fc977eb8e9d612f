/**
 * What queueing theory says without a simulation. The report quotes the fluid limits, and the tests hold the
 * simulation against all of them.
 */

/** Erlang's C: the chance that one who arrives has to wait, `load` being arrivals × mean service time. */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1;
  let blocking = 1; // Erlang's B by its recurrence, which does not overflow as the factorials would
  for (let n = 1; n <= servers; n += 1) blocking = (load * blocking) / (n + load * blocking);
  return blocking / (1 - (load / servers) * (1 - blocking));
}

/** Mean time in the queue of M/M/c, in seconds. */
export function meanWaitSeconds(servers: number, arrivalsPerSecond: number, serviceSeconds: number): number {
  const spare = servers / serviceSeconds - arrivalsPerSecond;
  return spare <= 0 ? Infinity : erlangC(servers, arrivalsPerSecond * serviceSeconds) / spare;
}

/** How long a burst takes when no execution is ever idle and arrivals go on; Infinity when it never ends. */
export function drainSeconds(burst: number, arrivalsPerSecond: number, movesPerSecond: number): number {
  if (burst === 0) return 0;
  return movesPerSecond <= arrivalsPerSecond ? Infinity : burst / (movesPerSecond - arrivalsPerSecond);
}

/**
 * When the first event is dropped for its age, first in first out: one that arrives after t waits (λ/μ − 1)·t.
 * @returns seconds from the start; Infinity when nothing is ever dropped
 */
export function firstDropSeconds(
  arrivalsPerSecond: number,
  movesPerSecond: number,
  maximumEventAgeSeconds: number,
): number {
  if (arrivalsPerSecond <= movesPerSecond) return Infinity;
  return (maximumEventAgeSeconds * arrivalsPerSecond) / (arrivalsPerSecond - movesPerSecond);
}
