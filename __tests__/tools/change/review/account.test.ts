import {
  GetBucketNotificationConfigurationCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { verdict } from '../../../../tools/change/review';
import { askAccount } from '../../../../tools/change/review/account';
import type { Plan } from '../../../../tools/change/review/plan';
import { review } from '../../../../tools/change/review/review';
import { lines, planOf, together } from '../../../support/plans';

const [s3, sqs] = [mockClient(S3Client), mockClient(SQSClient)];
beforeEach(() => {
  s3.reset();
  sqs.reset();
});

const reviewed = async (plan: Plan) =>
  review(plan, {
    account: await askAccount(plan, { s3: () => new S3Client({}), sqs: () => new SQSClient({}) }),
  });

const QUEUE = planOf('aws_sqs_queue', { name: 'failures', url: 'https://sqs/1/failures' }, null);
const OURS = 'arn:aws:lambda:eu-west-1:111111111111:function:mover';
const NOTIFICATION = planOf('aws_s3_bucket_notification', null, {
  bucket: 'b',
  lambda_function: [{ id: 'ours', lambda_function_arn: OURS }],
});

describe('the account', () => {
  it('says how many messages a queue holds that goes', async () => {
    sqs.on(GetQueueAttributesCommand, { QueueUrl: 'https://sqs/1/failures' }).resolves({
      Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '1' },
    });

    expect((await reviewed(QUEUE)).markdown).toContain('the messages that wait in it (about 4 messages now)');
  });

  it('says how many objects a bucket holds that goes', async () => {
    s3.on(ListObjectsV2Command, { Bucket: 'b' }).resolves({ IsTruncated: false, Contents: [{ Key: 'a' }] });

    expect((await reviewed(planOf('aws_s3_bucket', { bucket: 'b' }, null))).markdown).toContain(
      'with all versions (1 object)',
    );
  });

  it('is not needed: without an answer the rest is said all the same', async () => {
    sqs.on(GetQueueAttributesCommand).rejects(new Error('no credentials'));
    s3.on(GetBucketNotificationConfigurationCommand).rejects(new Error('no credentials'));
    const { markdown, dataAtRisk } = await reviewed(together(QUEUE, NOTIFICATION));

    expect(dataAtRisk).toBe(true);
    expect(markdown).toContain('how many, the queue could not be asked');
  });

  it('says what waits for a function that goes', async () => {
    s3.on(ListObjectsV2Command, { Bucket: 'b', Prefix: 'uploads/' }).resolves({
      IsTruncated: false,
      Contents: [{ Key: 'uploads/a' }],
    });
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '1' } });
    const output = (before: string) => ({ actions: ['no-op'], before });
    const { markdown } = await reviewed({
      ...planOf('aws_lambda_function', { function_name: 'mover' }, null),
      output_changes: {
        upload_bucket: output('b'),
        upload_prefix: output('uploads/'),
        failure_queue_url: output('https://sqs/1/failures'),
      },
    });

    expect(lines(markdown, 'Waiting in the account')).toEqual([
      'bucket `b`: uploads that wait (1 object)',
      'failure queue `failures`: records (about 1 message now)',
    ]);
  });

  it('is asked nothing where nothing is at risk', async () => {
    await reviewed(planOf('aws_sqs_queue', { name: 'q' }, { name: 'q', delay_seconds: 1 }));

    expect([...s3.calls(), ...sqs.calls()]).toEqual([]);
  });
});

describe('notifications of others', () => {
  const theirs = { Id: 'theirs', LambdaFunctionArn: 'arn:theirs', Events: [] };

  it('are at risk where this plan writes the bucket’s configuration for the first time', async () => {
    s3.on(GetBucketNotificationConfigurationCommand, { Bucket: 'b' }).resolves({
      LambdaFunctionConfigurations: [theirs, { Id: 'any', LambdaFunctionArn: OURS, Events: [] }],
      EventBridgeConfiguration: {},
    });
    const found = await reviewed(NOTIFICATION);

    expect(lines(found.markdown, '⚠ Data at risk')).toEqual([
      '**notifications of bucket `b` take the place of others that Terraform does not know**: `theirs to arn:theirs`, `EventBridge`; a bucket has one configuration, and this writes all of it (`aws_s3_bucket_notification.thing`)',
    ]);
    expect(verdict(found).code).toBe(3);
  });

  it('are not where they are ours, or the bucket is new', async () => {
    s3.on(GetBucketNotificationConfigurationCommand).resolves({
      LambdaFunctionConfigurations: [{ Id: 'ours', LambdaFunctionArn: OURS, Events: [] }],
    });
    expect(verdict(await reviewed(NOTIFICATION)).code).toBe(0);

    s3.on(GetBucketNotificationConfigurationCommand).resolves({ LambdaFunctionConfigurations: [theirs] });
    const isNew = together(NOTIFICATION, planOf('aws_s3_bucket', null, { bucket: 'b' }));
    expect(verdict(await reviewed(isNew)).code).toBe(0);
  });
});
