import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import { permitInvoke } from '../function/invoke-permission';
import type { NodeFunction } from '../function/node-function';
import { requireInteger } from '../base/validate';

export interface ScheduleProps {
  /** Up to 64 letters, digits, hyphens, underscores and full stops. */
  readonly ruleName: string;
  /** What is started, and why, in a sentence. */
  readonly description: string;
  /** How often, in minutes. 1–1,440. */
  readonly everyMinutes: number;
  readonly handler: NodeFunction;
}

/**
 * Starts a function again and again, asynchronously and at least once.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
 */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { everyMinutes, handler } = props;
    requireInteger(everyMinutes, { property: 'Schedule.everyMinutes', minimum: 1, maximum: 1440 });
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: props.ruleName,
      description: props.description,
      scheduleExpression: everyMinutes === 1 ? 'rate(1 minute)' : `rate(${everyMinutes} minutes)`,
    });
    const permissions = permitInvoke(this, handler, 'AllowExecutionFromEventBridge', {
      service: 'events.amazonaws.com',
      sourceArn: rule.arn, // names the account: no other's rule can have it
    });
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      arn: handler.arn,
      dependsOn: [...permissions, ...handler.dependencies],
    });
  }
}
