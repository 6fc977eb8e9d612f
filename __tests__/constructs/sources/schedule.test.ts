import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Testing } from 'cdktf';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { Schedule } from '../../../constructs/sources/schedule';
import { nodeFunction } from '../../support/mover';
import { onlyResource, parse } from '../../support/synth';

const synth = (everyMinutes = 60): string =>
  Testing.synthScope((scope) => {
    const handler = nodeFunction(scope, 'worker');
    handler.onFailure(new FailureQueue(scope, 'failures', { queueName: 'test-failures' }));
    new Schedule(scope, 'schedule', { ruleName: 'test', description: 'Starts it', everyMinutes, handler });
  });

describe('Schedule', () => {
  it.each([
    [60, 'rate(60 minutes)'],
    [1, 'rate(1 minute)'],
  ])('starts its function every %p minutes: %s', (everyMinutes, expression) => {
    expect(synth(everyMinutes)).toHaveResourceWithProperties(CloudwatchEventRule, {
      schedule_expression: expression,
    });
  });

  it('lets its own rule start the function, and no other', () => {
    const [rule] = Object.keys(parse(synth()).resource.aws_cloudwatch_event_rule ?? {});

    expect(synth()).toHaveResourceWithProperties(LambdaPermission, {
      principal: 'events.amazonaws.com',
      source_arn: `\${aws_cloudwatch_event_rule.${rule ?? ''}.arn}`,
      action: 'lambda:InvokeFunction',
    });
  });

  it('is the last to be created: permission, role and failure destination are there before the first event', () => {
    expect(onlyResource(synth(), 'aws_cloudwatch_event_target').depends_on).toEqual(
      expect.arrayContaining([
        expect.stringContaining('aws_lambda_permission.schedule_permission'),
        expect.stringContaining('aws_iam_role_policy.worker_write-logs'),
        expect.stringContaining('aws_lambda_function_event_invoke_config.worker_async'),
      ]),
    );
  });

  it.each([0, 1441, 1.5])('refuses every %p minutes', (everyMinutes) => {
    expect(() => synth(everyMinutes)).toThrow(
      `Schedule.everyMinutes: got ${everyMinutes}; expected an integer from 1 to 1440.`,
    );
  });
});
