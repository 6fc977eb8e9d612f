import type { SettingsInput } from '../../config/settings';
import { allows, ALL_OPTIONS, permissionsOf, policyName } from '../support/permissions';
import {
  EVERY_JOB_SOURCE,
  EVERYTHING,
  MINIMAL,
  parse,
  statements,
  synthPipeline,
  type Statement,
} from '../support/synth';

// What must hold everywhere, whichever units there are. What one function may do stands with its unit: units/.

const VARIANTS: readonly (readonly [string, SettingsInput])[] = [
  ['the defaults', MINIMAL],
  ['the whole bucket watched', { ...MINIMAL, prefixes: { upload: '', watchWholeBucket: true } }],
  ['trigger queue', { ...MINIMAL, trigger: 'queue' }],
  ['trigger eventbridge', { ...MINIMAL, trigger: 'eventbridge' }],
  ['trigger topic', { ...MINIMAL, trigger: 'topic' }],
  ['a topic for what is processed', { ...MINIMAL, onProcessed: { topic: true } }],
  ['every way for jobs', { ...MINIMAL, jobs: EVERY_JOB_SOURCE }],
  ['everything set', EVERYTHING],
  ['everything set, and a guard for jobs', ALL_OPTIONS],
];

/** In the policy of a key, `*` is that key; who may use it: encryption-key.test.ts and alarm-topic.test.ts. */
const isKeyPolicy = ({ address }: Statement): boolean => address.startsWith('aws_kms_key.');

/** X-Ray's two know no resources; EC2's, to attach to a VPC, are the next test's. */
const hasNoResource = (statement: Statement): boolean =>
  /_(trace|attach-to-vpc)$/u.test(policyName(statement));

/** A stream of someone else's: it is named in full, or with all the streams of its table. */
const STREAM_ARN = /^arn:aws:(kinesis|dynamodb):[\w-]+:\d{12}:[\w/.:-]+?(\/stream\/\*)?$/u;

/** A queue and a topic say in their own policy who they are, in an ARN that is put together. */
const OWN_ARN = /^arn:\$\{[\w.-]+\}:(sqs|sns):\$\{[\w.-]+\}:\$\{[\w.-]+\}:test-[\w.-]+$/u;

/** A resource of this stack: itself, everything in a log group, under a prefix, or one key of a bucket. */
const RESOURCE_OF_OURS = /^\$\{aws_[\w.-]+\.arn\}($|:\*$|\/([\w-]+\/)?\*$|\/[\w./-]+$)/u;

const ACCOUNT = /^\$\{data\.aws_caller_identity\..*\.account_id\}$/u;

/** The services that may run a function's or a schedule's role: who starts what follows from the role's permissions. */
const RUNS_ROLES = ['lambda.amazonaws.com', 'apigateway.amazonaws.com', 'scheduler.amazonaws.com'];

const serviceOf = ({ Principal }: Statement): string => (Principal as { Service: string }).Service;

/** What one key of a statement's conditions must be, whatever the operator. */
const conditionOf = ({ Condition }: Statement, key: string): string | undefined =>
  Object.values((Condition ?? {}) as Readonly<Record<string, Readonly<Record<string, string>>>>)
    .map((keys) => keys[key])
    .find((value) => value !== undefined);

describe.each(VARIANTS)('the policies of the stack with %s', (_, settings) => {
  const synthesized = synthPipeline(settings);
  const { resource } = parse(synthesized);
  const all = statements(synthesized);

  it('name every action in full', () => {
    expect(allows(all).flatMap(({ Action }) => Action)).not.toContainEqual(expect.stringContaining('*'));
  });

  it('name the resource of every permission: a `*` stands only inside one bucket or one log group', () => {
    const resources = allows(all)
      .filter((statement) => !hasNoResource(statement) && !isKeyPolicy(statement))
      .filter(({ Action }) => !Action.includes('sts:AssumeRole'))
      .flatMap(({ Resource }) => Resource ?? ['missing']);

    expect(resources.length).toBeGreaterThan(0);
    for (const arn of resources.filter((one) => !OWN_ARN.test(one) && !STREAM_ARN.test(one))) {
      expect(arn).toMatch(RESOURCE_OF_OURS);
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

  it('let nobody delete where anybody writes: what was moved stays', () => {
    const where = (action: RegExp): string[] => [
      ...new Set(
        allows(all)
          .filter(({ Action }) => Action.some((one) => action.test(one)))
          .flatMap(({ Resource = [] }) => Resource),
      ),
    ];
    const denied = all
      .filter(({ Effect, Action }) => Effect === 'Deny' && Action.includes('s3:DeleteObject'))
      .flatMap(({ Resource = [] }) => Resource);
    const under = (written: string, deleted: string): boolean =>
      written.startsWith(deleted.replace(/\*$/u, ''));

    expect(where(/^s3:Delete/u).length).toBeGreaterThan(0);
    for (const deleted of where(/^s3:Delete/u)) {
      expect(deleted).toMatch(/\/\*$/u);
      for (const written of where(/^s3:Put/u).filter((arn) => under(arn, deleted))) {
        expect(denied.some((refused) => under(written, refused))).toBe(true);
      }
    }
  });

  it('let in this account, services that run a role, and services that send for one source of this account', () => {
    const others = allows(all).filter(
      ({ Principal, ...statement }) =>
        Principal !== undefined && Principal !== '*' && !isKeyPolicy({ ...statement, Principal }),
    );

    const [running, sending] = [true, false].map((runs) =>
      others.filter(({ Action }) => Action.includes('sts:AssumeRole') === runs),
    );
    expect([running?.length, sending?.length]).not.toContain(0);
    expect(RUNS_ROLES).toEqual(expect.arrayContaining(running?.map(serviceOf) ?? []));
    for (const statement of sending ?? []) {
      expect(conditionOf(statement, 'aws:SourceArn')).toMatch(
        /^(\$\{aws_[\w.-]+\.arn\}|arn:.*account_id\}:alarm:\*)$/u,
      );
    }
    // SNS does not tell the account; the ARN of a topic names it.
    for (const statement of sending?.filter((one) => serviceOf(one) !== 'sns.amazonaws.com') ?? []) {
      expect(conditionOf(statement, 'aws:SourceAccount')).toMatch(ACCOUNT);
    }
  });

  it('let one source of this stack start a function, by each permission', () => {
    const permissions = Object.values(resource.aws_lambda_permission ?? {});

    expect(permissions.length).toBeGreaterThan(0);
    for (const { source_arn } of permissions) {
      expect(source_arn).toMatch(/^\$\{aws_(s3_bucket|cloudwatch_event_rule|sns_topic)\.[^}]*\.arn\}$/u);
    }
    // The ARN of a bucket names no account.
    for (const { source_account } of permissions.filter(
      ({ principal }) => principal === 's3.amazonaws.com',
    )) {
      expect(source_account).toMatch(ACCOUNT);
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

  it('refuse insecure transport at every bucket, every queue and every topic', () => {
    const refusing = all
      .filter(({ Sid, Effect }) => Sid === 'DenyInsecureTransport' && Effect === 'Deny')
      .map(({ address, Resource }) => JSON.stringify([address, Resource]));

    for (const type of ['aws_s3_bucket', 'aws_sqs_queue', 'aws_sns_topic']) {
      for (const [id, { name }] of Object.entries(resource[type] ?? {})) {
        const itself = [`${type}.${id}`, `:${JSON.stringify(name ?? id).slice(1, -1)}"`];

        expect(refusing.some((refusal) => itself.some((one) => refusal.includes(one)))).toBe(true);
      }
    }
  });
});

describe('beside those of the units, the stack permits', () => {
  it('at the endpoints of a VPC what the functions behind them may', () => {
    expect(permissionsOf('private', ALL_OPTIONS)).toEqual({
      lambda: ['lambda:InvokeFunction'],
      logs: permissionsOf('caller', MINIMAL)['write-logs'],
      s3: permissionsOf('process-upload', MINIMAL)['move-uploads'],
      dynamodb: permissionsOf('invoked', ALL_OPTIONS)['keep-what-was-done'],
    });
  });

  it('that alarms publish, and nothing else in the name of health', () => {
    expect(permissionsOf('health', MINIMAL)).toEqual({
      topic_policy: ['sns:Publish'],
      topic_key: [
        'kms:CancelKeyDeletion',
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:DisableKey',
        'kms:DisableKeyRotation',
        'kms:EnableKey',
        'kms:EnableKeyRotation',
        'kms:GenerateDataKey',
        'kms:GetKeyPolicy',
        'kms:GetKeyRotationStatus',
        'kms:ListKeyPolicies',
        'kms:ListResourceTags',
        'kms:PutKeyPolicy',
        'kms:ScheduleKeyDeletion',
        'kms:TagResource',
        'kms:UntagResource',
        'kms:UpdateKeyDescription',
      ],
    });
  });

  it('with a key of one’s own, to administer and to use it', () => {
    const actions = allows(statements(synthPipeline(ALL_OPTIONS)))
      .filter(({ address }) => address.startsWith('aws_kms_key.key_'))
      .flatMap(({ Action }) => Action);

    expect([...new Set(actions)].sort()).toEqual([
      'kms:CancelKeyDeletion',
      'kms:CreateAlias',
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:DeleteAlias',
      'kms:DescribeKey',
      'kms:DisableKey',
      'kms:EnableKey',
      'kms:EnableKeyRotation',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GetKeyPolicy',
      'kms:GetKeyRotationStatus',
      'kms:ListGrants',
      'kms:ListKeyPolicies',
      'kms:ListResourceTags',
      'kms:PutKeyPolicy',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:RevokeGrant',
      'kms:ScheduleKeyDeletion',
      'kms:TagResource',
      'kms:UntagResource',
      'kms:UpdateAlias',
      'kms:UpdateKeyDescription',
    ]);
  });
});
