import { setMaxListeners } from 'node:events';

/** The time left when work is aborted, and when the function answers for work that still hangs. */
const STOP_MILLISECONDS = 500;
const GIVE_UP_MILLISECONDS = 150;

export interface Deadline {
  /** Aborted while there is time to tidy up. */
  readonly stop: AbortSignal;
  /** Aborted at the last moment at which the handler can still throw its own error. */
  readonly giveUp: AbortSignal;
}

/** A deadline with a running timer. */
export interface RunningDeadline extends Deadline {
  /** Clears the timers. Otherwise they would keep finished work in memory until the deadline. */
  end(): void;
}

/**
 * A deadline before Lambda's own timeout, which logs only "Task timed out" and not the work that was running.
 * When little time is left, the margins shrink to at most a quarter of it.
 * @param remainingMilliseconds what `context.getRemainingTimeInMillis()` says
 */
export function deadline(remainingMilliseconds: number): RunningDeadline {
  const { stopAfter, giveUpAfter } = marginsOf(remainingMilliseconds);
  const stop = abortAfter(stopAfter);
  const giveUp = abortAfter(giveUpAfter);
  // Every running request adds a listener; above ten, Node.js would log a leak warning.
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

/** Rejects with `error()` when the signal is aborted. All waiters share one listener. */
export function rejectOnAbort(signal: AbortSignal, error: () => Error): Promise<never> {
  const rejection = new Promise<never>((_, reject) => {
    const fail = () => {
      reject(error());
    };
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
  // It may reject when no caller waits any more; Node.js must not see an unhandled rejection.
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
