/** The clock of a pace. */
export interface Clock {
  /** In milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Waits until the next `count` operations may begin. */
export type Pace = (count?: number) => Promise<void>;

/** At most this many operations a second, evenly spaced. Unused capacity is not saved for later. */
export function pace(perSecond: number, { now, sleep }: Clock): Pace {
  let next = now();
  return async (count = 1) => {
    const begin = Math.max(next, now());
    next = begin + (count * 1000) / perSecond;
    const wait = begin - now();
    if (wait > 0) await sleep(wait);
  };
}
