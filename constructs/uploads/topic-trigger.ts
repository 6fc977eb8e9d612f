import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import type { EncryptionKey } from '../keys/encryption-key';
import type { FailureQueue } from '../failures/failure-queue';
import { permitInvoke } from '../function/invoke-permission';
import type { NodeFunction } from '../function/node-function';
import { denyInsecureTransport, policyDocument } from '../base/policy';
import { acceptFrom } from '../base/service-source';
import type { Watch, Watched } from '../base/watch';
import { topicFailures } from './delivery-watches';
import type { PrefixPair } from './prefix-pair';
import {
  uploadFilters,
  uploadSource,
  type UploadNotification,
  type UploadTrigger,
  type WatchedBucket,
} from './upload-trigger';

/** Who else hears of every upload; a queue or a function must itself let the topic in. */
export interface Subscriber {
  readonly protocol: 'sqs' | 'lambda' | 'https' | 'email';
  /** An ARN, a URL or an address, as the protocol has it. */
  readonly endpoint: string;
}

export interface TopicTriggerProps {
  /** Up to 256 letters, digits, hyphens and underscores. */
  readonly topicName: string;
  /** Where a notification goes that Lambda does not take. */
  readonly failures: FailureQueue;
  /** Encrypts the notifications. @default not encrypted by KMS: S3 cannot publish under the key that AWS manages */
  readonly encryptionKey?: EncryptionKey;
  /** By a name that is part of the subscription's address. @default nobody else */
  readonly subscribers?: Readonly<Record<string, Subscriber>>;
}

/**
 * S3 -> SNS -> function, asynchronously, and every other subscriber.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ways-to-add-notification-config-to-bucket.html
 */
export class TopicTrigger extends Construct implements UploadTrigger, Watched {
  readonly topic: SnsTopic;
  private readonly arn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TopicTriggerProps,
  ) {
    super(scope, id);
    const { topicName, encryptionKey, subscribers = {} } = props;
    // Put together as the queues' are: the policy stands on the topic itself.
    const { partition, region, accountId } = DeploymentTarget.of(this);
    this.arn = `arn:${partition}:sns:${region}:${accountId}:${topicName}`;
    this.topic = new SnsTopic(this, 'topic', {
      name: topicName,
      kmsMasterKeyId: encryptionKey?.forNewData,
    });
    for (const [name, { protocol, endpoint }] of Object.entries(subscribers)) {
      new SnsTopicSubscription(this, `subscriber-${name}`, { topicArn: this.topic.arn, protocol, endpoint });
    }
  }

  watches(): Watch[] {
    const { topicName, failures } = this.props;
    const meaning = `SNS could not deliver uploads of the topic ${topicName}; the function's are in ${failures.queueName}.`;
    return [topicFailures(topicName, { name: 'topic-failures', meaning })];
  }

  bind(uploads: WatchedBucket, handler: NodeFunction, pairs: readonly PrefixPair[]): UploadNotification {
    const { failures } = this.props;
    this.topic.policy = policyDocument([
      denyInsecureTransport('sns:Publish', [this.arn]),
      acceptFrom('AcceptUploads', uploadSource(uploads), 'sns:Publish', this.arn),
    ]);
    const source = { service: 'sns.amazonaws.com', sourceArn: this.topic.arn };
    failures.acceptFrom('AcceptUndeliveredUploads', source);
    const permissions = permitInvoke(this, handler, 'AllowExecutionFromSns', source);
    const subscription = new SnsTopicSubscription(this, 'subscription', {
      topicArn: this.topic.arn,
      protocol: 'lambda',
      endpoint: handler.arn,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: failures.queue.arn }),
      dependsOn: [...permissions, ...handler.dependencies],
    });
    return {
      target: { topic: uploadFilters(pairs).map((filter) => ({ topicArn: this.topic.arn, ...filter })) },
      dependsOn: [subscription],
    };
  }
}
