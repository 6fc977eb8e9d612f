import type { Random } from './random';
import type { Stretch } from './timeline';

/** The load. */
export interface Workload {
  /** Uploads a second (a Poisson process). */
  readonly arrivalsPerSecond: number;
  /** How long uploads arrive at this rate. */
  readonly arrivalSeconds: number;
  /** Additional uploads at the start. */
  readonly burst: number;
  /** How fast the burst arrives; Infinity: all at once. */
  readonly burstPerSecond: number;
}

/** The capacity that processes the load. */
export interface Pipeline {
  /** Duration of one run, without a cold start. */
  readonly runSeconds: (random: Random) => number;
  /** Additional duration of a cold start. */
  readonly initSeconds: number;
  /** The fraction of the runs that fail, 0–1. */
  readonly errorRate: number;
  /** The most concurrent executions: the reserved ones, or the account's pool. */
  readonly concurrency: number;
  /** 0–2 */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** The most moves a second that S3 accepts; Infinity: no limit. */
  readonly movesPerSecond: number;
  /**
   * `backoff`: an event that finds no free execution is retried after 1 s, 2 s, … 5 min, as Lambda documents it.
   * `fifo`: an event starts as soon as an execution is free, a lower bound for every queue.
   */
  readonly queue: 'backoff' | 'fifo';
}

/** The result of a simulation. Times are in seconds from the start. */
export interface Outcome {
  readonly events: number;
  readonly processed: number;
  /** Sent to the failure queue after the last attempt. */
  readonly failed: number;
  readonly firstFailedSeconds: number | undefined;
  /** Sent to the failure queue for their age, or because the concurrency is 0. */
  readonly dropped: number;
  readonly firstDroppedSeconds: number | undefined;
  readonly runs: number;
  readonly throttles: number;
  readonly coldStarts: number;
  /** Runs that failed because S3 answered 503 to every attempt of the SDK. */
  readonly slowDowns: number;
  /** Billed: each run is rounded up to a millisecond. */
  readonly runSeconds: number;
  readonly peakQueue: number;
  readonly peakQueueSeconds: number;
  readonly peakRunning: number;
  /** The highest age of an event that left the queue or was dropped. */
  readonly oldestEventSeconds: number;
  /** The mean time from arrival to the first run. */
  readonly meanWaitSeconds: number;
  /** The fraction of the events that had to wait. */
  readonly waited: number;
  /** From upload to processed. */
  readonly latencySeconds: { readonly p50: number; readonly p99: number; readonly max: number };
  /** When the last event of the burst had run once or was dropped; undefined without a burst. */
  readonly burstDrainedSeconds: number | undefined;
  /** When the last event was done. */
  readonly endSeconds: number;
  readonly timeline: readonly Stretch[];
}
