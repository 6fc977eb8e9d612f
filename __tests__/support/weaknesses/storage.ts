import { isAllowed, policiesOf } from '../iam';
import type { Block, Synthesized } from '../synth';
import { bucketName, each, everyBucketHas, resourcesOf, text, type Check } from './blocks';

const PUBLIC = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'];

/** Whether a policy refuses a request without TLS that some other statement would allow. */
const refusesPlainHttp = (
  statements: Parameters<typeof isAllowed>[0],
  action: string,
  resource: string,
): boolean => {
  const all = { Sid: 'All', Effect: 'Allow', Action: ['*'], Resource: ['*'] } as const;
  return !isAllowed([...statements, all], { action, resource, context: { 'aws:SecureTransport': 'false' } });
};

const bucketsSpeakTls: Check = (synthesized) =>
  resourcesOf(synthesized, 'aws_s3_bucket')
    .filter(([, bucket]) => {
      const arn = `arn:aws:s3:::${bucketName(bucket)}`;
      const statements = [...policiesOf(synthesized, 'aws_s3_bucket_policy').values()].flat();
      return ![arn, `${arn}/any/key`].every((resource) =>
        refusesPlainHttp(statements, 's3:PutObject', resource),
      );
    })
    .map(([address]) => `${address}: takes requests without TLS`);

const queuesSpeakTls: Check = (synthesized) =>
  resourcesOf(synthesized, 'aws_sqs_queue')
    .filter(([address, { name }]) => {
      const statements =
        policiesOf(synthesized, 'aws_sqs_queue').get(address.slice('aws_sqs_queue.'.length)) ?? [];
      return !refusesPlainHttp(
        statements,
        'sqs:SendMessage',
        `arn:aws:sqs:us-east-1:123456789012:${text(name)}`,
      );
    })
    .map(([address]) => `${address}: takes requests without TLS`);

const isEncrypted = (block: Block): boolean =>
  /"sse_algorithm":"(AES256|aws:kms)"/u.test(JSON.stringify(block));

/** A second notification of a bucket overwrites the first. */
const oneNotification: Check = (synthesized) =>
  resourcesOf(synthesized, 'aws_s3_bucket_notification')
    .filter(([, one], index, all) => all.findIndex(([, other]) => other.bucket === one.bucket) !== index)
    .map(([address]) => `${address}: a second notification of its bucket`);

/** S3 tests the permission when the notification is set. */
const permissionFirst = each('aws_s3_bucket_notification', ({ depends_on: first }) => {
  return !text(first).includes('aws_lambda_permission.') && 'is set before S3 may start the function';
});

/** What is moved must not count as a new upload. */
const noLoop = each('aws_s3_bucket_notification', ({ lambda_function: targets }, synthesized) => {
  const ignores = hasProcessedPrefix(synthesized);
  const prefixes = (targets as readonly Block[]).map(({ filter_prefix: prefix }) => text(prefix ?? ''));
  return (
    prefixes.some((prefix) => 'processed/'.startsWith(prefix) && !ignores) &&
    'starts the function for what it moved'
  );
});

const hasProcessedPrefix = (synthesized: Synthesized): boolean =>
  resourcesOf(synthesized, 'aws_lambda_function').some(([, block]) =>
    text(block.environment).includes('"UPLOAD_PREFIX":""'),
  );

/** Buckets, queues and keys. */
export const storage: readonly Check[] = [
  everyBucketHas('aws_s3_bucket_public_access_block', 'may be made public', (block) =>
    PUBLIC.every((name) => block[name] === true),
  ),
  everyBucketHas('aws_s3_bucket_server_side_encryption_configuration', 'is not encrypted', isEncrypted),
  everyBucketHas('aws_s3_bucket_ownership_controls', 'has access lists of single objects', (block) =>
    text(block.rule).includes('BucketOwnerEnforced'),
  ),
  everyBucketHas('aws_s3_bucket_versioning', 'keeps no older versions', (block) =>
    text(block.versioning_configuration).includes('"Enabled"'),
  ),
  everyBucketHas('aws_s3_bucket_lifecycle_configuration', 'keeps unfinished uploads for ever', (block) =>
    text(block.rule).includes('days_after_initiation'),
  ),
  bucketsSpeakTls,
  each('aws_s3_bucket', ({ force_destroy: force }) => force === true && 'is destroyed with what it holds'),
  oneNotification,
  permissionFirst,
  noLoop,
  queuesSpeakTls,
  each('aws_sqs_queue', ({ sqs_managed_sse_enabled: managed, kms_master_key_id: key }) => {
    return managed !== true && !key && 'is not encrypted';
  }),
  each('aws_sns_topic', ({ kms_master_key_id: key }) => !key && 'is not encrypted'),
  each('aws_kms_key', ({ enable_key_rotation: rotated }) => rotated !== true && 'is not rotated'),
];
