import type { SettingsInput } from '../../config/settings';
import { EVERYTHING, MINIMAL, parse, statements, synthPipeline, type Statement } from '../support/synth';

const OWN_LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** Every permission the stack gives, by policy: nothing is added here without a reason in the construct. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'process-upload_role': ['sts:AssumeRole'],
  'process-upload_write-logs': OWN_LOG,
  'process-upload_send-failures': ['sqs:SendMessage'],
  'process-upload_move-uploads': [
    's3:AbortMultipartUpload',
    's3:DeleteObject',
    's3:GetObject',
    's3:GetObjectTagging',
    's3:ListBucket',
    's3:PutObject',
    's3:PutObjectTagging',
  ],
  caller_role: ['sts:AssumeRole'],
  'caller_write-logs': OWN_LOG,
  'caller_send-failures': ['sqs:SendMessage'],
  'caller_invoke-invoked': ['lambda:InvokeFunction'],
  invoked_role: ['sts:AssumeRole'],
  'invoked_write-logs': OWN_LOG,
  'invoked_send-failures': ['sqs:SendMessage'],
};

/** What the options add to it. */
const WITH_ENDPOINT: Readonly<Record<string, readonly string[]>> = {
  jobs_role: ['sts:AssumeRole'],
  'jobs_role_invoke-invoked': ['lambda:InvokeFunction'],
};

const ATTACH = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

const WITH_VPC: Readonly<Record<string, readonly string[]>> = {
  'process-upload_attach-to-vpc': ATTACH,
  'caller_attach-to-vpc': ATTACH,
  'invoked_attach-to-vpc': ATTACH,
  private_lambda: ['lambda:InvokeFunction'],
  private_logs: OWN_LOG,
  private_s3: ALLOWED['process-upload_move-uploads'] ?? [],
};

const VARIANTS: readonly (readonly [string, SettingsInput, Readonly<Record<string, readonly string[]>>])[] = [
  ['the defaults', MINIMAL, ALLOWED],
  ['the whole bucket watched', { ...MINIMAL, prefixes: { upload: '', watchWholeBucket: true } }, ALLOWED],
  ['everything set', EVERYTHING, { ...ALLOWED, ...WITH_ENDPOINT, ...WITH_VPC }],
];

const allows = (all: readonly Statement[]) => all.filter(({ Effect }) => Effect === 'Allow');

/** `aws_iam_role_policy.process-upload_move-uploads_C70E0188` -> `process-upload_move-uploads`. */
const policyName = ({ address }: Statement): string =>
  address.replace(/^[^.]*\./u, '').replace(/_[0-9A-F]{8}$/u, '');

describe.each(VARIANTS)('the policies of the stack with %s', (_, settings, allowed) => {
  const synthesized = synthPipeline(settings);
  const all = statements(synthesized);

  it('give exactly the actions on the list', () => {
    const given: Record<string, string[]> = {};
    for (const statement of allows(all)) (given[policyName(statement)] ??= []).push(...statement.Action);
    const unique = Object.entries(given).map(([name, actions]) => [name, [...new Set(actions)].sort()]);

    expect(Object.fromEntries(unique)).toEqual(allowed);
  });

  it('name every action in full', () => {
    expect(allows(all).flatMap(({ Action }) => Action)).not.toContainEqual(expect.stringContaining('*'));
  });

  it('name the resource of every permission: a `*` stands only inside one bucket or one log group', () => {
    const resources = allows(all)
      .filter(({ Action }) => !Action.includes('sts:AssumeRole'))
      .filter((statement) => !policyName(statement).endsWith('_attach-to-vpc')) // the next test's
      .flatMap(({ Resource }) => Resource ?? ['missing']);

    expect(resources.length).toBeGreaterThan(0);
    for (const resource of resources) {
      expect(resource).toMatch(/^\$\{aws_[\w.-]+\.arn\}($|:\*$|\/([\w-]+\/)?\*$)/u);
    }
  });

  it('give more only to attach to a VPC, as far as EC2 knows no resource, and not to the function’s code', () => {
    const attaching = all.filter((statement) => policyName(statement).endsWith('_attach-to-vpc'));
    const unnamed = allows(attaching).filter(({ Resource }) => Resource?.includes('*'));
    const inAccount = allows(attaching).filter(({ Resource }) => !Resource?.includes('*'));

    for (const { Action, Resource } of unnamed) {
      expect(Resource).toEqual(['*']);
      expect(Action).toEqual(['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets']);
    }
    for (const { Resource } of inAccount) {
      expect(Resource).toEqual([
        expect.stringMatching(/^arn:\$\{.*\}:ec2:\$\{.*\}:\$\{.*account_id\}:\*\/\*$/u),
      ]);
    }
    for (const policy of new Set(attaching.map(({ address }) => address))) {
      const own = attaching.filter(({ address }) => address === policy);
      const denied = own.filter(({ Effect }) => Effect === 'Deny').flatMap(({ Action }) => Action);

      expect(denied.sort()).toEqual(
        allows(own)
          .flatMap(({ Action }) => Action)
          .sort(),
      );
    }
  });

  it('let nobody delete under the processed prefix', () => {
    const deletes = allows(all).filter(({ Action }) =>
      Action.some((action) => action.startsWith('s3:Delete')),
    );
    const denied = all.some(
      ({ Effect, Action, Resource = [] }) =>
        Effect === 'Deny' &&
        Action.includes('s3:DeleteObject') &&
        Resource.some((arn) => arn.endsWith('/processed/*')),
    );

    for (const { Resource = [] } of deletes) {
      for (const arn of Resource) {
        expect(arn).toMatch(/\/\*$/u);
        expect(arn.endsWith('/uploads/*') || denied).toBe(true);
      }
    }
  });

  it('let in Lambda and API Gateway by a role each, and S3 by one permission that names bucket and account', () => {
    const trusted = allows(all)
      .filter(({ Action }) => Action.includes('sts:AssumeRole'))
      .map((statement) => [policyName(statement), statement.Principal]);
    const permissions = Object.values(parse(synthesized).resource.aws_lambda_permission ?? {});

    for (const [role, principal] of trusted) {
      const service = role === 'jobs_role' ? 'apigateway' : 'lambda';

      expect(principal).toEqual({ Service: `${service}.amazonaws.com` });
    }
    expect(permissions).toHaveLength(1);
    for (const permission of permissions) {
      expect(permission).toMatchObject({
        source_arn: expect.stringContaining('.arn}') as string,
        source_account: expect.stringContaining('.account_id}') as string,
      });
    }
  });

  it('let only the one function through an endpoint that each permission is for', () => {
    const open = allows(all).filter(({ Principal }) => Principal === '*');

    for (const { address, Condition } of open) {
      expect(address).toMatch(/^aws_vpc_endpoint\./u);
      expect(Condition).toEqual({
        ArnEquals: { 'aws:PrincipalArn': expect.stringMatching(/^\$\{aws_iam_role\..*\.arn\}$/u) as string },
      });
    }
  });

  it('refuse insecure transport at the bucket and the queue', () => {
    const refusals = all.filter(({ Sid }) => Sid === 'DenyInsecureTransport');

    expect(refusals.map(policyName).sort()).toEqual(['failures_queue', 'uploads_policy']);
  });
});
