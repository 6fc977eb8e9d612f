import type { JsonObject } from '../../../tools/change/review/plan';
import { planOf, together } from '../plans';
import { changed, created, destroyed, inModule, type Case } from './plans';

const rule = (more: JsonObject): JsonObject => ({
  bucket: 'b',
  rule: [{ id: 'old', status: 'Enabled', expiration: [{ days: 30 }], ...more }],
});
const LIFECYCLE = 'aws_s3_bucket_lifecycle_configuration';

const TABLE = { name: 't', ttl: [{ enabled: false }], point_in_time_recovery: [{ enabled: true }] };

const moving = (upload: string): JsonObject => ({
  function_name: 'mover',
  environment: [
    { variables: { UPLOAD_PREFIX: upload, PROCESSED_PREFIX: 'processed/', ON_EXISTING: 'replace' } },
  ],
});

/** Plans that lose data, or a protection of it. */
export const LOSING: readonly Case[] = [
  ['a bucket goes', destroyed('aws_s3_bucket', { bucket: 'b' }), 'loses its objects'],
  [
    'a queue is replaced',
    planOf('aws_sqs_queue', { name: 'q' }, { name: 'r' }, { actions: ['create', 'delete'] }),
    'will be replaced',
  ],
  [
    'a key is scheduled for deletion',
    destroyed('aws_kms_key', { key_id: 'k' }),
    'from the moment its deletion is scheduled',
  ],
  [
    'a table in a module goes',
    inModule(destroyed('aws_dynamodb_table', { name: 't' })),
    'DynamoDB table `t` will be destroyed',
  ],
  [
    'something of an unknown type goes',
    destroyed('aws_quantum_store', { name: 'x' }),
    'does not know whether it holds data',
  ],
  [
    'a lifecycle on an existing bucket is new',
    created(LIFECYCLE, rule({})),
    'rule `old`: deletes after 30 days',
  ],
  [
    'a lifecycle rule comes sooner',
    changed(LIFECYCLE, rule({}), rule({ expiration: [{ days: 7 }] })),
    'after 7 days',
  ],
  [
    'a lifecycle filter widens',
    changed(LIFECYCLE, rule({ filter: [{ prefix: 'tmp/' }] }), rule({ filter: [{ prefix: '' }] })),
    'in the whole bucket',
  ],
  [
    'a lifecycle filter loses a tag',
    changed(LIFECYCLE, rule({ filter: [{ tag: [{ key: 'a', value: 'b' }] }] }), rule({})),
    'in the whole bucket',
  ],
  [
    'a lifecycle filter loses a size',
    changed(LIFECYCLE, rule({ filter: [{ object_size_greater_than: 100 }] }), rule({})),
    'deletes or archives',
  ],
  [
    'a lifecycle filter takes larger objects too',
    changed(LIFECYCLE, rule({ filter: [{ object_size_less_than: 100 }] }), rule({})),
    'deletes or archives',
  ],
  [
    'a lifecycle gets a date',
    changed(LIFECYCLE, rule({}), rule({ expiration: [{ date: '2027-01-01T00:00:00Z' }] })),
    'on `2027-01-01T00:00:00Z`',
  ],
  [
    'a lifecycle rule is switched on',
    changed(LIFECYCLE, rule({ status: 'Disabled' }), rule({})),
    'rule `old`',
  ],
  [
    'a lifecycle keeps fewer versions',
    changed(
      LIFECYCLE,
      rule({ noncurrent_version_expiration: [{ noncurrent_days: 9, newer_noncurrent_versions: 5 }] }),
      rule({ noncurrent_version_expiration: [{ noncurrent_days: 9 }] }),
    ),
    'deletes older versions after 9 days',
  ],
  [
    'a lifecycle archives',
    changed(LIFECYCLE, rule({}), rule({ transition: [{ days: 1, storage_class: 'DEEP_ARCHIVE' }] })),
    'archives after 1 days',
  ],
  [
    'a table’s items get an end',
    changed('aws_dynamodb_table', TABLE, { ...TABLE, ttl: [{ enabled: true, attribute_name: 'end' }] }),
    'deletes items whose time has come',
  ],
  [
    'a table is not backed up',
    changed('aws_dynamodb_table', TABLE, { ...TABLE, point_in_time_recovery: [{ enabled: false }] }),
    'can no longer be restored',
  ],
  [
    'a table’s backups reach less far',
    changed(
      'aws_dynamodb_table',
      { point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 35 }] },
      { point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 2 }] },
    ),
    '35 days → 2 days',
  ],
  [
    'a table may be deleted',
    changed(
      'aws_dynamodb_table',
      { deletion_protection_enabled: true },
      { deletion_protection_enabled: false },
    ),
    'no longer protected against deletion',
  ],
  [
    'a bucket may be deleted when full',
    changed('aws_s3_bucket', { bucket: 'b', force_destroy: false }, { bucket: 'b', force_destroy: true }),
    'may be deleted with all its objects',
  ],
  [
    'a database leaves no snapshot',
    changed('aws_db_instance', { skip_final_snapshot: false }, { skip_final_snapshot: true }),
    'leaves no snapshot',
  ],
  [
    'versioning ends',
    changed(
      'aws_s3_bucket_versioning',
      { bucket: 'b', versioning_configuration: [{ status: 'Enabled' }] },
      { bucket: 'b', versioning_configuration: [{ status: 'Suspended' }] },
    ),
    'later replacements and deletions are final',
  ],
  [
    'versioning goes',
    destroyed('aws_s3_bucket_versioning', { bucket: 'b' }),
    'later replacements and deletions are final',
  ],
  [
    'object lock goes',
    destroyed('aws_s3_bucket_object_lock_configuration', { bucket: 'b' }),
    'no longer protects new objects',
  ],
  [
    'a log is kept for less',
    changed('aws_cloudwatch_log_group', { retention_in_days: 0 }, { retention_in_days: 1 }),
    'for ever → 1 days',
  ],
  [
    'messages are kept for less',
    changed('aws_sqs_queue', { message_retention_seconds: 86_400 }, { message_retention_seconds: 3_600 }),
    '1 days → 1 hours',
  ],
  [
    'the prefix changes',
    changed('aws_lambda_function', moving('uploads/'), moving('in/')),
    'no longer knows the prefix `"uploads/"`',
  ],
  [
    'the mover is made anew with another prefix',
    together(
      destroyed('aws_lambda_function', moving('uploads/')),
      created('aws_lambda_function', moving('in/')),
    ),
    'no longer knows the prefix',
  ],
  [
    'the mover goes and the bucket stays',
    destroyed('aws_lambda_function', moving('uploads/')),
    'no longer knows the prefix',
  ],
  [
    'failed events are dropped',
    destroyed('aws_lambda_function_event_invoke_config', { function_name: 'f' }),
    'drops what fails for the last time',
  ],
  [
    'a function never runs',
    changed(
      'aws_lambda_function',
      { reserved_concurrent_executions: -1 },
      { reserved_concurrent_executions: 0 },
    ),
    'never runs',
  ],
  [
    'images are deleted by other rules',
    changed('aws_ecr_lifecycle_policy', { policy: '{"rules":[]}' }, { policy: '{"rules":[1]}' }),
    'deletes images',
  ],
  [
    'an unknown type loses its protection',
    changed('aws_quantum_store', { deletion_protection: true }, { deletion_protection: false }),
    'no longer protected against deletion',
  ],
];
