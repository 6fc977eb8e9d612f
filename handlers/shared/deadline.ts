import { setMaxListeners } from 'node:events';

/** What is left of the function's time when its work is aborted, and when it answers for work that still hangs. */
const STOP_MILLISECONDS = 500;
const GIVE_UP_MILLISECONDS = 150;

export interface Deadline {
  /** Aborted while there is time to tidy up. */
  readonly stop: AbortSignal;
  /** Aborted at the last moment at which the error can still be the handler's own. */
  readonly giveUp: AbortSignal;
}

/** A deadline whose clock runs. */
export interface RunningDeadline extends Deadline {
  /** Stops the clock: what is done in time would be kept in memory until its time was up. */
  end(): void;
}

/**
 * Ends before Lambda does: an invocation that Lambda ends says "Task timed out" and nothing of what it was doing.
 * Where little time is left, the margins shrink to a quarter of it and less.
 * @param remainingMilliseconds what `context.getRemainingTimeInMillis()` says
 */
export function deadline(remainingMilliseconds: number): RunningDeadline {
  const { stopAfter, giveUpAfter } = marginsOf(remainingMilliseconds);
  const stop = abortAfter(stopAfter);
  const giveUp = abortAfter(giveUpAfter);
  // Every request under way listens; Node.js takes more than ten for a leak and would say so in the logs.
  setMaxListeners(0, stop.signal, giveUp.signal);
  return {
    stop: stop.signal,
    giveUp: giveUp.signal,
    end: () => {
      clearTimeout(stop.timer);
      clearTimeout(giveUp.timer);
    },
  };
}

/** `AbortSignal.timeout`, with a timer that can be cleared. */
function abortAfter(milliseconds: number): { signal: AbortSignal; timer: NodeJS.Timeout } {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort();
  }, milliseconds).unref();
  return { signal: controller.signal, timer };
}

/** Rejects with `error()` when the signal is aborted, and never before. One listener, however many wait. */
export function rejectOnAbort(signal: AbortSignal, error: () => Error): Promise<never> {
  const rejection = new Promise<never>((_, reject) => {
    const fail = () => {
      reject(error());
    };
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
  // Nobody may be waiting any more when it comes.
  rejection.catch(() => undefined);
  return rejection;
}

/** When to stop and when to give up, in milliseconds from now. */
export function marginsOf(remainingMilliseconds: number): { stopAfter: number; giveUpAfter: number } {
  const stopMargin = Math.min(STOP_MILLISECONDS, remainingMilliseconds / 4);
  const giveUpMargin = Math.min(GIVE_UP_MILLISECONDS, stopMargin / 3);
  return {
    stopAfter: Math.max(0, Math.floor(remainingMilliseconds - stopMargin)),
    giveUpAfter: Math.max(0, Math.floor(remainingMilliseconds - giveUpMargin)),
  };
}
