/**
 * Closed forms of queueing theory. The report quotes the fluid limits; the tests compare the simulation with all of
 * them.
 */

/** Erlang C: the probability that an arrival has to wait; `load` is arrival rate × mean service time. */
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

/** The time to drain a burst while arrivals continue and no execution is idle; Infinity if it never drains. */
export function drainSeconds(burst: number, arrivalsPerSecond: number, movesPerSecond: number): number {
  if (burst === 0) return 0;
  return movesPerSecond <= arrivalsPerSecond ? Infinity : burst / (movesPerSecond - arrivalsPerSecond);
}

/**
 * The time of the first drop for age in a FIFO queue: an event that arrives after t waits (λ/μ − 1)·t.
 * @returns seconds from the start; Infinity if no event is dropped
 */
export function firstDropSeconds(
  arrivalsPerSecond: number,
  movesPerSecond: number,
  maximumEventAgeSeconds: number,
): number {
  if (arrivalsPerSecond <= movesPerSecond) return Infinity;
  return (maximumEventAgeSeconds * arrivalsPerSecond) / (arrivalsPerSecond - movesPerSecond);
}
