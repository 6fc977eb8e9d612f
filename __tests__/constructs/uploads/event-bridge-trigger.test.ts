import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import {
  EventBridgeTrigger,
  type EventBridgeTriggerProps,
} from '../../../constructs/uploads/event-bridge-trigger';
import { synthTrigger } from '../../support/mover';
import { onlyResource, statements } from '../../support/synth';

const synth = (props: Partial<EventBridgeTriggerProps> = {}) =>
  synthTrigger(
    (scope, { failures }) =>
      new EventBridgeTrigger(scope, 'upload-rule', { ruleName: 'test-uploads', failures, ...props }),
  );

const RULE_ARN = expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\.upload-rule_\w+\.arn\}$/u) as string;
const ACCOUNT = expect.stringMatching(/\.account_id\}$/u) as string;

describe('EventBridgeTrigger', () => {
  it('has the bucket tell EventBridge of everything, and nobody else of anything', () => {
    const { eventbridge, lambda_function, queue, topic } = onlyResource(
      synth(),
      'aws_s3_bucket_notification',
    );

    expect(eventbridge).toBe(true);
    expect([lambda_function, queue, topic]).toEqual([undefined, undefined, undefined]);
  });

  it('picks the uploads of this bucket by prefix, suffix and size', () => {
    const { event_pattern } = onlyResource(
      synth({ suffix: '.csv', maximumSizeBytes: 100 }),
      'aws_cloudwatch_event_rule',
    );

    expect(JSON.parse(event_pattern as string)).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: {
        bucket: { name: [expect.stringMatching(/^\$\{aws_s3_bucket\.uploads_bucket_\w+\.bucket\}$/u)] },
        object: { key: [{ wildcard: 'uploads/*.csv' }], size: [{ numeric: ['<=', 100] }] },
      },
    });
  });

  it('tries again what Lambda does not take, and then keeps it in the failure queue', () => {
    expect(synth({ maximumRetryAttempts: 3, maximumEventAgeSeconds: 60 })).toHaveResourceWithProperties(
      CloudwatchEventTarget,
      {
        arn: expect.stringMatching(/^\$\{aws_lambda_function\.mover_\w+\.arn\}$/u) as string,
        retry_policy: { maximum_retry_attempts: 3, maximum_event_age_in_seconds: 60 },
        dead_letter_config: {
          arn: expect.stringMatching(/^\$\{aws_sqs_queue\.failures_\w+\.arn\}$/u) as string,
        },
      },
    );
    expect(statements(synth()).filter(({ Sid }) => Sid === 'AcceptUndeliveredUploads')).toEqual([
      expect.objectContaining({
        address: expect.stringMatching(/^aws_sqs_queue\.failures_/u) as string,
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Resource: [expect.stringMatching(/:test-failures$/u)],
        Condition: {
          ArnEquals: { 'aws:SourceArn': RULE_ARN },
          StringEquals: { 'aws:SourceAccount': ACCOUNT },
        },
      }),
    ]);
  });

  it('lets this rule of this account start the function', () => {
    expect(synth()).toHaveResourceWithProperties(LambdaPermission, {
      principal: 'events.amazonaws.com',
      source_arn: RULE_ARN,
      source_account: ACCOUNT,
    });
  });

  it('is told of uploads only when everything behind the rule is there', () => {
    expect(onlyResource(synth(), 'aws_s3_bucket_notification').depends_on).toContainEqual(
      expect.stringContaining('aws_cloudwatch_event_target.upload-rule_target_'),
    );
    expect(onlyResource(synth(), 'aws_cloudwatch_event_target').depends_on).toEqual([
      expect.stringContaining('aws_lambda_permission.upload-rule_permission_'),
      expect.stringContaining('aws_iam_role_policy.mover_write-logs_'),
      expect.stringContaining('aws_iam_role_policy.mover_move-uploads_'),
    ]);
  });

  it.each([
    [
      { maximumRetryAttempts: 186 },
      'EventBridgeTrigger.maximumRetryAttempts: got 186; expected an integer from 0 to 185.',
    ],
    [
      { maximumEventAgeSeconds: 59 },
      'EventBridgeTrigger.maximumEventAgeSeconds: got 59; expected an integer from 60 to 86400.',
    ],
  ])('refuses %j', (wrong, message) => {
    expect(() => synth(wrong)).toThrow(message);
  });
});
