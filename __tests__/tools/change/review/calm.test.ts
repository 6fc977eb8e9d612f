import { verdict } from '../../../../tools/change/review';
import type { JsonObject, Plan, ResourceChange } from '../../../../tools/change/review/plan';
import { review } from '../../../../tools/change/review/review';
import { headings, lines, OURS, planOf, THEIRS, together } from '../../../support/plans';

type Statement = Readonly<Record<string, unknown>>;

const policy = (statement: Statement): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', ...statement }] });

const READ = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const bucketPolicy = (condition: Statement): Plan =>
  planOf('aws_s3_bucket_policy', null, {
    bucket: 'b',
    policy: policy({ Principal: '*', ...READ, Condition: condition }),
  });

const LIFECYCLE = 'aws_s3_bucket_lifecycle_configuration';
const lifecycle = (days: number, prefix = ''): JsonObject => ({
  bucket: 'b',
  rule: [{ id: 'old', status: 'Enabled', filter: [{ prefix }], expiration: [{ days }] }],
});

/** Plans that put nothing at risk and open nothing. */
const CALM: readonly (readonly [string, Plan])[] = [
  [
    'a topic whose key only the apply will name',
    planOf(
      'aws_sns_topic',
      null,
      { name: 't' },
      {
        after_unknown: { kms_master_key_id: true },
        expressions: { kms_master_key_id: { constant_value: '${aws_kms_key.k.arn}', references: [] } },
      },
    ),
  ],
  [
    'a queue whose encryption is left to SQS',
    planOf('aws_sqs_queue', null, { name: 'q' }, { after_unknown: { sqs_managed_sse_enabled: true } }),
  ],
  ['an account in a condition', bucketPolicy({ StringEquals: { 'aws:SourceAccount': OURS } })],
  ['an organization in a condition', bucketPolicy({ StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } })],
  [
    'a role in a condition',
    bucketPolicy({ ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OURS}:role/r` } }),
  ],
  ['an endpoint in a condition', bucketPolicy({ StringEquals: { 'aws:SourceVpce': 'vpce-1' } })],
  ['a bucket in a condition', bucketPolicy({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::b' } })],
  [
    'a trust of our own account and of one GitHub repository',
    together(
      planOf('aws_iam_role', null, {
        name: 'a',
        assume_role_policy: policy({
          Action: 'sts:AssumeRole',
          Principal: { AWS: `arn:aws:iam::${OURS}:root` },
        }),
      }),
      planOf('aws_iam_role', null, {
        name: 'b',
        assume_role_policy: policy({
          Action: 'sts:AssumeRoleWithWebIdentity',
          Principal: { Federated: 'arn:aws:iam::1:oidc-provider/x' },
          Condition: { StringEquals: { 'x:sub': 'repo:us/ours:environment:prod' } },
        }),
      }),
    ),
  ],
  ['a lifecycle that keeps for longer', planOf(LIFECYCLE, lifecycle(7), lifecycle(30))],
  ['a lifecycle that becomes narrower', planOf(LIFECYCLE, lifecycle(7), lifecycle(7, 'tmp/'))],
  [
    'a lifecycle rule with another name',
    planOf(LIFECYCLE, lifecycle(7), { bucket: 'b', rule: [{ ...first(lifecycle(7)), id: 'new' }] }),
  ],
  [
    'a lifecycle of a bucket that is new too',
    together(planOf('aws_s3_bucket', null, { bucket: 'b' }), planOf(LIFECYCLE, null, lifecycle(1))),
  ],
  ['a private range', planOf('aws_vpc_security_group_ingress_rule', null, { cidr_ipv4: '10.0.0.0/8' })],
  [
    'a security group that refers to another',
    planOf('aws_vpc_security_group_ingress_rule', null, { referenced_security_group_id: 'sg-1' }),
  ],
  [
    'a policy of an endpoint, for one role',
    planOf('aws_vpc_endpoint', null, {
      policy: policy({
        Principal: '*',
        ...READ,
        Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OURS}:role/r` } },
      }),
    }),
  ],
  [
    'an endpoint whose policy is a resource of its own',
    together(
      planOf('aws_vpc_endpoint', null, { vpc_endpoint_type: 'Interface' }),
      planOf('aws_vpc_endpoint_policy', null, {
        vpc_endpoint_id: 'vpce-1',
        policy: policy({ Principal: '*', ...READ }),
      }),
    ),
  ],
  [
    'a refusal that goes with what it refused',
    planOf(
      'aws_iam_role_policy',
      {
        role: 'r',
        policy: JSON.stringify({
          Statement: [
            { Effect: 'Allow', ...READ },
            { Effect: 'Deny', ...READ },
          ],
        }),
      },
      { role: 'r', policy: policy({ Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:::q' }) },
    ),
  ],
  [
    'a dead-letter queue in HCL that only the apply names',
    planOf(
      'aws_sqs_queue',
      { name: 'q' },
      { name: 'q' },
      {
        after_unknown: { redrive_policy: true },
        expressions: { redrive_policy: { references: ['aws_sqs_queue.dead'] } },
      },
    ),
  ],
  ['a private access list', planOf('aws_s3_bucket_acl', null, { bucket: 'b', acl: 'private' })],
  [
    'a subscription of our own',
    planOf('aws_sns_topic_subscription', null, {
      protocol: 'sqs',
      endpoint: `arn:aws:sqs:eu-west-1:${OURS}:q`,
    }),
  ],
  [
    'policies that a bucket and a role only tell',
    together(
      planOf('aws_s3_bucket', { bucket: 'b' }, { bucket: 'b', policy: policy({ Principal: '*', ...READ }) }),
      planOf(
        'aws_iam_role',
        { name: 'r', inline_policy: [] },
        { name: 'r', inline_policy: [{ name: 'p', policy: policy({ Action: '*', Resource: '*' }) }] },
      ),
    ),
  ],
  [
    'a prefix that another function takes over',
    together(
      planOf('aws_lambda_function', mover('old'), null),
      planOf('aws_lambda_function', null, mover('new')),
    ),
  ],
];

function mover(name: string): JsonObject {
  return {
    function_name: name,
    environment: [
      { variables: { UPLOAD_PREFIX: 'uploads/', PROCESSED_PREFIX: 'done/', ON_EXISTING: 'replace' } },
    ],
  };
}

function first(attributes: JsonObject): JsonObject {
  return (attributes.rule as readonly JsonObject[])[0] ?? {};
}

describe('a plan that is no danger', () => {
  it.each(CALM)('passes: %s', (_, plan) => {
    const found = review(plan);

    expect(headings(found.markdown)).not.toContain('Exposure');
    expect(found.markdown).toContain('no data at risk');
    expect(verdict(found).code).toBe(0);
  });
});

describe('what changes without a change to a resource', () => {
  const unchanged = (more: Partial<ResourceChange>): Plan => {
    const plan = planOf('aws_sqs_queue', { name: 'q' }, { name: 'q' }, { actions: ['no-op'] });
    const [resource] = plan.resource_changes ?? [];
    if (resource === undefined) throw new Error('The plan has no resource.');
    const change = { ...resource.change, ...more.change };
    return { ...plan, resource_changes: [{ ...resource, ...more, change }] };
  };

  it('is an import', () => {
    const plan = planOf(
      'aws_sqs_queue',
      { name: 'q' },
      { name: 'q' },
      { actions: ['no-op'], importing: { id: 'url' } },
    );

    expect(lines(review(plan).markdown, 'Imported, moved')).toEqual(['imported: queue `q` (id `url`)']);
  });

  it('is an import of a bucket that shall become ours, with what would change', () => {
    const plan = planOf(
      'aws_s3_bucket_versioning',
      { bucket: 'team-data', versioning_configuration: [{ status: 'Suspended' }] },
      { bucket: 'team-data', versioning_configuration: [{ status: 'Enabled' }] },
      { actions: ['update'], importing: { id: 'team-data' } },
    );

    const { markdown } = review(plan);
    expect(lines(markdown, 'Imported, moved')).toEqual([
      'imported: versioning of bucket `team-data` (id `team-data`)',
    ]);
    expect(markdown).toContain('Suspended');
    expect(markdown).toContain('Enabled');
  });

  it('is a move', () => {
    const { markdown } = review(unchanged({ previous_address: 'aws_sqs_queue.old' }));

    expect(lines(markdown, 'Imported, moved')).toEqual([
      'moved: queue `q` from `aws_sqs_queue.old` to `aws_sqs_queue.thing`',
    ]);
  });

  it('is a change that somebody made outside Terraform, of what the configuration sets', () => {
    const queue = planOf(
      'aws_sqs_queue',
      { name: 'q', delay_seconds: 0, url: 'a' },
      { name: 'q', delay_seconds: 5, url: 'b' },
      { expressions: { delay_seconds: { constant_value: 0 } } },
    );
    const role = planOf(
      'aws_iam_role_policy',
      { role: 'r', policy: policy(READ) },
      { role: 'r', policy: policy({ ...READ, Action: 's3:*' }) },
      { expressions: { policy: { constant_value: policy(READ) } } },
    );
    const gone = planOf('aws_sns_topic', { name: 't' }, null);
    const resource_drift = [queue, role, gone].flatMap((plan) => plan.resource_changes ?? []);
    const configuration = {
      root_module: {
        resources: [queue, role].flatMap((plan) => plan.configuration?.root_module?.resources ?? []),
      },
    };
    const found = review({ format_version: '1.2', resource_changes: [], resource_drift, configuration });

    expect(found).toMatchObject({ differs: true, dataAtRisk: false, exposed: false });
    expect(lines(found.markdown, 'Changed outside Terraform')).toEqual([
      'SNS topic `t` was deleted',
      'role `r` may by now `s3:*` on `arn:aws:s3:::b/*`',
      'queue `q`: DelaySeconds `0` → `5`',
    ]);
  });

  it('is nothing where AWS alone fills something in', () => {
    const bucket = planOf('aws_s3_bucket', { bucket: 'b' }, { bucket: 'b', policy: policy(READ) });
    const plan = {
      format_version: '1.2',
      resource_changes: [],
      resource_drift: bucket.resource_changes ?? [],
    };

    expect(review(plan).markdown).toBe('## Plan: no changes\n');
  });

  it('is a part that is put off', () => {
    const found = review({ format_version: '1.2', resource_changes: [], complete: false });

    expect(verdict(found).code).toBe(3);
  });
});

describe('every value of a plan', () => {
  const HOSTILE = 'x`\n\n<!-- <details> \u202Eevil\u001B[2J -->\n### Exposure';

  it.each<[string, Plan]>([
    ['a name', planOf('aws_sqs_queue', null, { name: HOSTILE })],
    [
      'a key',
      renamed(planOf('aws_sqs_queue', {}, null), `aws_sqs_queue.q["${HOSTILE.replaceAll('\n', '\\n')}"]`),
    ],
    ['a type', planOf(`aws_${HOSTILE}`, null, { name: 'q' })],
    [
      'a tag',
      planOf('aws_sqs_queue', { name: 'q', tags_all: {} }, { name: 'q', tags_all: { [HOSTILE]: HOSTILE } }),
    ],
    ['a condition', bucketPolicy({ StringEquals: { [HOSTILE]: HOSTILE } })],
    [
      'a principal',
      planOf('aws_s3_bucket_policy', null, {
        bucket: 'b',
        policy: policy({ ...READ, Principal: { AWS: HOSTILE } }),
      }),
    ],
    [
      'a role',
      planOf('aws_iam_role_policy', null, {
        role: HOSTILE,
        policy: policy({ Action: HOSTILE, Resource: HOSTILE }),
      }),
    ],
    [
      'an attribute that forces a replacement',
      planOf('aws_sqs_queue', {}, {}, { actions: ['delete', 'create'], replace_paths: [['tags', HOSTILE]] }),
    ],
    [
      'an output',
      { format_version: '1.2', resource_changes: [], output_changes: { [HOSTILE]: { actions: [HOSTILE] } } },
    ],
    ['an import', planOf('aws_sqs_queue', {}, {}, { actions: ['no-op'], importing: { id: HOSTILE } })],
    [
      'a version',
      planOf(
        'aws_lambda_alias',
        { function_name: 'f', name: HOSTILE, function_version: '1' },
        { function_name: 'f', name: HOSTILE, function_version: HOSTILE },
      ),
    ],
    [
      'a lifecycle rule',
      planOf(LIFECYCLE, null, {
        bucket: 'b',
        rule: [{ id: HOSTILE, status: 'Enabled', expiration: [{ date: HOSTILE }] }],
      }),
    ],
    [
      'a prefix',
      planOf(
        'aws_lambda_function',
        {
          ...mover('f'),
          environment: [
            { variables: { UPLOAD_PREFIX: HOSTILE, PROCESSED_PREFIX: 'p/', ON_EXISTING: 'replace' } },
          ],
        },
        { function_name: 'f' },
      ),
    ],
    [
      'an endpoint',
      planOf('aws_sns_topic_subscription', null, { protocol: 'https', endpoint: `https://${HOSTILE}` }),
    ],
  ])('stays in its code span: %s', (_, plan) => {
    const { markdown } = review(plan);
    const outside = markdown
      .replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/gu, '')
      .replace(/<\/?(?:details|summary)>/gu, '');

    expect(outside).not.toMatch(/[<>`]/u);
    for (const character of ['\u202E', '\u001B']) expect(markdown).not.toContain(character);
    expect(headings(markdown)).toEqual([...new Set(headings(markdown))]);
  });

  it('is cut where it is very long, and says by how much', () => {
    const { markdown } = review(bucketPolicy({ StringEquals: { k: 'v'.repeat(90_000) } }));

    expect(markdown.length).toBeLessThan(5_000);
    expect(markdown).toContain('characters more)');
  });
});

function renamed(plan: Plan, address: string): Plan {
  return {
    ...plan,
    resource_changes: (plan.resource_changes ?? []).map((change) => ({ ...change, address })),
  };
}

describe('another account', () => {
  it('is every account where the plan does not tell our own', () => {
    const plan = planOf('aws_lambda_permission', null, {
      function_name: 'f',
      principal: THEIRS,
    });

    expect(verdict(review({ ...plan, prior_state: {} })).code).toBe(3);
  });
});
