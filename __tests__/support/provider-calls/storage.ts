import type { Block } from '../synth';
import { text, type CallsByType, type ProviderCalls } from './calls';

const bucketOf = ({ bucket, bucket_prefix: prefix }: Block): string =>
  `arn:aws:s3:::${text(bucket) || `${text(prefix)}1`}`;

const bucketPart = (read: string, write: string): ProviderCalls => ({
  arn: bucketOf,
  read: [`s3:${read}`],
  create: [`s3:${write}`],
  change: [`s3:${write}`],
});

export const STORAGE: CallsByType = {
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
