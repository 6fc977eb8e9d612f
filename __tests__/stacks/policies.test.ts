import type { SettingsInput } from '../../config/settings';
import { MINIMAL, parse, statements, synthPipeline, type Statement } from '../support/synth';

/** Every permission the stack gives, by policy: nothing is added here without a reason in the construct. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'process-upload_role': ['sts:AssumeRole'],
  'process-upload_write-logs': ['logs:CreateLogStream', 'logs:PutLogEvents'],
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
};

const VARIANTS: Readonly<Record<string, SettingsInput>> = {
  'the defaults': MINIMAL,
  'the whole bucket watched': { ...MINIMAL, prefixes: { upload: '', watchWholeBucket: true } },
  'everything set': {
    ...MINIMAL,
    packaging: 'prebuilt',
    onExisting: 'keepBoth',
    bucket: { name: 'our-uploads', processedExpirationDays: 30 },
    processUpload: { reservedConcurrentExecutions: 5 },
  },
};

const allows = (all: readonly Statement[]) => all.filter(({ Effect }) => Effect === 'Allow');

/** `aws_iam_role_policy.process-upload_move-uploads_C70E0188` -> `process-upload_move-uploads`. */
const policyName = ({ address }: Statement): string =>
  address.replace(/^[^.]*\./u, '').replace(/_[0-9A-F]{8}$/u, '');

describe.each(Object.entries(VARIANTS))('the policies of the stack with %s', (_, settings) => {
  const synthesized = synthPipeline(settings);
  const all = statements(synthesized);

  it('give exactly the actions on the list', () => {
    const given: Record<string, string[]> = {};
    for (const statement of allows(all)) (given[policyName(statement)] ??= []).push(...statement.Action);
    const unique = Object.entries(given).map(([name, actions]) => [name, [...new Set(actions)].sort()]);

    expect(Object.fromEntries(unique)).toEqual(ALLOWED);
  });

  it('name every action in full', () => {
    expect(allows(all).flatMap(({ Action }) => Action)).not.toContainEqual(expect.stringContaining('*'));
  });

  it('name the resource of every permission: a `*` stands only inside one bucket or one log group', () => {
    const resources = allows(all)
      .filter(({ Action }) => !Action.includes('sts:AssumeRole'))
      .flatMap(({ Resource }) => Resource ?? ['missing']);

    expect(resources.length).toBeGreaterThan(0);
    for (const resource of resources) {
      expect(resource).toMatch(/^\$\{aws_[\w.-]+\.arn\}($|:\*$|\/([\w-]+\/)?\*$)/u);
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

  it('let no principal in but Lambda, and S3 by one permission that names bucket and account', () => {
    const principals = allows(all)
      .map(({ Principal }) => Principal)
      .filter((principal) => principal !== undefined);
    const permissions = Object.values(parse(synthesized).resource.aws_lambda_permission ?? {});

    expect(principals).toEqual([{ Service: 'lambda.amazonaws.com' }]);
    expect(permissions).toHaveLength(1);
    for (const permission of permissions) {
      expect(permission).toMatchObject({
        source_arn: expect.stringContaining('.arn}') as string,
        source_account: expect.stringContaining('.account_id}') as string,
      });
    }
  });

  it('refuse insecure transport at the bucket and the queue', () => {
    const refusals = all.filter(({ Sid }) => Sid === 'DenyInsecureTransport');

    expect(refusals.map(policyName).sort()).toEqual(['failures_queue', 'uploads_policy']);
  });
});
