import { verdict } from '../../../../tools/change/review';
import type { JsonObject, Plan } from '../../../../tools/change/review/plan';
import { review } from '../../../../tools/change/review/review';
import { planOf, THEIRS, together } from '../../../support/plans';

const AT_RISK = 3;

/** A plan that somebody must look at, and a part of what the review must say of it. */
type Case = readonly [name: string, plan: Plan, says: string];

type Statement = Readonly<Record<string, unknown>>;

const policy = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) });

const created = (type: string, after: JsonObject): Plan => planOf(type, null, after);
const changed = (type: string, before: JsonObject, after: JsonObject): Plan => planOf(type, before, after);
const destroyed = (type: string, before: JsonObject): Plan => planOf(type, before, null);

const ANYTHING = { Action: '*', Resource: '*' };
const READ = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const ANYONE = { Principal: '*', ...READ };
const bucketPolicy = (statement: Statement): Plan =>
  created('aws_s3_bucket_policy', { bucket: 'b', policy: policy(statement) });
const rolePolicy = (statement: Statement): Plan =>
  created('aws_iam_role_policy', { role: 'mover', name: 'p', policy: policy(statement) });
const trusting = (statement: Statement): Plan =>
  created('aws_iam_role', {
    name: 'mover',
    assume_role_policy: policy({ Action: 'sts:AssumeRole', ...statement }),
  });

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

const ENDPOINT = { id: 'vpce-1', vpc_endpoint_type: 'Interface' };
const NARROW = policy({ Principal: '*', ...READ });

const LOSING: readonly Case[] = [
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

const OPENING: readonly Case[] = [
  [
    'an inline policy of a role permits everything',
    planOf(
      'aws_iam_role',
      { name: 'mover', inline_policy: [] },
      { name: 'mover', inline_policy: [{ name: 'x', policy: policy({ Action: '*:*', Resource: '*' }) }] },
      { expressions: { inline_policy: [{ policy: {} }] } },
    ),
    'role `mover`: it may do everything',
  ],
  ['a policy permits everything', rolePolicy(ANYTHING), 'it may do everything'],
  [
    'a policy permits everything but',
    rolePolicy({ NotAction: 'iam:DeleteUser', Resource: '*' }),
    'it may do everything',
  ],
  [
    'a policy permits a whole service',
    rolePolicy({ Action: 's3:*', Resource: '*' }),
    'it may do `s3:*` to everything',
  ],
  [
    'a role may pass any role',
    rolePolicy({ Action: 'iam:PassRole', Resource: '*' }),
    'it may give itself more',
  ],
  [
    'a role may write policies',
    rolePolicy({ Action: 'iam:PutRolePolicy', Resource: 'arn:aws:iam::1:role/*' }),
    'it may give itself more',
  ],
  [
    'a policy becomes everything beside a reference',
    planOf(
      'aws_iam_role_policy',
      { role: 'mover', name: 'p', policy: policy(READ) },
      { role: 'mover', name: 'p' },
      {
        after_unknown: { policy: true },
        expressions: {
          policy: {
            constant_value: policy(ANYTHING, { Action: 's3:GetObject', Resource: '${aws_s3_bucket.b.arn}' }),
            references: ['aws_s3_bucket.b.arn'],
          },
        },
      },
    ),
    'it may do everything',
  ],
  [
    'a policy that nobody can read before the apply',
    planOf(
      'aws_iam_role_policy',
      { role: 'r', name: 'p', policy: policy(READ) },
      { role: 'r', name: 'p' },
      { after_unknown: { policy: true }, expressions: { policy: { references: ['local.x'] } } },
    ),
    'known only after the apply',
  ],
  [
    'a policy is hidden as sensitive',
    planOf(
      'aws_iam_role_policy',
      null,
      { role: 'r', name: 'p', policy: policy(ANYTHING) },
      { after_sensitive: { policy: true } },
    ),
    'Terraform calls it sensitive',
  ],
  [
    'a policy hides behind the look of a secret',
    rolePolicy({ ...ANYTHING, Sid: 'AKIAIOSFODNN7EXAMPLE' }),
    'it may do everything',
  ],
  [
    'a condition hides the rest',
    rolePolicy({ ...ANYTHING, Condition: { StringEquals: { 'aws:x': 'nothing\n\n<!--' } } }),
    'it may do everything, if `StringEquals aws:x = nothing <!--`',
  ],
  [
    'a user becomes administrator',
    created('aws_iam_user_policy_attachment', {
      user: 'u',
      policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    }),
    'user `u`: it gets',
  ],
  [
    'managed policies of a role',
    planOf(
      'aws_iam_role',
      { name: 'r', managed_policy_arns: [] },
      { name: 'r', managed_policy_arns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
      { expressions: { managed_policy_arns: {} } },
    ),
    'it gets',
  ],
  [
    'a user joins a group',
    created('aws_iam_group_membership', { group: 'admins', users: ['u'] }),
    'has the rights of the group',
  ],
  ['an access key', created('aws_iam_access_key', { user: 'u' }), 'a long-lived key'],
  ['a password', created('aws_iam_user_login_profile', { user: 'u' }), 'may log in'],
  ['anyone may assume a role', trusting({ Principal: '*' }), 'lets anyone in'],
  [
    'another account may assume a role',
    trusting({ Principal: { AWS: `arn:aws:iam::${THEIRS}:root` } }),
    'lets another account in',
  ],
  [
    'anyone on GitHub may assume a role',
    trusting({
      Principal: { Federated: 'arn:aws:iam::1:oidc-provider/x' },
      Condition: { StringEquals: { 'x:aud': 'sts.amazonaws.com' } },
    }),
    'no condition names the subject',
  ],
  [
    'any repository may assume a role',
    trusting({
      Principal: { Federated: 'arn:aws:iam::1:oidc-provider/x' },
      Condition: { StringLike: { 'x:sub': 'repo:*' } },
    }),
    'no condition names the subject',
  ],
  ['a bucket’s policy lets anyone in', bucketPolicy(ANYONE), 'lets anyone in'],
  [
    'a bucket’s policy lets everyone but one in',
    bucketPolicy({ NotPrincipal: { AWS: 'x' }, ...READ }),
    'lets anyone in',
  ],
  [
    'a condition that binds nobody',
    bucketPolicy({ ...ANYONE, Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '1' } } }),
    'lets anyone in',
  ],
  [
    'a condition with a pattern for everybody',
    bucketPolicy({ ...ANYONE, Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } }),
    'lets anyone in',
  ],
  [
    'a condition that names another account',
    bucketPolicy({ ...ANYONE, Condition: { StringEquals: { 'aws:SourceAccount': THEIRS } } }),
    `lets another account in: \`${THEIRS}\``,
  ],
  [
    'addresses of the internet',
    bucketPolicy({ ...ANYONE, Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }),
    'lets anyone in from `203.0.113.0/24`',
  ],
  [
    'requests without TLS',
    changed(
      'aws_s3_bucket_policy',
      {
        bucket: 'b',
        policy: policy({
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: 'b',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      },
      { bucket: 'b', policy: policy() },
    ),
    'without TLS are no longer refused',
  ],
  [
    'a refusal is taken back',
    changed(
      'aws_s3_bucket_policy',
      {
        bucket: 'b',
        policy: policy({ Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: 'b/*' }),
      },
      { bucket: 'b', policy: policy() },
    ),
    '`s3:DeleteObject` is no longer refused',
  ],
  [
    'a refusal becomes one of nothing',
    changed(
      'aws_iam_role_policy',
      { role: 'r', policy: policy({ Action: 's3:GetObject', NotResource: '*' }) },
      { role: 'r', policy: policy({ Action: '*', NotResource: 'arn:aws:s3:::b/*' }) },
    ),
    'it may do everything',
  ],
  [
    'a public access list',
    created('aws_s3_bucket_acl', { bucket: 'b', acl: 'public-read' }),
    'its access list lets anyone in',
  ],
  [
    'an access list with a public group',
    created('aws_s3_bucket_acl', {
      bucket: 'b',
      access_control_policy: [
        {
          grant: [
            {
              permission: 'READ',
              grantee: [{ type: 'Group', uri: 'http://acs.amazonaws.com/groups/global/AllUsers' }],
            },
          ],
        },
      ],
    }),
    'its access list lets anyone in',
  ],
  [
    'access lists count',
    created('aws_s3_bucket_ownership_controls', {
      bucket: 'b',
      rule: [{ object_ownership: 'ObjectWriter' }],
    }),
    'access lists of single objects count',
  ],
  [
    'replication',
    created('aws_s3_bucket_replication_configuration', {
      bucket: 'b',
      rule: [{ destination: [{ bucket: 'arn:aws:s3:::theirs', account: THEIRS }] }],
    }),
    'its objects are copied to another bucket: `arn:aws:s3:::theirs`',
  ],
  [
    'a subscription of another account to a log',
    created('aws_cloudwatch_log_subscription_filter', {
      name: 's',
      log_group_name: 'l',
      destination_arn: `arn:aws:logs:eu-west-1:${THEIRS}:destination:x`,
    }),
    'log lines are sent to another account',
  ],
  [
    'a subscriber on the web',
    created('aws_sns_topic_subscription', {
      protocol: 'https',
      endpoint: 'https://evil.example/hook/abcdefgh',
      topic_arn: 't',
    }),
    'Endpoint `https://evil.example/…`',
  ],
  [
    'a rule that lets the internet in',
    created('aws_vpc_security_group_ingress_rule', {
      cidr_ipv4: '0.0.0.0/0',
      from_port: 22,
      to_port: 22,
      security_group_id: 'sg-1',
    }),
    'it lets addresses of the internet in: `0.0.0.0/0`, FromPort `22`',
  ],
  [
    'half the internet',
    created('aws_security_group_rule', { type: 'ingress', cidr_blocks: ['0.0.0.0/1', '128.0.0.0/1'] }),
    '`128.0.0.0/1`',
  ],
  [
    'a rule in a module',
    inModule(created('aws_vpc_security_group_ingress_rule', { cidr_ipv6: '::/0' })),
    'ingress rule `edge.thing`',
  ],
  [
    'a group that lets the internet in',
    changed('aws_security_group', { ingress: [] }, { ingress: [{ cidr_blocks: ['0.0.0.0/0'] }] }),
    'lets addresses of the internet in',
  ],
  [
    'the policy of an endpoint is taken away',
    changed('aws_vpc_endpoint', { ...ENDPOINT, policy: NARROW }, ENDPOINT),
    'it lets everything through',
  ],
  [
    'the policy of an endpoint goes',
    destroyed('aws_vpc_endpoint_policy', { vpc_endpoint_id: 'vpce-1', policy: NARROW }),
    'it lets everything through',
  ],
  [
    'a function that anyone may invoke',
    created('aws_lambda_permission', { function_name: 'f', principal: '*', source_arn: 'arn:aws:s3:::b' }),
    'anyone may invoke the function',
  ],
  [
    'a function URL for everybody',
    created('aws_lambda_function_url', { authorization_type: 'NONE' }),
    'anyone may call it',
  ],
  [
    'a method for everybody',
    created('aws_api_gateway_method', { http_method: 'POST', authorization: 'NONE' }),
    'anyone may call it',
  ],
  [
    'code of another account',
    changed(
      'aws_lambda_function',
      { function_name: 'f', layers: [] },
      { function_name: 'f', layers: [`arn:aws:lambda:eu-west-1:${THEIRS}:layer:x:1`] },
    ),
    'it runs code of another account',
  ],
  [
    'code before the handler',
    changed(
      'aws_lambda_function',
      { function_name: 'f', environment: [] },
      { function_name: 'f', environment: [{ variables: { NODE_OPTIONS: '--require /tmp/x.js' } }] },
    ),
    'other code runs before the handler',
  ],
  [
    'a function leaves its VPC',
    changed(
      'aws_lambda_function',
      { function_name: 'f', vpc_config: [{ subnet_ids: ['s'] }] },
      { function_name: 'f', vpc_config: [] },
    ),
    'it is in no VPC',
  ],
  [
    'a key of another account’s',
    created('aws_kms_grant', {
      key_id: 'k',
      grantee_principal: `arn:aws:iam::${THEIRS}:root`,
      operations: ['Decrypt'],
    }),
    'lets another account in',
  ],
  [
    'a topic without a key',
    changed('aws_sns_topic', { name: 't', kms_master_key_id: 'k' }, { name: 't', kms_master_key_id: null }),
    'messages are not encrypted',
  ],
  [
    'a public database',
    created('aws_db_instance', { identifier: 'd', publicly_accessible: true, storage_encrypted: true }),
    'it has an address on the internet',
  ],
  [
    'an unknown type is made',
    created('aws_quantum_gate', { name: 'x' }),
    'does not know the type `aws_quantum_gate`',
  ],
  [
    'a range that only the apply will tell',
    planOf(
      'aws_vpc_security_group_ingress_rule',
      null,
      { security_group_id: 'sg-1' },
      { after_unknown: { cidr_ipv4: true }, expressions: { cidr_ipv4: { references: ['data.external.x'] } } },
    ),
    'CidrIpv4, known only after the apply',
  ],
];

/** The same change, in a module. */
function inModule(plan: Plan): Plan {
  const address = (of: string): string => `module.edge.${of}`;
  return {
    ...plan,
    resource_changes: (plan.resource_changes ?? []).map((change) => ({
      ...change,
      address: address(change.address),
    })),
  };
}

describe('a plan that somebody must look at', () => {
  it('is tried in more than sixty ways', () => {
    expect(LOSING.length + OPENING.length).toBeGreaterThan(60);
  });

  it.each([...LOSING, ...OPENING])('is told, and does not pass: %s', (_, plan, says) => {
    const found = review(plan);

    expect(found.markdown).toContain(says);
    expect(found.markdown).not.toContain('no data at risk');
    expect(found.markdown).not.toContain('no changes');
    expect(verdict(found).code).toBe(AT_RISK);
  });

  it.each(LOSING)('passes where the loss is allowed: %s', (_, plan) => {
    expect(verdict(review(plan), { dataLoss: true, exposure: true }).code).toBe(0);
  });

  it.each(OPENING)('does not pass where only a loss is allowed: %s', (_, plan) => {
    expect(verdict(review(plan), { dataLoss: true, exposure: false }).code).toBe(AT_RISK);
  });
});
