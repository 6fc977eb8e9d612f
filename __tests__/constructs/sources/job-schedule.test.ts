import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import { Testing } from 'cdktf';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { JobSchedule, type JobScheduleProps } from '../../../constructs/sources/job-schedule';
import { nodeFunction } from '../../support/mover';
import { onlyResource, statements } from '../../support/synth';

const synth = (props: Partial<JobScheduleProps> = {}): string =>
  Testing.synthScope((scope) => {
    new JobSchedule(scope, 'nightly', {
      scheduleName: 'test-nightly',
      scheduleExpression: 'cron(0 2 * * ? *)',
      handler: nodeFunction(scope, 'worker'),
      failures: new FailureQueue(scope, 'failures', { queueName: 'test-failures' }),
      ...props,
    });
  });

const WORKER = expect.stringMatching(/^\$\{aws_lambda_function\.worker_\w+\.arn\}$/u) as string;
const FAILURES = expect.stringMatching(/^\$\{aws_sqs_queue\.failures_\w+\.arn\}$/u) as string;

describe('JobSchedule', () => {
  it('starts the function at the times of its time zone, and keeps what Lambda does not take', () => {
    const synthesized = synth({
      timeZone: 'Europe/Berlin',
      input: { job: 'tidy' },
      maximumRetryAttempts: 3,
      maximumEventAgeSeconds: 600,
    });

    expect(synthesized).toHaveResourceWithProperties(SchedulerSchedule, {
      name: 'test-nightly',
      schedule_expression: 'cron(0 2 * * ? *)',
      schedule_expression_timezone: 'Europe/Berlin',
      flexible_time_window: { mode: 'OFF' },
      target: {
        arn: WORKER,
        role_arn: expect.stringMatching(/^\$\{aws_iam_role\.nightly_role_\w+\.arn\}$/u) as string,
        input: '{"job":"tidy"}',
        retry_policy: { maximum_retry_attempts: 3, maximum_event_age_in_seconds: 600 },
        dead_letter_config: { arn: FAILURES },
      },
    });
  });

  it('is in UTC, with nothing to say and all of the scheduler’s patience, unless told otherwise', () => {
    expect(onlyResource(synth(), 'aws_scheduler_schedule')).toMatchObject({
      schedule_expression_timezone: 'UTC',
      target: {
        input: '{}',
        retry_policy: { maximum_retry_attempts: 185, maximum_event_age_in_seconds: 86_400 },
      },
    });
  });

  it('runs with a role that starts this function and nothing else, for this account’s schedules alone', () => {
    const all = statements(synth()).filter(({ address }) => address.includes('nightly'));

    expect(synth()).toHaveResource(IamRole);
    expect(all).toEqual([
      expect.objectContaining({
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': expect.stringMatching(/\.account_id\}$/u) as string },
          ArnEquals: {
            'aws:SourceArn': expect.stringMatching(
              /^arn:.*:scheduler:.*:schedule-group\/default$/u,
            ) as string,
          },
        },
      }),
      expect.objectContaining({ Action: ['lambda:InvokeFunction'], Resource: [WORKER] }),
      expect.objectContaining({ Action: ['sqs:SendMessage'], Resource: [FAILURES] }),
    ]);
  });

  it.each(['rate(1 minute)', 'rate(12 hours)', 'cron(0 6 ? * MON-FRI *)', 'at(2027-01-01T06:00:00)'])(
    'accepts %s',
    (scheduleExpression) => {
      expect(onlyResource(synth({ scheduleExpression }), 'aws_scheduler_schedule')).toMatchObject({
        schedule_expression: scheduleExpression,
      });
    },
  );

  it.each(['rate(0 minutes)', 'rate(5)', 'cron(0 6 * * *)', '5 minutes', ''])(
    'refuses %p',
    (scheduleExpression) => {
      expect(() => synth({ scheduleExpression })).toThrow(
        `JobSchedule.scheduleExpression: got ${JSON.stringify(scheduleExpression)}; expected rate(5 minutes), cron(`,
      );
    },
  );

  it.each([
    [
      { maximumRetryAttempts: 186 },
      'JobSchedule.maximumRetryAttempts: got 186; expected an integer from 0 to 185.',
    ],
    [
      { maximumEventAgeSeconds: 59 },
      'JobSchedule.maximumEventAgeSeconds: got 59; expected an integer from 60 to 86400.',
    ],
  ])('refuses %j', (wrong, message) => {
    expect(() => synth(wrong)).toThrow(message);
  });
});
