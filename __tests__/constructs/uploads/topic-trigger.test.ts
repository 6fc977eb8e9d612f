import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { TopicTrigger, type TopicTriggerProps } from '../../../constructs/uploads/topic-trigger';
import { synthTrigger } from '../../support/mover';
import { onlyResource, parse, statements, type Block } from '../../support/synth';

const synth = (props: Partial<TopicTriggerProps> = {}) =>
  synthTrigger(
    (scope, { failures }) =>
      new TopicTrigger(scope, 'upload-topic', { topicName: 'test-uploads', failures, ...props }),
  );

const TOPIC_ARN = expect.stringMatching(/^\$\{aws_sns_topic\.upload-topic_\w+\.arn\}$/u) as string;

const subscriptions = (synthesized: string): Block[] =>
  Object.values(parse(synthesized).resource.aws_sns_topic_subscription ?? {});

describe('TopicTrigger', () => {
  it('publishes every object created under the upload prefix', () => {
    expect(synth()).toHaveResourceWithProperties(SnsTopic, { name: 'test-uploads' });
    expect(synth()).toHaveResourceWithProperties(S3BucketNotification, {
      topic: [{ events: ['s3:ObjectCreated:*'], filter_prefix: 'uploads/', topic_arn: TOPIC_ARN }],
    });
  });

  it('lets S3 publish for this bucket of this account alone, and nobody without TLS', () => {
    const policy = statements(synth()).filter(({ address }) => address.startsWith('aws_sns_topic.'));

    expect(policy).toEqual([
      expect.objectContaining({
        Sid: 'DenyInsecureTransport',
        Effect: 'Deny',
        Principal: '*',
        Action: ['sns:Publish'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: ['sns:Publish'],
        Resource: [expect.stringMatching(/^arn:.*:sns:.*:test-uploads$/u)],
        Condition: {
          ArnEquals: { 'aws:SourceArn': expect.stringMatching(/^\$\{aws_s3_bucket\..*\.arn\}$/u) as string },
          StringEquals: { 'aws:SourceAccount': expect.stringMatching(/\.account_id\}$/u) as string },
        },
      }),
    ]);
  });

  it('lets this topic start the function', () => {
    expect(synth()).toHaveResourceWithProperties(LambdaPermission, {
      principal: 'sns.amazonaws.com',
      source_arn: TOPIC_ARN,
    });
  });

  it('keeps what Lambda does not take in the failure queue', () => {
    const [subscription = {}] = subscriptions(synth());

    expect(JSON.parse(subscription.redrive_policy as string)).toEqual({
      deadLetterTargetArn: expect.stringMatching(/^\$\{aws_sqs_queue\.failures_\w+\.arn\}$/u) as string,
    });
    expect(statements(synth()).filter(({ Sid }) => Sid === 'AcceptUndeliveredUploads')).toEqual([
      expect.objectContaining({
        Principal: { Service: 'sns.amazonaws.com' },
        Condition: { ArnEquals: { 'aws:SourceArn': TOPIC_ARN } },
      }),
    ]);
  });

  it('subscribes the function, and whoever else is named', () => {
    const endpoint = 'arn:aws:sqs:us-east-1:111122223333:audit';
    const synthesized = synth({
      subscribers: {
        audit: { protocol: 'sqs', endpoint },
        people: { protocol: 'email', endpoint: 'data@example.com' },
      },
    });

    expect(subscriptions(synthesized).map(({ protocol, endpoint }) => [protocol, endpoint])).toEqual(
      expect.arrayContaining([
        ['sqs', endpoint],
        ['email', 'data@example.com'],
        ['lambda', expect.stringMatching(/^\$\{aws_lambda_function\.mover_\w+\.arn\}$/u)],
      ]),
    );
    expect(subscriptions(synthesized)).toHaveLength(3);
  });

  it('is told of uploads only when everything behind the topic is there', () => {
    expect(onlyResource(synth(), 'aws_s3_bucket_notification').depends_on).toContainEqual(
      expect.stringContaining('aws_sns_topic_subscription.upload-topic_subscription_'),
    );
    expect(onlyResource(synth(), 'aws_sns_topic_subscription').depends_on).toEqual([
      expect.stringContaining('aws_lambda_permission.upload-topic_permission_'),
      expect.stringContaining('aws_iam_role_policy.mover_write-logs_'),
      expect.stringContaining('aws_iam_role_policy.mover_move-uploads_'),
    ]);
  });
});
