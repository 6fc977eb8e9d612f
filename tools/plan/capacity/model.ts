import type { Random } from './random';
import type { Stretch } from './timeline';

/** What arrives. */
export interface Workload {
  /** Uploads a second, at random (a Poisson process). */
  readonly arrivalsPerSecond: number;
  /** How long they go on. */
  readonly arrivalSeconds: number;
  /** Uploads on top of them, at the start. */
  readonly burst: number;
  /** How fast the burst arrives; Infinity: all at once. */
  readonly burstPerSecond: number;
}

/** What is done with it. */
export interface Pipeline {
  /** One run of the function, without a cold start. */
  readonly runSeconds: (random: Random) => number;
  /** What a cold start adds. */
  readonly initSeconds: number;
  /** The part of the runs that fail, 0–1. */
  readonly errorRate: number;
  /** Executions at a time: what is reserved, or the account's pool. */
  readonly concurrency: number;
  /** 0–2 */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** Moves a second that S3 takes; Infinity: any number. */
  readonly movesPerSecond: number;
  /**
   * `backoff`: an event that finds no free execution comes again after 1 s, 2 s, … 5 min, as Lambda's documentation
   * has it. `fifo`: it is taken as soon as an execution is free, the bound that no queue can beat.
   */
  readonly queue: 'backoff' | 'fifo';
}

/** What became of it. Times are in seconds from the start. */
export interface Outcome {
  readonly events: number;
  readonly processed: number;
  /** Sent to the failure queue after the last attempt. */
  readonly failed: number;
  readonly firstFailedSeconds: number | undefined;
  /** Sent to the failure queue for their age, or because nothing may run. */
  readonly dropped: number;
  readonly firstDroppedSeconds: number | undefined;
  readonly runs: number;
  readonly throttles: number;
  readonly coldStarts: number;
  /** S3 answered 503 until the SDK gave up. */
  readonly slowDowns: number;
  /** Billed: each run is rounded up to a millisecond. */
  readonly runSeconds: number;
  readonly peakQueue: number;
  readonly peakQueueSeconds: number;
  readonly peakRunning: number;
  /** The oldest event that was ever taken from the queue, or dropped. */
  readonly oldestEventSeconds: number;
  /** Of the time from arrival to the first run. */
  readonly meanWaitSeconds: number;
  /** The part of the events that did not run at once. */
  readonly waited: number;
  /** From upload to processed. */
  readonly latencySeconds: { readonly p50: number; readonly p99: number; readonly max: number };
  /** When the last of the burst had run once (or was dropped); undefined without a burst. */
  readonly burstDrainedSeconds: number | undefined;
  /** When the last of all was done. */
  readonly endSeconds: number;
  readonly timeline: readonly Stretch[];
}
