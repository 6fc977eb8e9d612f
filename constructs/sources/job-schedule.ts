import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import { Construct } from 'constructs';
import { DeploymentTarget } from '../base/deployment-target';
import type { FailureQueue } from '../failures/failure-queue';
import type { NodeFunction } from '../function/node-function';
import { ServiceRole } from '../base/service-role';
import { requireInteger } from '../base/validate';

export interface JobScheduleProps {
  /** Name of the schedule and its role: up to 64 letters, digits, hyphens, underscores and full stops. */
  readonly scheduleName: string;
  /** `rate(5 minutes)`, `cron(0 6 ? * MON-FRI *)` or `at(2027-01-01T06:00:00)`. */
  readonly scheduleExpression: string;
  /** Time zone of a cron or at expression, as `Europe/Berlin`. @default 'UTC' */
  readonly timeZone?: string;
  /** What the function gets. @default an empty object */
  readonly input?: Readonly<Record<string, unknown>>;
  readonly handler: NodeFunction;
  /** Where a run goes that Lambda does not take. */
  readonly failures: FailureQueue;
  /** How often a run that Lambda does not take is tried again. 0–185. @default 185 */
  readonly maximumRetryAttempts?: number;
  /** How long it is kept, in seconds. 60–86,400. @default 86400 */
  readonly maximumEventAgeSeconds?: number;
}

/**
 * Starts a function by the clock, asynchronously and at least once. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export class JobSchedule extends Construct {
  readonly schedule: SchedulerSchedule;

  constructor(scope: Construct, id: string, props: JobScheduleProps) {
    super(scope, id);
    const { handler, failures, maximumRetryAttempts = 185, maximumEventAgeSeconds = 86_400 } = props;
    validate(props);
    const role = this.role(props.scheduleName);
    handler.grantInvoke(role);
    const granted = failures.grantSend(role);
    this.schedule = new SchedulerSchedule(this, 'schedule', {
      name: props.scheduleName,
      scheduleExpression: props.scheduleExpression,
      scheduleExpressionTimezone: props.timeZone ?? 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: handler.arn,
        roleArn: role.role.arn,
        input: JSON.stringify(props.input ?? {}),
        retryPolicy: { maximumRetryAttempts, maximumEventAgeInSeconds: maximumEventAgeSeconds },
        deadLetterConfig: { arn: failures.queue.arn },
      },
      dependsOn: [granted, ...handler.dependencies],
    });
  }

  /**
   * The scheduler's own role, for schedules of this account's default group alone.
   * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
   */
  private role(scheduleName: string): ServiceRole {
    const { partition, region, accountId } = DeploymentTarget.of(this);
    return new ServiceRole(this, 'role', {
      roleName: scheduleName,
      description: `Lets EventBridge Scheduler run the schedule ${scheduleName}`,
      service: 'scheduler.amazonaws.com',
      conditions: {
        StringEquals: { 'aws:SourceAccount': accountId },
        ArnEquals: {
          'aws:SourceArn': `arn:${partition}:scheduler:${region}:${accountId}:schedule-group/default`,
        },
      },
    });
  }
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
const EXPRESSION =
  /^(rate\([1-9]\d* (minutes?|hours?|days?)\)|cron\(\S+( \S+){5}\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\))$/u;

function validate(props: JobScheduleProps): void {
  if (!EXPRESSION.test(props.scheduleExpression)) {
    throw new Error(
      `JobSchedule.scheduleExpression: got ${JSON.stringify(props.scheduleExpression)}; expected rate(5 minutes), cron(0 6 ? * MON-FRI *) with six fields, or at(2027-01-01T06:00:00).`,
    );
  }
  requireInteger(props.maximumRetryAttempts, {
    property: 'JobSchedule.maximumRetryAttempts',
    minimum: 0,
    maximum: 185,
  });
  requireInteger(props.maximumEventAgeSeconds, {
    property: 'JobSchedule.maximumEventAgeSeconds',
    minimum: 60,
    maximum: 86_400,
  });
}
