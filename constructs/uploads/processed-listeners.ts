import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import { denyInsecureTransport, policyDocument } from '../base/policy';
import { acceptFrom, type ServiceSource } from '../base/service-source';
import type { Watch, Watched } from '../base/watch';
import { topicFailures } from './delivery-watches';
import { queueEncryption, type EncryptionKey } from '../keys/encryption-key';
import type { NotificationTarget, uploadFilters } from './upload-trigger';
import type { Subscriber } from './topic-trigger';

/** Who hears of processed objects. */
export interface ProcessedListener extends Construct {
  readonly arn: string;
  /**
   * Lets a service send here, for one source; once a listener.
   * @returns what must exist before it does
   */
  accept(source: ServiceSource): readonly ITerraformDependable[];
  /** How S3 itself names it in a notification. */
  target(filters: ReturnType<typeof uploadFilters>): NotificationTarget;
}

interface OwnListenerProps {
  /** Letters, digits, hyphens and underscores: up to 256 of a topic, up to 75 of a queue. */
  readonly name: string;
  /** Encrypts the news; who reads it must be allowed to use it. @default SQS's own key, and none for a topic */
  readonly encryptionKey: EncryptionKey | undefined;
}

/** A topic, for any number of subscribers. */
export class ProcessedTopic extends Construct implements ProcessedListener, Watched {
  readonly arn: string;
  private readonly topic: SnsTopic;

  /** @param props.subscribers who hears of it, by a name that is part of the subscription's address */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: OwnListenerProps & { readonly subscribers: Readonly<Record<string, Subscriber>> },
  ) {
    super(scope, id);
    const { name, encryptionKey, subscribers } = props;
    this.arn = arnOf(this, 'sns', name);
    this.topic = new SnsTopic(this, 'topic', { name, kmsMasterKeyId: encryptionKey?.forNewData });
    for (const [subscriber, { protocol, endpoint }] of Object.entries(subscribers)) {
      const topicArn = this.topic.arn;
      new SnsTopicSubscription(this, `subscriber-${subscriber}`, { topicArn, protocol, endpoint });
    }
  }

  accept(source: ServiceSource): readonly ITerraformDependable[] {
    this.topic.policy = policyDocument([
      denyInsecureTransport('sns:Publish', [this.arn]),
      acceptFrom('AcceptProcessed', source, 'sns:Publish', this.arn),
    ]);
    return [this.topic];
  }

  target(filters: ReturnType<typeof uploadFilters>): NotificationTarget {
    return { topic: filters.map((filter) => ({ topicArn: this.topic.arn, ...filter })) };
  }

  watches(): Watch[] {
    const { name } = this.props;
    const meaning = `SNS could not tell a subscriber of ${name} of processed objects.`;
    return [topicFailures(name, { name: 'processed-topic-failures', meaning })];
  }
}

const SECONDS_PER_DAY = 86_400;

/** A queue that somebody else reads: it keeps each message for 14 days, the most that SQS does. */
export class ProcessedQueue extends Construct implements ProcessedListener {
  readonly arn: string;
  readonly queue: SqsQueue;

  constructor(scope: Construct, id: string, { name, encryptionKey }: OwnListenerProps) {
    super(scope, id);
    this.arn = arnOf(this, 'sqs', name);
    this.queue = new SqsQueue(this, 'queue', {
      name,
      messageRetentionSeconds: 14 * SECONDS_PER_DAY,
      ...queueEncryption(encryptionKey),
    });
  }

  accept(source: ServiceSource): readonly ITerraformDependable[] {
    this.queue.policy = policyDocument([
      denyInsecureTransport('sqs:*', [this.arn]),
      acceptFrom('AcceptProcessed', source, 'sqs:SendMessage', this.arn),
    ]);
    return [this.queue];
  }

  target(filters: ReturnType<typeof uploadFilters>): NotificationTarget {
    return { queue: filters.map((filter) => ({ queueArn: this.queue.arn, ...filter })) };
  }
}

/** A function of this account that somebody else deploys; where its failed events go is its own to say. */
export class ProcessedFunction extends Construct implements ProcessedListener {
  constructor(
    scope: Construct,
    id: string,
    readonly arn: string,
  ) {
    super(scope, id);
  }

  accept({ service, sourceArn, sourceAccount }: ServiceSource): readonly ITerraformDependable[] {
    return [
      new LambdaPermission(this, 'permission', {
        statementId: 'AllowProcessed',
        action: 'lambda:InvokeFunction',
        functionName: this.arn,
        principal: service,
        sourceArn,
        sourceAccount,
      }),
    ];
  }

  target(filters: ReturnType<typeof uploadFilters>): NotificationTarget {
    return { lambdaFunction: filters.map((filter) => ({ lambdaFunctionArn: this.arn, ...filter })) };
  }
}

/** Put together: a policy that stands on the resource itself cannot refer to its ARN. */
function arnOf(scope: Construct, service: string, name: string): string {
  const { partition, region, accountId } = DeploymentTarget.of(scope);
  return `arn:${partition}:${service}:${region}:${accountId}:${name}`;
}
