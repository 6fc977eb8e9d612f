import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { QueueTrigger } from '../../../constructs/uploads/queue-trigger';
import { synthTrigger, WHOLE_BUCKET } from '../../support/mover';
import { onlyResource, statements } from '../../support/synth';

const synth = (options: Parameters<typeof synthTrigger>[1] = {}) =>
  synthTrigger(
    (scope, { failures }) => new QueueTrigger(scope, 'upload-queue', { queueName: 'test-uploads', failures }),
    options,
  );

describe('QueueTrigger', () => {
  it('sends every object created under the upload prefix to the queue', () => {
    expect(synth()).toHaveResourceWithProperties(S3BucketNotification, {
      queue: [
        {
          events: ['s3:ObjectCreated:*'],
          filter_prefix: 'uploads/',
          queue_arn: expect.stringMatching(/^\$\{aws_sqs_queue\.upload-queue_\w+\.arn\}$/u) as string,
        },
      ],
    });
  });

  it('watching the whole bucket, filters nothing', () => {
    const { queue } = onlyResource(synth({ prefixes: WHOLE_BUCKET }), 'aws_s3_bucket_notification');

    expect(queue).toEqual([{ events: ['s3:ObjectCreated:*'], queue_arn: expect.any(String) as string }]);
  });

  it('lets S3 send for this bucket of this account alone', () => {
    const accepted = statements(synth()).filter(({ Sid }) => Sid === 'AcceptUploads');

    expect(accepted).toEqual([
      expect.objectContaining({
        address: expect.stringMatching(/^aws_sqs_queue\.upload-queue_/u) as string,
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Resource: [expect.stringMatching(/^arn:.*:test-uploads$/u)],
        Condition: {
          ArnEquals: { 'aws:SourceArn': expect.stringMatching(/^\$\{aws_s3_bucket\..*\.arn\}$/u) as string },
          StringEquals: { 'aws:SourceAccount': expect.stringMatching(/\.account_id\}$/u) as string },
        },
      }),
    ]);
  });

  it('has the queue worked off by the function, which S3 itself may not start', () => {
    expect(synth()).toHaveResourceWithProperties(LambdaEventSourceMapping, {
      function_name: expect.stringMatching(/^\$\{aws_lambda_function\.mover_/u) as string,
      function_response_types: ['ReportBatchItemFailures'],
    });
    expect(synth()).not.toContain('aws_lambda_permission');
  });
});
