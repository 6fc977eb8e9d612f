import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import { queueEncryption, type EncryptionKey } from '../keys/encryption-key';
import { MAX_MESSAGE_BYTES, type FailureQueue } from '../failures/failure-queue';
import type { Grantee } from '../base/grantee';
import type { NodeFunction } from '../function/node-function';
import { denyInsecureTransport, policyDocument, type PolicyStatement } from '../base/policy';
import { acceptFrom, type ServiceSource } from '../base/service-source';
import { maximumConcurrencyOf, requireWorkQueueLimits, type WorkQueueLimits } from './work-queue-limits';

const SECONDS_PER_DAY = 86_400;
/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-eventsource */
const VISIBILITY_TIMES_TIMEOUT = 6;
/** What Lambda takes where a function says nothing. */
const DEFAULT_TIMEOUT_SECONDS = 3;

/** The order is by group, and so is the throughput; the same body twice within five minutes is one message. */
const FIFO = {
  fifoQueue: true,
  contentBasedDeduplication: true,
  deduplicationScope: 'messageGroup',
  fifoThroughputLimit: 'perMessageGroupId',
};

export interface WorkQueueProps extends WorkQueueLimits {
  /** Up to 75 letters, digits, hyphens and underscores; a FIFO queue's gets `.fifo` behind it. */
  readonly queueName: string;
  /**
   * Keeps the order of each message group: the next is handed out when the one before is done. Batches of 10 at most,
   * and none is waited for. `failures` must be FIFO too.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues.html
   * @default false
   */
  readonly fifo?: boolean;
  /** Where a message goes after its last attempt. */
  readonly failures: FailureQueue;
  /** Encrypts the messages; whoever sends must be allowed to use it. @default SQS's own key */
  readonly encryptionKey?: EncryptionKey;
}

/** An encrypted queue that speaks only TLS, whose messages a function works off; the failed ones alone come back. */
export class WorkQueue extends Construct {
  readonly queue: SqsQueue;
  private readonly arn: string;
  private readonly policy: PolicyStatement[] = [];
  private readonly encryptionKey: EncryptionKey | undefined;
  private readonly limits: WorkQueueLimits;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { failures, encryptionKey, fifo = false, maxReceiveCount = 5, retentionDays = 4 } = props;
    const queueName = fifo ? `${props.queueName}.fifo` : props.queueName;
    requireWorkQueueLimits(props);
    this.limits = props;
    this.encryptionKey = encryptionKey;

    // As with the failure queue: a policy of the queue's own, which cannot refer to the queue's ARN.
    this.arn = DeploymentTarget.of(this).arn('sqs', queueName);
    this.policy.push(denyInsecureTransport('sqs:*', [this.arn]));
    this.queue = new SqsQueue(this, 'queue', {
      name: queueName,
      ...(fifo && FIFO),
      maxMessageSize: MAX_MESSAGE_BYTES,
      messageRetentionSeconds: retentionDays * SECONDS_PER_DAY,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: failures.queue.arn, maxReceiveCount }),
      ...queueEncryption(encryptionKey),
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
    this.encryptionKey?.grantUse(handler);
    handler.allow(`receive-${this.node.id}`, [
      {
        sid: 'ReceiveMessages',
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [this.queue.arn],
      },
    ]);
    new LambdaEventSourceMapping(this, 'mapping', {
      eventSourceArn: this.queue.arn,
      functionName: handler.arn,
      batchSize,
      maximumBatchingWindowInSeconds: maximumBatchingWindowSeconds,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: maximumConcurrency === undefined ? undefined : { maximumConcurrency },
      dependsOn: [...handler.dependencies], // Lambda tests the permission, and begins at once
    });
  }

  /**
   * Lets `grantee` put messages here.
   * @returns what must exist before it does
   */
  grantSend(grantee: Grantee): ITerraformDependable {
    this.encryptionKey?.grantUse(grantee);
    return grantee.allow(`send-${this.node.id}`, [
      { sid: 'SendMessages', actions: ['sqs:SendMessage'], resources: [this.queue.arn] },
    ]);
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
