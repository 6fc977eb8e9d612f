import type { NodeFunction } from '../function/node-function';
import { requireInteger } from '../base/validate';

/** The fewest executions that a poller can be held to. */
const LEAST_MAXIMUM_CONCURRENCY = 2;

/** How a function takes messages from a queue. */
export interface WorkQueueLimits {
  /** Messages an invocation gets at most. 1–10,000; above 10 only with a batching window. @default 10 */
  readonly batchSize?: number;
  /** How long to wait for a batch to fill, in seconds. 0–300. @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /**
   * Invocations at a time; what is more waits in the queue. 2–1,000, and not above the function's reserved concurrency:
   * a throttled message counts as an attempt. @default the function's reserved concurrency, or no limit
   */
  readonly maximumConcurrency?: number;
  /** Attempts before a message goes to the failure queue. 1–1,000. @default 5, the least that AWS advises */
  readonly maxReceiveCount?: number;
  /** How long a message may wait, in days. 1–14; fewer than in the failure queue, where its age goes on. @default 4 */
  readonly retentionDays?: number;
}

/** The poller must not start more than the function may run: what is throttled comes back as a failed attempt. */
export function maximumConcurrencyOf(
  { maximumConcurrency }: WorkQueueLimits,
  handler: NodeFunction,
): number | undefined {
  const reserved = handler.function.reservedConcurrentExecutionsInput;
  if (reserved === undefined) return maximumConcurrency;
  if (reserved < LEAST_MAXIMUM_CONCURRENCY) {
    throw new Error(
      `WorkQueue.onMessages: the function's reservedConcurrentExecutions is ${reserved}; expected ${LEAST_MAXIMUM_CONCURRENCY} or more, or none: a poller starts ${LEAST_MAXIMUM_CONCURRENCY} at a time at least, and what is throttled counts as a failed attempt.`,
    );
  }
  if (maximumConcurrency === undefined) return reserved;
  if (maximumConcurrency <= reserved) return maximumConcurrency;
  throw new Error(
    `WorkQueue.maximumConcurrency: got ${maximumConcurrency}; expected at most the function's reservedConcurrentExecutions, ${reserved}: what is throttled counts as a failed attempt.`,
  );
}

/**
 * Refuses, at synth, what Lambda or SQS would refuse in the middle of a deployment.
 * @throws Error naming the property, what it got and what is allowed
 */
export function requireWorkQueueLimits(limits: WorkQueueLimits & { fifo?: boolean }): void {
  const { batchSize = 10, maximumBatchingWindowSeconds = 0, fifo = false } = limits;
  if (fifo && (batchSize > 10 || maximumBatchingWindowSeconds > 0)) {
    throw new Error(
      `WorkQueue.fifo: got a batchSize of ${batchSize} and a maximumBatchingWindowSeconds of ${maximumBatchingWindowSeconds}; expected at most 10 and none: Lambda gathers no larger batches from a FIFO queue.`,
    );
  }
  const property = (name: keyof WorkQueueLimits) => `WorkQueue.${name}`;
  requireInteger(batchSize, { property: property('batchSize'), minimum: 1, maximum: 10_000 });
  requireInteger(maximumBatchingWindowSeconds, {
    property: property('maximumBatchingWindowSeconds'),
    minimum: 0,
    maximum: 300,
  });
  requireInteger(limits.maximumConcurrency, {
    property: property('maximumConcurrency'),
    minimum: LEAST_MAXIMUM_CONCURRENCY,
    maximum: 1000,
  });
  requireInteger(limits.maxReceiveCount, {
    property: property('maxReceiveCount'),
    minimum: 1,
    maximum: 1000,
  });
  requireInteger(limits.retentionDays, { property: property('retentionDays'), minimum: 1, maximum: 14 });
  if (batchSize > 10 && maximumBatchingWindowSeconds === 0) {
    throw new Error(
      `WorkQueue.batchSize: got ${batchSize} without a batching window; expected at most 10, or a maximumBatchingWindowSeconds of 1 or more.`,
    );
  }
}
