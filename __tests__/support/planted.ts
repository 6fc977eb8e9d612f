/** A weakness, and how it gets into the synthesized JSON. */
export interface Planted {
  readonly name: string;
  readonly plant: (synthesized: string) => string;
}

interface Tree {
  resource: Record<string, Record<string, Record<string, unknown>>>;
  provider: Record<string, Record<string, unknown>[]>;
  terraform: {
    backend: Record<string, Record<string, unknown>>;
    required_providers: Record<string, Record<string, unknown>>;
  };
}

interface PolicyStatement extends Record<string, unknown> {
  Sid?: string;
  Effect?: string;
  Action: string[];
  Resource?: string[];
}

const edit =
  (change: (tree: Tree) => void) =>
  (synthesized: string): string => {
    const tree = JSON.parse(synthesized) as Tree;
    change(tree);
    return JSON.stringify(tree);
  };

/** Sets properties of every resource of a type; undefined takes one away. */
const set = (type: string, properties: Readonly<Record<string, unknown>>) =>
  edit(({ resource }) => {
    for (const block of Object.values(resource[type] ?? {})) Object.assign(block, properties);
  });

const remove = (type: string) =>
  edit(({ resource }) => {
    resource[type] = {};
  });

const add = (type: string, block: Readonly<Record<string, unknown>>) =>
  edit(({ resource }) => {
    resource[type] = { ...resource[type], planted: block };
  });

/** Edits the statements of every policy of a type. */
const statements = (
  type: string,
  change: (all: PolicyStatement[]) => PolicyStatement[],
  property = 'policy',
) =>
  edit(({ resource }) => {
    for (const block of Object.values(resource[type] ?? {})) {
      const document = JSON.parse(block[property] as string) as { Statement: PolicyStatement[] };
      block[property] = JSON.stringify({ ...document, Statement: change(document.Statement) });
    }
  });

const eachStatement = (type: string, more: (statement: PolicyStatement) => object, property?: string) =>
  statements(type, (all) => all.map((statement) => ({ ...statement, ...more(statement) })), property);

const BUCKET_REFERENCE = '${aws_s3_bucket.uploads_bucket_556152F0.arn}';

const ROLE_POLICY = 'aws_iam_role_policy';

const grant =
  (...Action: string[]) =>
  (...Resource: string[]) =>
    statements(ROLE_POLICY, (all) => [...all, { Sid: 'Planted', Effect: 'Allow', Action, Resource }]);

export const PLANTED: readonly Planted[] = [
  { name: 'a permission on every resource', plant: eachStatement(ROLE_POLICY, () => ({ Resource: ['*'] })) },
  { name: 'a permission on every bucket', plant: grant('s3:GetObject')('arn:aws:s3:::*') },
  { name: 'every action of a service', plant: grant('s3:*')(BUCKET_REFERENCE) },
  { name: 'actions by a pattern', plant: grant('s3:Get*')(BUCKET_REFERENCE) },
  {
    name: 'everything but one action',
    plant: eachStatement(ROLE_POLICY, () => ({ NotAction: ['iam:CreateUser'] })),
  },
  { name: 'delete in processed/', plant: grant('s3:DeleteObject')(`${BUCKET_REFERENCE}/processed/*`) },
  { name: 'delete everywhere in the bucket', plant: grant('s3:DeleteObject')(`${BUCKET_REFERENCE}/*`) },
  { name: 'delete of older versions', plant: grant('s3:DeleteObjectVersion')(`${BUCKET_REFERENCE}/*`) },
  {
    name: 'a wide permission beside those for a VPC',
    plant: grant('ec2:CreateNetworkInterface', 'ec2:RunInstances')('*'),
  },
  {
    name: 'a managed policy with all rights',
    plant: add('aws_iam_role_policy_attachment', {
      role: 'x',
      policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    }),
  },
  { name: 'a key that never ends', plant: add('aws_iam_access_key', { user: 'x' }) },
  {
    name: 'a role that anyone may assume',
    plant: eachStatement('aws_iam_role', () => ({ Principal: '*' }), 'assume_role_policy'),
  },
  {
    name: 'a role that another account may assume',
    plant: eachStatement(
      'aws_iam_role',
      () => ({ Principal: { AWS: 'arn:aws:iam::999999999999:root' } }),
      'assume_role_policy',
    ),
  },
  {
    name: 'a permission without source account',
    plant: set('aws_lambda_permission', { source_account: undefined }),
  },
  { name: 'a permission without source', plant: set('aws_lambda_permission', { source_arn: undefined }) },
  { name: 'a permission for anyone', plant: set('aws_lambda_permission', { principal: '*' }) },
  { name: 'a bucket without a policy', plant: remove('aws_s3_bucket_policy') },
  { name: 'a bucket policy that allows plain HTTP', plant: statements('aws_s3_bucket_policy', () => []) },
  {
    name: 'a bucket policy that refuses plain HTTP for the bucket, not its objects',
    plant: eachStatement('aws_s3_bucket_policy', () => ({ Resource: [BUCKET_REFERENCE] })),
  },
  {
    name: 'a public bucket policy',
    plant: statements('aws_s3_bucket_policy', (all) => [
      ...all,
      {
        Sid: 'Public',
        Effect: 'Allow',
        Principal: '*',
        Action: ['s3:GetObject'],
        Resource: [`${BUCKET_REFERENCE}/*`],
      },
    ]),
  },
  { name: 'a queue that allows plain HTTP', plant: set('aws_sqs_queue', { policy: undefined }) },
  {
    name: 'a queue that any account’s topics may send to',
    plant: statements('aws_sqs_queue', (all) => [
      ...all,
      {
        Sid: 'Any',
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Resource: ['arn:aws:sqs:us-east-1:123456789012:test-failures'],
      },
    ]),
  },
  { name: 'no public access block', plant: remove('aws_s3_bucket_public_access_block') },
  {
    name: 'a public access block with a gap',
    plant: set('aws_s3_bucket_public_access_block', { ignore_public_acls: false }),
  },
  {
    name: 'a bucket without encryption',
    plant: remove('aws_s3_bucket_server_side_encryption_configuration'),
  },
  {
    name: 'access lists of single objects',
    plant: set('aws_s3_bucket_ownership_controls', { rule: { object_ownership: 'ObjectWriter' } }),
  },
  {
    name: 'suspended versioning',
    plant: set('aws_s3_bucket_versioning', { versioning_configuration: { status: 'Suspended' } }),
  },
  {
    name: 'unfinished uploads that are kept for ever',
    plant: remove('aws_s3_bucket_lifecycle_configuration'),
  },
  {
    name: 'a bucket that is destroyed with what it holds',
    plant: set('aws_s3_bucket', { force_destroy: true }),
  },
  {
    name: 'a second notification',
    plant: edit(({ resource }) => {
      const [own] = Object.values(resource.aws_s3_bucket_notification ?? {});
      resource.aws_s3_bucket_notification = { ...resource.aws_s3_bucket_notification, planted: { ...own } };
    }),
  },
  {
    name: 'a notification before its permission',
    plant: set('aws_s3_bucket_notification', { depends_on: [] }),
  },
  {
    name: 'a notification that loops',
    plant: edit(({ resource }) => {
      for (const { lambda_function: targets } of Object.values(resource.aws_s3_bucket_notification ?? {})) {
        for (const target of targets as Record<string, unknown>[]) delete target.filter_prefix;
      }
    }),
  },
  { name: 'a queue without encryption', plant: set('aws_sqs_queue', { kms_master_key_id: undefined }) },
  { name: 'a topic without encryption', plant: add('aws_sns_topic', { name: 'planted' }) },
  { name: 'a key that is not rotated', plant: set('aws_kms_key', { enable_key_rotation: false }) },
  {
    name: 'a key that the whole account may read with',
    plant: eachStatement('aws_kms_key', () => ({ Condition: undefined })),
  },
  {
    name: 'a key of another account’s',
    plant: eachStatement('aws_kms_key', () => ({ Principal: { AWS: 'arn:aws:iam::999999999999:root' } })),
  },
  { name: 'no failure destination', plant: remove('aws_lambda_function_event_invoke_config') },
  {
    name: 'a failure destination of the function, not of its alias',
    plant: set('aws_lambda_function_event_invoke_config', { qualifier: undefined }),
  },
  {
    name: 'log lines that are kept for ever',
    plant: set('aws_cloudwatch_log_group', { retention_in_days: 0 }),
  },
  {
    name: 'a log group of Lambda’s own making',
    plant: set('aws_lambda_function', { logging_config: { log_format: 'JSON' } }),
  },
  {
    name: 'a secret in the environment',
    plant: set('aws_lambda_function', { environment: { variables: { DB_PASSWORD: 'x' } } }),
  },
  {
    name: 'two functions with one role',
    plant: edit(({ resource }) => {
      const [own] = Object.values(resource.aws_lambda_function ?? {});
      resource.aws_lambda_function = {
        ...resource.aws_lambda_function,
        planted: { ...own, function_name: 'other' },
      };
    }),
  },
  {
    name: 'a function URL for anyone',
    plant: add('aws_lambda_function_url', { function_name: 'x', authorization_type: 'NONE' }),
  },
  { name: 'an alias of code that changes', plant: set('aws_lambda_alias', { function_version: '$LATEST' }) },
  {
    name: 'an API method for anyone',
    plant: add('aws_api_gateway_method', { http_method: 'GET', authorization: 'NONE' }),
  },
  {
    name: 'an API that checks no body',
    plant: add('aws_api_gateway_method', { http_method: 'POST', authorization: 'AWS_IAM' }),
  },
  {
    name: 'an API without throttling',
    plant: remove('aws_api_gateway_method_settings'),
  },
  {
    name: 'an API that logs no access',
    plant: set('aws_api_gateway_stage', { access_log_settings: undefined }),
  },
  { name: 'a VPC endpoint without a policy', plant: set('aws_vpc_endpoint', { policy: undefined }) },
  {
    name: 'a VPC endpoint for everyone in the VPC',
    plant: eachStatement('aws_vpc_endpoint', () => ({ Condition: undefined })),
  },
  {
    name: 'a security group for the whole internet',
    plant: add('aws_security_group', { ingress: [{ cidr_blocks: ['0.0.0.0/0'] }] }),
  },
  {
    name: 'credentials in the JSON',
    plant: edit(({ provider }) => {
      Object.assign(provider.aws?.[0] ?? {}, { access_key: 'AKIA' });
    }),
  },
  {
    name: 'a provider of any version',
    plant: edit(({ terraform }) => {
      Object.assign(terraform.required_providers.aws ?? {}, { version: '>= 5' });
    }),
  },
  {
    name: 'an unencrypted state',
    plant: edit(({ terraform }) => {
      Object.assign(terraform.backend.s3 ?? {}, { encrypt: false });
    }),
  },
];
