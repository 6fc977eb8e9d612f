import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { DeploymentTarget } from './deployment-target';
import type { Grantee } from './grantee';
import { denyInsecureTransport, policyDocument, type PolicyStatement } from './policy';
import { acceptFrom, type ServiceSource } from './service-source';
import { requireInteger } from './validate';

const SECONDS_PER_DAY = 86_400;

export interface FailureQueueProps {
  /** Name of the queue: up to 80 letters, digits, hyphens and underscores. */
  readonly queueName: string;
  /** How long a record waits for someone to look, in days. 1–14. @default 14 */
  readonly retentionDays?: number;
}

/** Where an asynchronous event ends after its last attempt: an encrypted queue that speaks only TLS. */
export class FailureQueue extends Construct {
  readonly queue: SqsQueue;
  private readonly arn: string;
  private readonly policy: PolicyStatement[] = [];

  constructor(scope: Construct, id: string, props: FailureQueueProps) {
    super(scope, id);
    const { queueName, retentionDays = 14 } = props;
    requireInteger(retentionDays, { property: 'FailureQueue.retentionDays', minimum: 1, maximum: 14 });

    // The policy stands on the queue itself: as a resource of its own it takes the provider 25 s more. It cannot
    // refer to the queue's own ARN there, so the ARN is put together.
    const { partition, region, accountId } = DeploymentTarget.of(this);
    this.arn = `arn:${partition}:sqs:${region}:${accountId}:${queueName}`;
    this.policy.push(denyInsecureTransport('sqs:*', [this.arn]));
    this.queue = new SqsQueue(this, 'queue', {
      name: queueName,
      messageRetentionSeconds: retentionDays * SECONDS_PER_DAY,
      sqsManagedSseEnabled: true,
      policy: policyDocument(this.policy),
    });
  }

  /**
   * Lets `grantee` send its failure records here.
   * @returns what must exist before it does
   */
  grantSend(grantee: Grantee): ITerraformDependable {
    return grantee.allow('send-failures', [
      { sid: 'SendFailures', actions: ['sqs:SendMessage'], resources: [this.queue.arn] },
    ]);
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
