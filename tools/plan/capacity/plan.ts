import type { Outcome, Pipeline, Workload } from './model';
import type { Options } from './options';
import { movesPerSecondOf, WRITES_PER_SECOND_AND_PREFIX } from './prefix-limit';
import { lognormal } from './random';
import { simulate } from './simulate';

/** The simulation that a set of options describes. */
function workloadOf(options: Options): Workload {
  return {
    arrivalsPerSecond: options.ratePerSecond,
    arrivalSeconds: options.forSeconds,
    burst: options.burst,
    burstPerSecond: WRITES_PER_SECOND_AND_PREFIX * options.prefixes,
  };
}

function pipelineOf(options: Options): Pipeline {
  return {
    runSeconds: lognormal(options.durationMs / 1000, options.spread),
    initSeconds: options.initMs / 1000,
    errorRate: options.errorRate,
    concurrency: options.reserved ?? options.accountConcurrency,
    maximumRetryAttempts: options.retries,
    maximumEventAgeSeconds: options.maxAgeSeconds,
    movesPerSecond: movesPerSecondOf(WRITES_PER_SECOND_AND_PREFIX * options.prefixes, options.ratePerSecond),
    queue: options.queue,
  };
}

export const run = (options: Options, onProgress?: (seconds: number, ofSeconds: number) => void): Outcome =>
  simulate(workloadOf(options), pipelineOf(options), options.seed, onProgress);

/** Moves a second: the required rate, and the maximum of each part. */
export interface Capacity {
  /** Includes the runs that are repeated after an error. */
  readonly runsWanted: number;
  readonly runsByConcurrency: number;
  readonly movesByS3: number;
  /** The smaller of the two. */
  readonly movesPerSecond: number;
}

export function capacityOf(options: Options): Capacity {
  const { concurrency, movesPerSecond: movesByS3 } = pipelineOf(options);
  const runsByConcurrency = concurrency / (options.durationMs / 1000);
  return {
    runsWanted: options.ratePerSecond * runsPerUpload(options),
    runsByConcurrency,
    movesByS3,
    movesPerSecond: Math.min(runsByConcurrency / runsPerUpload(options), movesByS3),
  };
}

/** Average runs of an upload, if all runs fail with the same probability: 1 + p + p² with two retries. */
export function runsPerUpload({ errorRate, retries }: Options): number {
  return Array.from({ length: retries + 1 }, (_, nth) => errorRate ** nth).reduce(
    (sum, part) => sum + part,
    0,
  );
}
