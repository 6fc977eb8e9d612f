import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import { ServiceRole } from '../base/service-role';
import type { Watch, Watched } from '../base/watch';
import { ruleFailures } from './delivery-watches';
import { outermost } from './prefix-pair';
import type { ProcessedListener } from './processed-listeners';
import type { WatchedBucket } from './upload-trigger';

export interface ProcessedRuleProps {
  /** Up to 64 letters, digits, hyphens, underscores and full stops. */
  readonly ruleName: string;
  readonly uploads: WatchedBucket;
  /** Where processed objects are. */
  readonly prefixes: readonly string[];
  /** Up to five with the bus, which is what a rule may have. */
  readonly listeners: readonly ProcessedListener[];
  /** ARN of another bus that gets the events as they are. @default none */
  readonly eventBusArn?: string | undefined;
}

/**
 * S3 -> EventBridge -> whoever is interested in processed objects. EventBridge tries again for 24 hours.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export class ProcessedRule extends Construct implements Watched {
  /** What must exist before the first event. */
  readonly targets: CloudwatchEventTarget[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ProcessedRuleProps,
  ) {
    super(scope, id);
    const { ruleName, uploads, prefixes, listeners, eventBusArn } = props;
    const { accountId } = DeploymentTarget.of(this);
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: ruleName,
      description: 'Objects that are processed',
      eventPattern: JSON.stringify({
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [uploads.bucketName] },
          object: { key: outermost(prefixes).map((prefix) => ({ prefix })) },
        },
      }),
    });
    const source = { service: 'events.amazonaws.com', sourceArn: rule.arn, sourceAccount: accountId };
    this.targets = listeners.map((listener) => {
      const dependsOn = [...listener.accept(source)];
      const { arn, node } = listener;
      return new CloudwatchEventTarget(this, node.id, { rule: rule.name, arn, dependsOn });
    });
    if (eventBusArn !== undefined) this.targets.push(this.addBus(rule, eventBusArn));
  }

  /** A bus takes events from a rule only by a role. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html */
  private addBus(rule: CloudwatchEventRule, arn: string): CloudwatchEventTarget {
    const sender = new ServiceRole(this, 'bus-role', {
      roleName: this.props.ruleName,
      description: `Lets the rule ${this.props.ruleName} send to another event bus`,
      service: 'events.amazonaws.com',
      conditions: { ArnEquals: { 'aws:SourceArn': rule.arn } },
    });
    const send = sender.allow('send', [{ sid: 'Send', actions: ['events:PutEvents'], resources: [arn] }]);
    const roleArn = sender.role.arn;
    return new CloudwatchEventTarget(this, 'bus', { rule: rule.name, arn, roleArn, dependsOn: [send] });
  }

  watches(): Watch[] {
    const { ruleName } = this.props;
    const meaning = `EventBridge could not deliver news of processed objects by the rule ${ruleName}.`;
    return [ruleFailures(ruleName, { name: 'processed-rule-failures', meaning })];
  }
}
