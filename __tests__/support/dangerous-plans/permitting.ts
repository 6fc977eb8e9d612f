import type { Plan } from '../../../tools/change/review/plan';
import { planOf, THEIRS } from '../plans';
import { ANYTHING, changed, created, inModule, policy, READ, type Case, type Statement } from './plans';

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

/** Plans that open something by a policy, or by a grant. */
export const PERMITTING: readonly Case[] = [
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
    'it may do `s3:*` on `*`',
  ],
  [
    'a pattern stands for everything',
    rolePolicy({ Action: '*:?*', Resource: 'arn:*' }),
    'it may do everything',
  ],
  [
    'the code of every function of another partition’s region',
    rolePolicy({
      Action: 'lambda:UpdateFunctionCode',
      Resource: 'arn:aws-cn:lambda:cn-north-1:111111111111:function:*',
    }),
    'it may give itself more',
  ],
  [
    'a pattern stands for what gives more',
    rolePolicy({ Action: 'IAM:Put*', Resource: 'arn:aws:iam::111111111111:*' }),
    'it may give itself more by `IAM:Put*`',
  ],
  [
    'a whole service, of every bucket',
    rolePolicy({ Action: 's3:**', Resource: 'arn:aws:s3:::*' }),
    'it may do `s3:**`',
  ],
  [
    'an inline policy in HCL that only the apply tells',
    planOf(
      'aws_iam_role',
      { name: 'r' },
      { name: 'r', inline_policy: [{ name: 'x' }] },
      {
        after_unknown: { inline_policy: [{ policy: true }] },
        expressions: {
          inline_policy: [{ name: { constant_value: 'x' }, policy: { references: ['local.p'] } }],
        },
      },
    ),
    'known only after the apply',
  ],
  [
    'a role may pass any role',
    rolePolicy({ Action: 'iam:PassRole', Resource: '*' }),
    'it may give itself more',
  ],
  [
    'a role may write policies',
    rolePolicy({
      Action: 'iam:PutRolePolicy',
      Resource: 'arn:aws:iam::${data.aws_caller_identity.x.account_id}:role/*',
    }),
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
    'anyone, at bucket `b`, is no longer refused `s3:DeleteObject` on `b/*`',
  ],
  [
    'a refusal of a role is taken back, beside what it may do',
    changed(
      'aws_iam_role_policy',
      {
        role: 'r',
        policy: policy({ Action: 's3:*', Resource: 'arn:aws:s3:::b/*' }, { ...READ, Effect: 'Deny' }),
      },
      { role: 'r', policy: policy({ Action: 's3:*', Resource: 'arn:aws:s3:::b/*' }) },
    ),
    'role `r` is no longer refused `s3:GetObject`',
  ],
  [
    'all but everything becomes all but one thing',
    changed(
      'aws_iam_role_policy',
      { role: 'r', policy: policy({ Action: '*', NotResource: '*' }) },
      { role: 'r', policy: policy({ Action: '*', NotResource: 'arn:aws:s3:::b/*' }) },
    ),
    'it may do everything',
  ],
  [
    'a policy that refers to what may become anything',
    planOf(
      'aws_iam_role_policy',
      null,
      { role: 'r', name: 'p' },
      {
        after_unknown: { policy: true },
        expressions: {
          policy: { constant_value: policy({ ...READ, Resource: '${terraform_data.x.output}' }) },
        },
      },
    ),
    'known only after the apply',
  ],
  ['an inline policy of a role in a module', inlineInModule(), 'role `mover`: it may do everything'],
];

/** Only the module's own configuration tells that the role is given the policy, and does not only have it. */
function inlineInModule(): Plan {
  const expressions = { inline_policy: [{ policy: {} }] };
  const plan = inModule(
    changed(
      'aws_iam_role',
      { name: 'mover', inline_policy: [] },
      { name: 'mover', inline_policy: [{ name: 'x', policy: policy(ANYTHING) }] },
    ),
  );
  const module = { resources: [{ address: 'aws_iam_role.thing', expressions }] };
  return { ...plan, configuration: { root_module: { module_calls: { edge: { module } } } } };
}
