import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketRequestPaymentCommand,
  GetObjectLockConfigurationCommand,
  ListBucketsCommand,
  PutBucketNotificationConfigurationCommand,
  S3Client,
  type ServerSideEncryptionByDefault,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { bucketCalls } from '../../../../tools/plan/doctor/bucket/facts';
import { sdkError } from '../../../support/lambda-fakes';

const s3 = mockClient(S3Client);
const calls = bucketCalls(new S3Client({ region: 'us-east-1' }), 'team-data');

describe('the calls to a bucket', () => {
  beforeEach(() => s3.reset());

  it('take for nothing what was never set', async () => {
    s3.on(GetBucketPolicyCommand).rejects(sdkError('NoSuchBucketPolicy'));
    s3.on(GetBucketLifecycleConfigurationCommand).rejects(sdkError('NoSuchLifecycleConfiguration'));
    s3.on(GetObjectLockConfigurationCommand).rejects(sdkError('ObjectLockConfigurationNotFoundError'));
    s3.on(GetBucketEncryptionCommand).rejects(sdkError('ServerSideEncryptionConfigurationNotFoundError'));

    expect(await Promise.all([calls.policy(), calls.lifecycle(), calls.locks(), calls.key()])).toEqual([
      undefined,
      [],
      false,
      undefined,
    ]);
  });

  it('do not take a refusal for nothing', async () => {
    s3.rejects(sdkError('AccessDenied'));

    for (const ask of [calls.policy, calls.lifecycle, calls.locks, calls.key, calls.notifications]) {
      await expect(ask()).rejects.toThrow('AccessDenied');
    }
  });

  it('read what was set', async () => {
    const rule = (byDefault: ServerSideEncryptionByDefault) => ({
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault }] },
    });
    s3.on(GetBucketRequestPaymentCommand).resolves({ Payer: 'Requester' });
    s3.on(GetObjectLockConfigurationCommand).resolves({
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } },
    });
    s3.on(GetBucketEncryptionCommand)
      .resolvesOnce(rule({ SSEAlgorithm: 'AES256' }))
      .resolvesOnce(rule({ SSEAlgorithm: 'aws:kms' }))
      .resolvesOnce(rule({ SSEAlgorithm: 'aws:kms:dsse', KMSMasterKeyID: 'key' }));

    expect(await Promise.all([calls.requesterPays(), calls.locks()])).toEqual([true, true]);
    expect([await calls.key(), await calls.key(), await calls.key()]).toEqual([undefined, 'aws/s3', 'key']);
  });

  it('find the bucket among those of the account by its whole name', async () => {
    s3.on(ListBucketsCommand)
      .resolvesOnce({ Buckets: [{ Name: 'team-data-2' }] })
      .resolvesOnce({ Buckets: [{ Name: 'team-data-2' }, { Name: 'team-data' }] });

    expect([await calls.isOurs(), await calls.isOurs()]).toEqual([false, true]);
  });

  it('write back the notifications as they were read, without a test of what others set up', async () => {
    const QueueConfigurations = [{ QueueArn: 'arn', Events: ['s3:ObjectCreated:*' as const] }];
    s3.on(GetBucketNotificationConfigurationCommand).resolves({ $metadata: {}, QueueConfigurations });
    s3.on(PutBucketNotificationConfigurationCommand).resolves({});

    await calls.setNotifications(await calls.notifications());

    expect(s3.commandCalls(PutBucketNotificationConfigurationCommand)[0]?.args[0].input).toEqual({
      Bucket: 'team-data',
      NotificationConfiguration: { QueueConfigurations },
      SkipDestinationValidation: true,
    });
  });
});
