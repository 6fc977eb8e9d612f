import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import type { Construct } from 'constructs';
import type { FailureQueue } from '../failures/failure-queue';
import { permitInvoke } from '../function/invoke-permission';
import type { NodeFunction } from '../function/node-function';
import type { Watch, Watched } from '../base/watch';
import { topicFailures } from './delivery-watches';
import type { PrefixPair } from './prefix-pair';
import { SubscribedTopic, type SubscribedTopicProps } from './subscribed-topic';
import {
  uploadFilters,
  uploadSource,
  type UploadNotification,
  type UploadTrigger,
  type WatchedBucket,
} from './upload-trigger';

export interface TopicTriggerProps extends SubscribedTopicProps {
  /** Where a notification goes that Lambda does not take. */
  readonly failures: FailureQueue;
}

/**
 * S3 -> SNS -> function, asynchronously, and every other subscriber.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ways-to-add-notification-config-to-bucket.html
 */
export class TopicTrigger extends SubscribedTopic implements UploadTrigger, Watched {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: TopicTriggerProps,
  ) {
    super(scope, id, props);
  }

  watches(): Watch[] {
    const { topicName, failures } = this.props;
    const meaning = `SNS could not deliver uploads of the topic ${topicName}; the function's are in ${failures.queueName}.`;
    return [topicFailures(topicName, { name: 'topic-failures', meaning })];
  }

  bind(uploads: WatchedBucket, handler: NodeFunction, pairs: readonly PrefixPair[]): UploadNotification {
    const { failures } = this.props;
    this.acceptOnly('AcceptUploads', uploadSource(uploads));
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
