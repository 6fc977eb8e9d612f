import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import type { FailureQueue } from '../failures/failure-queue';
import { permitInvoke } from '../function/invoke-permission';
import type { NodeFunction } from '../function/node-function';
import type { PrefixPair } from './prefix-pair';
import { uploadEventPattern, type UploadEventFilter } from './upload-event-pattern';
import type { UploadNotification, UploadTrigger, WatchedBucket } from './upload-trigger';
import { requireInteger } from '../base/validate';
import type { Watch, Watched } from '../base/watch';
import { ruleFailures } from './delivery-watches';

export interface EventBridgeTriggerProps extends UploadEventFilter {
  /** Up to 64 letters, digits, hyphens, underscores and full stops. */
  readonly ruleName: string;
  /** Where an event goes that Lambda does not take. */
  readonly failures: FailureQueue;
  /** How often an event that Lambda does not take is tried again. 0–185. @default 185 */
  readonly maximumRetryAttempts?: number;
  /** How long it is kept, in seconds. 60–86,400. @default 86400 */
  readonly maximumEventAgeSeconds?: number;
}

/**
 * S3 -> EventBridge -> function, asynchronously: a rule picks by prefix, suffix and size. Its retries and its dead-letter
 * queue are for what Lambda does not take; what the function fails at is Lambda's to try again.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export class EventBridgeTrigger extends Construct implements UploadTrigger, Watched {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EventBridgeTriggerProps,
  ) {
    super(scope, id);
    requireInteger(props.maximumRetryAttempts, {
      property: 'EventBridgeTrigger.maximumRetryAttempts',
      minimum: 0,
      maximum: 185,
    });
    requireInteger(props.maximumEventAgeSeconds, {
      property: 'EventBridgeTrigger.maximumEventAgeSeconds',
      minimum: 60,
      maximum: 86_400,
    });
  }

  watches(): Watch[] {
    const { ruleName, failures } = this.props;
    const meaning = `EventBridge could not deliver uploads of the rule ${ruleName}; their events are in ${failures.queueName}.`;
    return [ruleFailures(ruleName, { name: 'rule-failures', meaning })];
  }

  bind(uploads: WatchedBucket, handler: NodeFunction, pairs: readonly PrefixPair[]): UploadNotification {
    const { ruleName, failures, maximumRetryAttempts = 185, maximumEventAgeSeconds = 86_400 } = this.props;
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: ruleName,
      description: 'Uploads that start the function',
      eventPattern: uploadEventPattern(uploads.bucketName, pairs, this.props),
    });
    const source = {
      service: 'events.amazonaws.com',
      sourceArn: rule.arn,
      sourceAccount: DeploymentTarget.of(this).accountId,
    };
    failures.acceptFrom('AcceptUndeliveredUploads', source);
    const permissions = permitInvoke(this, handler, 'AllowExecutionFromEventBridge', source);
    const target = new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      arn: handler.arn,
      retryPolicy: { maximumRetryAttempts, maximumEventAgeInSeconds: maximumEventAgeSeconds },
      deadLetterConfig: { arn: failures.queue.arn },
      dependsOn: [...permissions, ...handler.dependencies],
    });
    return { target: { eventbridge: true }, dependsOn: [target] };
  }
}
