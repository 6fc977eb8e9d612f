import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Construct } from 'constructs';
import { DeploymentTarget } from './deployment-target';
import type { FailureQueue } from './failure-queue';
import type { NodeFunction } from './node-function';
import { denyInsecureTransport, policyDocument, type PolicyStatement } from './policy';
import { acceptFrom, type ServiceSource } from './service-source';
import { requireInteger } from './validate';

const SECONDS_PER_DAY = 86_400;
/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-eventsource */
const VISIBILITY_TIMES_TIMEOUT = 6;
/** What Lambda takes where a function says nothing. */
const DEFAULT_TIMEOUT_SECONDS = 3;
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

export interface WorkQueueProps extends WorkQueueLimits {
  /** Up to 80 letters, digits, hyphens and underscores. */
  readonly queueName: string;
  /** Where a message goes after its last attempt. */
  readonly failures: FailureQueue;
}

/** An encrypted queue that speaks only TLS, whose messages a function works off; the failed ones alone come back. */
export class WorkQueue extends Construct {
  readonly queue: SqsQueue;
  private readonly arn: string;
  private readonly policy: PolicyStatement[] = [];
  private readonly limits: WorkQueueLimits;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { queueName, failures, maxReceiveCount = 5, retentionDays = 4 } = props;
    validate(props);
    this.limits = props;

    // As with the failure queue: a policy of the queue's own, which cannot refer to the queue's ARN.
    const { partition, region, accountId } = DeploymentTarget.of(this);
    this.arn = `arn:${partition}:sqs:${region}:${accountId}:${queueName}`;
    this.policy.push(denyInsecureTransport('sqs:*', [this.arn]));
    this.queue = new SqsQueue(this, 'queue', {
      name: queueName,
      messageRetentionSeconds: retentionDays * SECONDS_PER_DAY,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: failures.queue.arn, maxReceiveCount }),
      sqsManagedSseEnabled: true,
      policy: policyDocument(this.policy),
    });
  }

  /** Gives `handler` the messages in batches; it answers with those that failed (`batchItemFailures`). */
  onMessages(handler: NodeFunction): void {
    const { batchSize = 10, maximumBatchingWindowSeconds = 0 } = this.limits;
    const maximumConcurrency = maximumConcurrencyOf(this.limits, handler);
    const { timeoutInput = DEFAULT_TIMEOUT_SECONDS } = handler.function;
    // Long enough for Lambda to try a batch again while it is throttled, and to gather the next.
    this.queue.visibilityTimeoutSeconds =
      VISIBILITY_TIMES_TIMEOUT * timeoutInput + maximumBatchingWindowSeconds;
    handler.allow(`receive-${this.node.id}`, [
      {
        sid: 'ReceiveMessages',
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [this.queue.arn],
      },
    ]);
    new LambdaEventSourceMapping(this, 'mapping', {
      eventSourceArn: this.queue.arn,
      functionName: handler.function.arn,
      batchSize,
      maximumBatchingWindowInSeconds: maximumBatchingWindowSeconds,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: maximumConcurrency === undefined ? undefined : { maximumConcurrency },
      dependsOn: [...handler.ready], // Lambda tests the permission, and begins at once
    });
  }

  /**
   * Lets a service put messages here, for one source.
   * @param sid names the permission: letters and digits
   */
  acceptFrom(sid: string, source: ServiceSource): void {
    this.policy.push(acceptFrom(sid, source, 'sqs:SendMessage', this.arn));
    this.queue.policy = policyDocument(this.policy);
  }
}

/** The poller must not start more than the function may run: what is throttled comes back as a failed attempt. */
function maximumConcurrencyOf(
  { maximumConcurrency }: WorkQueueLimits,
  handler: NodeFunction,
): number | undefined {
  const reserved = handler.function.reservedConcurrentExecutionsInput;
  if (reserved === undefined) return maximumConcurrency;
  if (maximumConcurrency === undefined) return reserved < LEAST_MAXIMUM_CONCURRENCY ? undefined : reserved;
  if (maximumConcurrency <= reserved) return maximumConcurrency;
  throw new Error(
    `WorkQueue.maximumConcurrency: got ${maximumConcurrency}; expected at most the function's reservedConcurrentExecutions, ${reserved}: what is throttled counts as a failed attempt.`,
  );
}

function validate(limits: WorkQueueLimits): void {
  const { batchSize = 10, maximumBatchingWindowSeconds = 0 } = limits;
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
