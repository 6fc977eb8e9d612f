import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import { denyInsecureTransport, policyDocument } from '../base/policy';
import { acceptFrom, type ServiceSource } from '../base/service-source';
import type { EncryptionKey } from '../keys/encryption-key';

/** Who hears of what is published; a queue or a function must itself let the topic in. */
export interface Subscriber {
  readonly protocol: 'sqs' | 'lambda' | 'https' | 'email';
  /** An ARN, a URL or an address, as the protocol has it. */
  readonly endpoint: string;
}

export interface SubscribedTopicProps {
  /** Up to 256 letters, digits, hyphens and underscores. */
  readonly topicName: string;
  /** Encrypts what is published. @default not encrypted by KMS: S3 cannot publish under the key that AWS manages */
  readonly encryptionKey?: EncryptionKey | undefined;
  /** By a name that is part of the subscription's address. @default nobody */
  readonly subscribers?: Readonly<Record<string, Subscriber>>;
}

/** A topic that speaks only TLS, and its subscribers. */
export class SubscribedTopic extends Construct {
  readonly topic: SnsTopic;
  readonly arn: string;

  constructor(
    scope: Construct,
    id: string,
    { topicName, encryptionKey, subscribers = {} }: SubscribedTopicProps,
  ) {
    super(scope, id);
    // Put together as the queues' are: the policy stands on the topic itself.
    this.arn = DeploymentTarget.of(this).arn('sns', topicName);
    this.topic = new SnsTopic(this, 'topic', {
      name: topicName,
      kmsMasterKeyId: encryptionKey?.forNewData,
    });
    for (const [name, { protocol, endpoint }] of Object.entries(subscribers)) {
      new SnsTopicSubscription(this, `subscriber-${name}`, { topicArn: this.topic.arn, protocol, endpoint });
    }
  }

  /**
   * Lets a service publish here, for one source and nobody else.
   * @param sid names the permission: letters and digits
   */
  protected acceptOnly(sid: string, source: ServiceSource): void {
    this.topic.policy = policyDocument([
      denyInsecureTransport('sns:Publish', [this.arn]),
      acceptFrom(sid, source, 'sns:Publish', this.arn),
    ]);
  }
}
