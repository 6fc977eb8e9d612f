import type { Block } from '../synth';
import { HERE, named, text, type CallsByType, type ProviderCalls } from './calls';

const bucketOf = ({ bucket, bucket_prefix: prefix }: Block): string =>
  `arn:aws:s3:::${text(bucket) || `${text(prefix)}1`}`;

const bucketPart = (read: string, write: string): ProviderCalls => ({
  arn: bucketOf,
  read: [`s3:${read}`],
  create: [`s3:${write}`],
  change: [`s3:${write}`],
});

const A_KEY = `arn:aws:kms:${HERE}:key/1234`;

export const STORAGE: CallsByType = {
  aws_dynamodb_table: {
    arn: named(`arn:aws:dynamodb:${HERE}:table/`),
    read: [
      'dynamodb:DescribeContinuousBackups',
      'dynamodb:DescribeTable',
      'dynamodb:DescribeTimeToLive',
      'dynamodb:ListTagsOfResource',
    ],
    create: [
      'dynamodb:CreateTable',
      'dynamodb:TagResource',
      'dynamodb:UpdateContinuousBackups',
      'dynamodb:UpdateTimeToLive',
    ],
    change: [
      'dynamodb:DeleteTable',
      'dynamodb:TagResource',
      'dynamodb:UntagResource',
      'dynamodb:UpdateContinuousBackups',
      'dynamodb:UpdateTable', // encryption among others
      'dynamodb:UpdateTimeToLive',
    ],
    context: () => ({ 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' }),
    alsoCreate: [
      ['kms:CreateGrant', A_KEY],
      ['kms:Decrypt', A_KEY],
      ['kms:DescribeKey', A_KEY],
      ['kms:Encrypt', A_KEY],
      ['kms:GenerateDataKey', A_KEY],
    ],
  },
  aws_s3_bucket: {
    arn: bucketOf,
    read: [
      's3:GetAccelerateConfiguration',
      's3:GetBucketAcl',
      's3:GetBucketCORS',
      's3:GetBucketLogging',
      's3:GetBucketObjectLockConfiguration',
      's3:GetBucketPolicy',
      's3:GetBucketRequestPayment',
      's3:GetBucketTagging',
      's3:GetBucketVersioning',
      's3:GetBucketWebsite',
      's3:GetEncryptionConfiguration',
      's3:GetLifecycleConfiguration',
      's3:GetReplicationConfiguration',
      's3:ListBucket', // HeadBucket
      's3:ListTagsForResource',
    ],
    create: ['s3:CreateBucket', 's3:PutBucketTagging', 's3:TagResource'],
    change: ['s3:DeleteBucket', 's3:PutBucketTagging', 's3:TagResource', 's3:UntagResource'],
  },
  aws_s3_bucket_lifecycle_configuration: bucketPart('GetLifecycleConfiguration', 'PutLifecycleConfiguration'),
  aws_s3_bucket_notification: bucketPart('GetBucketNotification', 'PutBucketNotification'),
  aws_s3_bucket_ownership_controls: bucketPart('GetBucketOwnershipControls', 'PutBucketOwnershipControls'),
  aws_s3_bucket_policy: {
    arn: bucketOf,
    read: ['s3:GetBucketPolicy'],
    create: ['s3:PutBucketPolicy'],
    change: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  },
  aws_s3_bucket_public_access_block: bucketPart('GetBucketPublicAccessBlock', 'PutBucketPublicAccessBlock'),
  aws_s3_bucket_server_side_encryption_configuration: bucketPart(
    'GetEncryptionConfiguration',
    'PutEncryptionConfiguration',
  ),
  aws_s3_bucket_versioning: bucketPart('GetBucketVersioning', 'PutBucketVersioning'),
};
