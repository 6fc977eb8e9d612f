import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import { denyInsecureTransport, policyDocument } from '../base/policy';
import { acceptFrom, type ServiceSource } from '../base/service-source';
import type { Watch, Watched } from '../base/watch';
import { topicFailures } from './delivery-watches';
import { queueEncryption, type EncryptionKey } from '../keys/encryption-key';
import { SubscribedTopic, type SubscribedTopicProps } from './subscribed-topic';
import type { NotificationTarget, uploadFilters } from './upload-trigger';

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

/** A topic, for any number of subscribers. */
export class ProcessedTopic extends SubscribedTopic implements ProcessedListener, Watched {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: SubscribedTopicProps,
  ) {
    super(scope, id, props);
  }

  accept(source: ServiceSource): readonly ITerraformDependable[] {
    this.acceptOnly('AcceptProcessed', source);
    return [this.topic];
  }

  target(filters: ReturnType<typeof uploadFilters>): NotificationTarget {
    return { topic: filters.map((filter) => ({ topicArn: this.topic.arn, ...filter })) };
  }

  watches(): Watch[] {
    const { topicName } = this.props;
    const meaning = `SNS could not tell a subscriber of ${topicName} of processed objects.`;
    return [topicFailures(topicName, { name: 'processed-topic-failures', meaning })];
  }
}

const SECONDS_PER_DAY = 86_400;

export interface ProcessedQueueProps {
  /** Up to 75 letters, digits, hyphens and underscores. */
  readonly queueName: string;
  /** Encrypts the news; who reads it must be allowed to use it. @default SQS's own key */
  readonly encryptionKey: EncryptionKey | undefined;
}

/** A queue that somebody else reads: it keeps each message for 14 days, the most that SQS does. */
export class ProcessedQueue extends Construct implements ProcessedListener {
  readonly arn: string;
  readonly queue: SqsQueue;

  constructor(scope: Construct, id: string, { queueName, encryptionKey }: ProcessedQueueProps) {
    super(scope, id);
    this.arn = DeploymentTarget.of(this).arn('sqs', queueName);
    this.queue = new SqsQueue(this, 'queue', {
      name: queueName,
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
