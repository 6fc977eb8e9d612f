import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import { queueEncryption, type EncryptionKey } from '../keys/encryption-key';
import type { Grantee } from '../base/grantee';
import { denyInsecureTransport, policyDocument, type PolicyStatement } from '../base/policy';
import { acceptFrom, type ServiceSource } from '../base/service-source';
import { requireInteger } from '../base/validate';

const SECONDS_PER_DAY = 86_400;

/**
 * The largest message of a queue, which the provider sets to 256 KiB where nothing is said: Lambda could not deliver
 * the failure record of a larger event. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MAX_MESSAGE_BYTES = 1_048_576;

export interface FailureQueueProps {
  /** Up to 75 letters, digits, hyphens and underscores; a FIFO queue's gets `.fifo` behind it. */
  readonly queueName: string;
  /** How long a record waits for someone to look, in days. 1–14. @default 14 */
  readonly retentionDays?: number;
  /**
   * Takes what a FIFO queue gives up: its dead-letter queue must be one too, and Lambda's own destinations must not.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   * @default false
   */
  readonly fifo?: boolean;
  /** Encrypts the records. @default SQS's own key */
  readonly encryptionKey?: EncryptionKey;
}

/** Where an asynchronous event ends after its last attempt: an encrypted queue that speaks only TLS. */
export class FailureQueue extends Construct {
  readonly queue: SqsQueue;
  /** With `.fifo` behind it where it is one. */
  readonly queueName: string;
  private readonly arn: string;
  private readonly encryptionKey: EncryptionKey | undefined;
  private readonly policy: PolicyStatement[] = [];
  private readonly senders = new Map<Grantee, ITerraformDependable>();

  constructor(scope: Construct, id: string, props: FailureQueueProps) {
    super(scope, id);
    const { retentionDays = 14, fifo = false, encryptionKey } = props;
    const queueName = fifo ? `${props.queueName}.fifo` : props.queueName;
    this.queueName = queueName;
    this.encryptionKey = encryptionKey;
    requireInteger(retentionDays, { property: 'FailureQueue.retentionDays', minimum: 1, maximum: 14 });

    // The policy stands on the queue itself: as a resource of its own it takes the provider 25 s more. It cannot
    // refer to the queue's own ARN there, so the ARN is put together.
    this.arn = DeploymentTarget.of(this).arn('sqs', queueName);
    this.policy.push(denyInsecureTransport('sqs:*', [this.arn]));
    this.queue = new SqsQueue(this, 'queue', {
      name: queueName,
      fifoQueue: fifo ? true : undefined,
      maxMessageSize: MAX_MESSAGE_BYTES,
      messageRetentionSeconds: retentionDays * SECONDS_PER_DAY,
      ...queueEncryption(encryptionKey),
      policy: policyDocument(this.policy),
    });
  }

  /**
   * Lets `grantee` send its failure records here; asking again changes nothing.
   * @returns what must exist before it does
   */
  grantSend(grantee: Grantee): ITerraformDependable {
    this.encryptionKey?.grantUse(grantee);
    const granted =
      this.senders.get(grantee) ??
      grantee.allow('send-failures', [
        { sid: 'SendFailures', actions: ['sqs:SendMessage'], resources: [this.queue.arn] },
      ]);
    this.senders.set(grantee, granted);
    return granted;
  }

  /**
   * Lets a service put here what it could not deliver, for one source.
   * @param sid names the permission: letters and digits
   */
  acceptFrom(sid: string, source: ServiceSource): void {
    this.policy.push(acceptFrom(sid, source, 'sqs:SendMessage', this.arn));
    this.queue.policy = policyDocument(this.policy);
  }
}
