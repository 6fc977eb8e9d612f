import { is, isAnybodys, isNothing, isOff, isOn, isOther, isSet, looksLike, type Rule } from '../rules';
import { NO_KEY_OF_YOURS, UNENCRYPTED, type Facts, type Types } from './facts';

const PUBLIC_ACL = looksLike(/^(?:public-read|public-read-write|authenticated-read)$/u);
const PUBLIC_GROUP = looksLike(/\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/u);
const OTHERS_ACL = looksLike(/^(?:aws-exec-read|log-delivery-write)$/u);

const ACLS = (at: string): Rule[] => [
  { at, if: PUBLIC_ACL, says: 'its access list lets anyone in' },
  { at, if: OTHERS_ACL, says: 'its access list lets a service of AWS in' },
];

const SWITCHES = [
  'block_public_acls',
  'block_public_policy',
  'ignore_public_acls',
  'restrict_public_buckets',
];
const BLOCKS = (prefix = ''): Rule[] =>
  SWITCHES.map((name) => ({
    at: `${prefix}${name}`,
    if: isOff,
    says: `${name} is off: public access is possible`,
  }));

const NO_DELETION_PROTECTION: Rule[] = [
  { at: 'deletion_protection', if: isOff, says: 'is no longer protected against deletion' },
];

const NO_FINAL_SNAPSHOT: Rule[] = [
  { at: 'skip_final_snapshot', if: isOn, says: 'leaves no snapshot when it is deleted' },
];

const STORED_IN_CLEAR: Rule[] = [{ at: 'storage_encrypted', if: isOff, says: UNENCRYPTED }];

const DATABASE: Facts = {
  holds: 'its data',
  keeps: [{ at: 'backup_retention_period', perDay: 1, zero: 'none' }],
  loses: [...NO_DELETION_PROTECTION, ...NO_FINAL_SNAPSHOT],
  exposes: STORED_IN_CLEAR,
};

/** Buckets, tables, databases, file systems, backups. */
export const STORAGE: Types = {
  aws_s3_bucket: {
    noun: 'bucket',
    holds: 'its objects, with all versions',
    // A bucket tells its access list, policy, lifecycle and so on as AWS has them: they are resources of their own.
    mirrors: [
      'acl',
      'grant',
      'lifecycle_rule',
      'policy',
      'replication_configuration',
      'website',
      'cors_rule',
    ],
    loses: [{ at: 'force_destroy', if: isOn, says: 'may be deleted with all its objects from now on' }],
    exposes: [
      ...ACLS('acl'),
      { at: 'grant.uri', if: PUBLIC_GROUP, says: 'its access list lets anyone in' },
      { at: 'grant.id', if: isSet, says: 'its access list names an account' },
      {
        at: 'replication_configuration.rules.destination.bucket',
        if: isAnybodys,
        says: 'its objects are copied to another bucket',
      },
    ],
  },
  aws_s3_bucket_accelerate_configuration: {},
  aws_s3_bucket_acl: {
    noun: 'access list of bucket',
    exposes: [
      ...ACLS('acl'),
      {
        at: 'access_control_policy.grant.grantee.uri',
        if: PUBLIC_GROUP,
        says: 'its access list lets anyone in',
      },
      { at: 'access_control_policy.grant.grantee.id', if: isSet, says: 'its access list names an account' },
      {
        at: 'access_control_policy.grant.grantee.email_address',
        if: isSet,
        says: 'its access list names an account',
      },
    ],
  },
  aws_s3_bucket_analytics_configuration: {},
  aws_s3_bucket_cors_configuration: {
    noun: 'CORS of bucket',
    exposes: [
      {
        at: 'cors_rule.allowed_origins',
        if: looksLike(/^\*$|:\/\/\*/u),
        says: 'any web site may use it from a browser',
      },
    ],
  },
  aws_s3_bucket_intelligent_tiering_configuration: {
    loses: [
      {
        at: 'tiering.access_tier',
        if: isSet,
        says: 'archives objects: they cannot be read until they are restored',
      },
    ],
  },
  aws_s3_bucket_inventory: {
    noun: 'inventory of bucket',
    exposes: [
      {
        at: 'destination.bucket.bucket_arn',
        if: isAnybodys,
        says: 'the list of objects is written to a bucket',
      },
    ],
  },
  aws_s3_bucket_lifecycle_configuration: { noun: 'lifecycle of bucket' }, // compared in lifecycle.ts
  aws_s3_bucket_logging: {
    noun: 'access log of bucket',
    gone: { exposes: 'access to the bucket is no longer logged' },
  },
  aws_s3_bucket_metric: {},
  aws_s3_bucket_notification: { noun: 'notifications of bucket' },
  aws_s3_bucket_object: { holds: 'the object', exposes: ACLS('acl') },
  aws_s3_bucket_object_lock_configuration: {
    noun: 'object lock of bucket',
    loses: [
      {
        at: 'rule.default_retention.mode',
        if: isOther('COMPLIANCE'),
        says: 'no longer protects new objects from every deletion',
      },
    ],
    gone: { loses: 'no longer protects new objects from deletion' },
  },
  aws_s3_bucket_ownership_controls: {
    noun: 'object ownership of bucket',
    exposes: [
      {
        at: 'rule.object_ownership',
        if: isOther('BucketOwnerEnforced'),
        says: 'access lists of single objects count',
      },
    ],
    gone: { exposes: 'access lists of single objects count again' },
  },
  aws_s3_bucket_policy: {
    noun: 'policy of bucket',
    subject: ['bucket', 'bucket'],
    gone: { exposes: 'requests without TLS are no longer refused' },
  },
  aws_s3_bucket_public_access_block: {
    noun: 'public access block of bucket',
    exposes: BLOCKS(),
    gone: { exposes: 'public access is possible' },
  },
  aws_s3_bucket_replication_configuration: {
    noun: 'replication of bucket',
    exposes: [
      {
        at: 'rule.destination.bucket',
        if: isAnybodys,
        says: 'its objects are copied to another bucket',
        with: ['rule.destination.account'],
      },
      {
        at: 'rule.destination.access_control_translation.owner',
        if: isSet,
        says: 'the copies belong to the owner of the other bucket',
      },
    ],
    gone: { loses: 'no longer copies objects to another bucket' },
  },
  aws_s3_bucket_request_payment_configuration: {},
  aws_s3_bucket_server_side_encryption_configuration: {
    noun: 'encryption of bucket',
    exposes: [
      {
        at: 'rule.apply_server_side_encryption_by_default.sse_algorithm',
        if: (value) => !looksLike(/^aws:kms/u)(value, { accounts: new Set() }),
        says: 'objects are not encrypted with your own key',
        byChoice: true,
      },
    ],
    gone: { exposes: 'objects are encrypted as AWS does by default' },
  },
  aws_s3_bucket_versioning: {
    noun: 'versioning of bucket',
    loses: [
      {
        at: 'versioning_configuration.status',
        if: isOther('Enabled'),
        says: 'ends: later replacements and deletions are final',
      },
      {
        at: 'versioning_configuration.mfa_delete',
        if: isOther('Enabled'),
        says: 'no longer asks for a second factor before a deletion',
        byChoice: true,
      },
    ],
    gone: { loses: 'ends: later replacements and deletions are final' },
  },
  aws_s3_bucket_website_configuration: {
    noun: 'website of bucket',
    opens: 'the bucket answers as a web site, without credentials where its policy lets it',
  },
  aws_s3_access_point: {
    mirrors: ['policy'],
    exposes: BLOCKS('public_access_block_configuration.'),
  },
  aws_s3_account_public_access_block: {
    noun: 'public access block of the account',
    exposes: BLOCKS(),
    gone: { exposes: 'public access is possible in the whole account' },
  },
  aws_s3_object: { holds: 'the object', exposes: ACLS('acl') },
  aws_s3control_access_point_policy: {},
  aws_dynamodb_resource_policy: { subject: ['DynamoDB table', 'resource_arn'] },
  aws_dynamodb_table: {
    noun: 'DynamoDB table',
    holds: 'its items',
    keeps: [{ at: 'point_in_time_recovery.recovery_period_in_days', perDay: 1, zero: 'for ever' }],
    loses: [
      {
        at: 'ttl.enabled',
        if: isOn,
        says: 'deletes items whose time has come',
        with: ['ttl.attribute_name'],
      },
      {
        at: 'point_in_time_recovery.enabled',
        if: isOff,
        says: 'can no longer be restored to an earlier moment',
      },
      { at: 'deletion_protection_enabled', if: isOff, says: 'is no longer protected against deletion' },
      {
        at: 'stream_enabled',
        if: isOff,
        says: 'has no stream any more: what readers of it have not read is lost',
      },
    ],
    exposes: [{ at: 'server_side_encryption.enabled', if: isOff, says: NO_KEY_OF_YOURS, byChoice: true }],
  },
  aws_dynamodb_table_item: { holds: 'the item' },
  aws_dynamodb_table_replica: {
    holds: 'the replica',
    loses: [
      { at: 'point_in_time_recovery', if: isOff, says: 'can no longer be restored to an earlier moment' },
      { at: 'deletion_protection_enabled', if: isOff, says: 'is no longer protected against deletion' },
    ],
  },
  aws_dynamodb_kinesis_streaming_destination: {
    exposes: [{ at: 'stream_arn', if: isAnybodys, says: 'its changes go to a stream of another account' }],
  },
  aws_db_instance: {
    noun: 'database',
    ...DATABASE,
    exposes: [
      ...STORED_IN_CLEAR,
      { at: 'publicly_accessible', if: isOn, says: 'it has an address on the internet' },
    ],
  },
  aws_rds_cluster: { noun: 'database cluster', ...DATABASE },
  aws_rds_cluster_instance: {
    exposes: [{ at: 'publicly_accessible', if: isOn, says: 'it has an address on the internet' }],
  },
  aws_db_parameter_group: {},
  aws_db_subnet_group: {},
  aws_db_snapshot: {
    holds: 'the snapshot',
    exposes: [{ at: 'shared_accounts', if: isSet, says: 'it is shared with others' }],
  },
  aws_ebs_volume: { holds: 'its data', exposes: [{ at: 'encrypted', if: isOff, says: UNENCRYPTED }] },
  aws_ebs_snapshot: { holds: 'the snapshot' },
  aws_snapshot_create_volume_permission: { opens: 'another account may copy the snapshot' },
  aws_efs_file_system: { holds: 'its files', exposes: [{ at: 'encrypted', if: isOff, says: UNENCRYPTED }] },
  aws_efs_file_system_policy: { subject: ['file system', 'file_system_id'] },
  aws_efs_mount_target: {},
  aws_efs_access_point: {},
  aws_efs_backup_policy: {
    loses: [{ at: 'backup_policy.status', if: isOther('ENABLED'), says: 'backs up no more' }],
    gone: { loses: 'backs up no more' },
    protects: 'file_system_id',
  },
  aws_elasticache_replication_group: {
    holds: 'its data',
    keeps: [{ at: 'snapshot_retention_limit', perDay: 1, zero: 'none' }],
    exposes: [
      { at: 'at_rest_encryption_enabled', if: is(false, 'false'), says: UNENCRYPTED },
      { at: 'transit_encryption_enabled', if: is(false), says: 'connections are not encrypted' },
    ],
  },
  aws_opensearch_domain: {
    holds: 'its documents',
    exposes: [
      { at: 'encrypt_at_rest.enabled', if: is(false), says: UNENCRYPTED },
      {
        at: 'node_to_node_encryption.enabled',
        if: is(false),
        says: 'traffic between its nodes is not encrypted',
      },
      {
        at: 'domain_endpoint_options.enforce_https',
        if: is(false),
        says: 'requests without TLS are not refused',
      },
      { at: 'advanced_security_options.anonymous_auth_enabled', if: isOn, says: 'anyone may read it' },
    ],
  },
  aws_ecr_repository: {
    noun: 'image repository',
    holds: 'its images',
    loses: [
      { at: 'force_delete', if: isOn, says: 'may be deleted with all its images from now on' },
      {
        at: 'image_tag_mutability',
        if: isOther('IMMUTABLE'),
        says: 'lets a tag be moved to another image',
        byChoice: true,
      },
    ],
  },
  aws_ecr_repository_policy: { subject: ['image repository', 'repository'] },
  aws_ecr_lifecycle_policy: { loses: [{ at: 'policy', if: isSet, says: 'deletes images by other rules' }] },
  aws_backup_vault: {
    holds: 'its backups',
    loses: [{ at: 'force_destroy', if: isOn, says: 'may be deleted with all its backups from now on' }],
  },
  aws_backup_vault_lock_configuration: {
    gone: { loses: 'no longer protects backups from deletion' },
    protects: 'backup_vault_name',
  },
  aws_backup_vault_policy: { subject: ['backup vault', 'backup_vault_name'] },
  aws_backup_plan: {
    gone: { loses: 'backs up no more' },
    loses: [{ at: 'rule.lifecycle.delete_after', if: isSet, says: 'deletes backups after so many days' }],
  },
  aws_backup_selection: { gone: { loses: 'backs up no more' } },
  aws_secretsmanager_secret: {
    noun: 'secret',
    holds: 'the secret',
    mirrors: ['policy'],
    loses: [
      {
        at: 'recovery_window_in_days',
        if: isNothing,
        says: 'cannot be restored once it is deleted',
        byChoice: true,
      },
    ],
  },
  aws_secretsmanager_secret_policy: {
    subject: ['secret', 'secret_arn'],
    exposes: [
      { at: 'block_public_policy', if: is(false), says: 'a policy for everyone is accepted', byChoice: true },
    ],
  },
  aws_secretsmanager_secret_version: { holds: 'that version of the secret' },
  aws_secretsmanager_secret_rotation: {
    gone: { exposes: 'the secret is no longer rotated' },
    protects: 'secret_id',
  },
  aws_ssm_parameter: {
    noun: 'parameter',
    holds: 'its value',
    exposes: [
      { at: 'type', if: isOther('SecureString'), says: 'its value is stored in clear', byChoice: true },
    ],
  },
};
