import type { SettingsInput } from '../../config/settings';
import {
  EVERY_JOB_SOURCE,
  EVERYTHING,
  MINIMAL,
  parse,
  statements,
  synthPipeline,
  type Statement,
} from '../support/synth';

const OWN_LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** Every permission the stack gives, by policy: nothing is added here without a reason in the construct. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  health_topic_key: [
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
  health_topic_policy: ['sns:Publish'],
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
  sweep_role: ['sts:AssumeRole'],
  'sweep_write-logs': OWN_LOG,
  'sweep_send-failures': ['sqs:SendMessage'],
  'sweep_list-uploads': ['s3:GetObject', 's3:ListBucket', 's3:PutObject'],
  'sweep_invoke-process-upload': ['lambda:InvokeFunction'],
  'sweep_read-concurrency-process-upload': ['lambda:GetFunctionConcurrency'],
};

/** X-Ray's own two, which know no resources. */
const TRACE = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

const WITH_TRACING: Readonly<Record<string, readonly string[]>> = {
  'process-upload_trace': TRACE,
  caller_trace: TRACE,
  invoked_trace: TRACE,
  sweep_trace: TRACE,
};

/** Where `*` is the only word IAM has for what is meant: a key's policy about its key, and what X-Ray does not name. */
const STARS = ['health_topic_key', ...Object.keys(WITH_TRACING)];

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

/** What a trigger adds: permissions of the function, and of services on queues and topics. */
const BY_TRIGGER = {
  queue: {
    'process-upload_receive-upload-queue': [
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
    ],
    'upload-queue': ['sqs:SendMessage'],
    'sweep_send-upload-queue': ['sqs:SendMessage'],
  },
  eventbridge: { failures_queue: ['sqs:SendMessage'] },
  topic: { failures_queue: ['sqs:SendMessage'], 'upload-topic': ['sns:Publish'] },
} as const;

/** A list without one policy. */
const without = <List extends Readonly<Record<string, readonly string[]>>>(list: List, policy: keyof List) =>
  Object.fromEntries(Object.entries(list).filter(([name]) => name !== policy));

/** What the ways for jobs add. */
const WITH_JOBS: Readonly<Record<string, readonly string[]>> = {
  'invoked_receive-job-queue': ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
  'invoked_read-job-stream-jobs': [
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
  ],
  'invoked_read-job-table-jobs': [
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  ],
  'job-schedule_role': ['sts:AssumeRole'],
  'job-schedule_role_invoke-invoked': ['lambda:InvokeFunction'],
  'job-schedule_role_send-failures': ['sqs:SendMessage'],
};

const GUARDED: SettingsInput['jobs'] = { idempotency: { enabled: true } };

const USE_TABLE = ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** What the guard against repeated jobs adds. */
const WITH_GUARD: Readonly<Record<string, readonly string[]>> = {
  'invoked_keep-what-was-done': USE_TABLE,
};

/** A stream of someone else's: it is named in full, or with all the streams of its table. */
const STREAM_ARN = /^arn:aws:(kinesis|dynamodb):[\w-]+:\d{12}:[\w/.:-]+?(\/stream\/\*)?$/u;

const USE_KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** What a key of one's own adds: its policy, and the use of it by the function. */
const WITH_KEY: Readonly<Record<string, readonly string[]>> = {
  key: [
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
  ],
  'process-upload_use-key': USE_KEY,
  'caller_use-key': USE_KEY,
  'invoked_use-key': USE_KEY,
  'sweep_use-key': USE_KEY,
};

const WITH_EVERYTHING = { ...ALLOWED, ...WITH_ENDPOINT, ...WITH_VPC, ...WITH_TRACING, ...WITH_KEY };

const VARIANTS: readonly (readonly [string, SettingsInput, Readonly<Record<string, readonly string[]>>])[] = [
  ['the defaults', MINIMAL, ALLOWED],
  ['the whole bucket watched', { ...MINIMAL, prefixes: { upload: '', watchWholeBucket: true } }, ALLOWED],
  [
    'trigger queue',
    { ...MINIMAL, trigger: 'queue' },
    { ...without(ALLOWED, 'sweep_invoke-process-upload'), ...BY_TRIGGER.queue },
  ],
  ['trigger eventbridge', { ...MINIMAL, trigger: 'eventbridge' }, { ...ALLOWED, ...BY_TRIGGER.eventbridge }],
  ['trigger topic', { ...MINIMAL, trigger: 'topic' }, { ...ALLOWED, ...BY_TRIGGER.topic }],
  ['every way for jobs', { ...MINIMAL, jobs: EVERY_JOB_SOURCE }, { ...ALLOWED, ...WITH_JOBS }],
  ['a guard for jobs', { ...MINIMAL, jobs: GUARDED }, { ...ALLOWED, ...WITH_GUARD }],
  ['everything set', EVERYTHING, WITH_EVERYTHING],
  [
    'everything set, and a guard for jobs',
    { ...EVERYTHING, jobs: GUARDED },
    { ...WITH_EVERYTHING, ...WITH_GUARD, private_dynamodb: USE_TABLE },
  ],
];
/** Who may use the key of one's own stands in its policy, where `*` is that key: encryption-key.test.ts. */
const isKeyPolicy = ({ address }: Statement): boolean => address.startsWith('aws_kms_key.key_');

const ACCOUNT = expect.stringMatching(/^\$\{data\.aws_caller_identity\..*\.account_id\}$/u) as string;
const arnOf = (type: string) =>
  expect.stringMatching(new RegExp(`^\\$\\{aws_${type}\\.[^}]*\\.arn\\}$`, 'u')) as string;

/** A service that sends for one source of this account. */
const from = (service: string, source: string) => ({
  Principal: { Service: `${service}.amazonaws.com` },
  Condition: {
    ArnEquals: { 'aws:SourceArn': arnOf(source) },
    // SNS does not tell the account; the ARN of a topic names it.
    ...(service !== 'sns' && { StringEquals: { 'aws:SourceAccount': ACCOUNT } }),
  },
});

/** Who comes in by a trigger: to queues and topics by their policies, to functions by a permission. */
const COMES_IN = {
  direct: { principals: {}, permission: { principal: 's3.amazonaws.com', source: 's3_bucket' } },
  queue: { principals: { 'upload-queue AcceptUploads': from('s3', 's3_bucket') }, permission: undefined },
  eventbridge: {
    principals: { 'failures_queue AcceptUndeliveredUploads': from('events', 'cloudwatch_event_rule') },
    permission: { principal: 'events.amazonaws.com', source: 'cloudwatch_event_rule' },
  },
  topic: {
    principals: {
      'failures_queue AcceptUndeliveredUploads': from('sns', 'sns_topic'),
      'upload-topic AcceptUploads': from('s3', 's3_bucket'),
    },
    permission: { principal: 'sns.amazonaws.com', source: 'sns_topic' },
  },
} as const;

/** A queue and a topic say in their own policy who they are, in an ARN that is put together. */
const OWN_ARN = /^arn:\$\{[\w.-]+\}:(sqs|sns):\$\{[\w.-]+\}:\$\{[\w.-]+\}:test-[\w-]+$/u;

const allows = (all: readonly Statement[]) => all.filter(({ Effect }) => Effect === 'Allow');

/** `aws_iam_role_policy.process-upload_move-uploads_C70E0188` -> `process-upload_move-uploads`. */
const policyName = ({ address }: Pick<Statement, 'address'>): string =>
  address.replace(/^[^.]*\./u, '').replace(/_[0-9A-F]{8}$/u, '');

describe.each(VARIANTS)('the policies of the stack with %s', (_, settings, allowed) => {
  const { trigger = 'direct' } = settings;
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
      .filter((statement) => !STARS.includes(policyName(statement)))
      .filter((statement) => !statement.Action.includes('sts:AssumeRole') && !isKeyPolicy(statement))
      .filter((statement) => !policyName(statement).endsWith('_attach-to-vpc')) // the next test's
      .flatMap(({ Resource }) => Resource ?? ['missing']);

    expect(resources.length).toBeGreaterThan(0);
    for (const resource of resources.filter((arn) => !OWN_ARN.test(arn) && !STREAM_ARN.test(arn))) {
      expect(resource).toMatch(/^\$\{aws_[\w.-]+\.arn\}($|:\*$|\/([\w-]+\/)?\*$|\/[\w./-]+$)/u);
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

  it('write one key besides what is moved: the note of the sweep, which starts no function', () => {
    const writes = allows(all)
      .filter((statement) => policyName(statement) === 'sweep_list-uploads')
      .filter(({ Action }) => Action.includes('s3:PutObject'))
      .flatMap(({ Resource = [] }) => Resource);
    const note =
      settings.prefixes?.upload === ''
        ? 'processed/processed/.upload-pipeline/sweep'
        : '.upload-pipeline/sweep';

    expect(writes).toEqual([expect.stringMatching(/^\$\{aws_s3_bucket\..*\.arn\}\//u)]);
    expect(writes[0]?.replace(/^\$\{.*?\}\//u, '')).toBe(note);
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

  it('let no principal in but Lambda, API Gateway, this account, its alarms, and the services of the route', () => {
    const principals = Object.fromEntries(
      allows(all)
        .filter(({ Principal }) => Principal !== undefined && Principal !== '*') // the next test's but one
        .filter((statement) => !isKeyPolicy(statement))
        .map(({ address, Sid, Principal, Condition }) => [
          `${policyName({ address })} ${Sid}`,
          { Principal, Condition },
        ]),
    );
    const lambda = { Principal: { Service: 'lambda.amazonaws.com' }, Condition: undefined };
    const alarms = {
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': expect.stringContaining('.account_id}') as string },
        ArnLike: { 'aws:SourceArn': expect.stringMatching(/\.account_id\}:alarm:\*$/u) as string },
      },
    };
    const scheduler = {
      Principal: { Service: 'scheduler.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': ACCOUNT },
        ArnEquals: { 'aws:SourceArn': expect.stringMatching(/:schedule-group\/default$/u) as string },
      },
    };
    const account = {
      Principal: { AWS: expect.stringMatching(/\.account_id\}:root$/u) as string },
      Condition: undefined,
    };

    expect(principals).toEqual({
      'process-upload_role TrustLambda': lambda,
      'caller_role TrustLambda': lambda,
      'invoked_role TrustLambda': lambda,
      'sweep_role TrustLambda': lambda,
      ...(settings.endpoint?.enabled === true && {
        'jobs_role TrustService': { ...lambda, Principal: { Service: 'apigateway.amazonaws.com' } },
      }),
      'health_topic_key LetTheAccountAdminister': account,
      'health_topic_key LetAlarmsEncrypt': alarms,
      'health_topic_policy LetAlarmsPublish': alarms,
      ...COMES_IN[trigger].principals,
      ...(settings.jobs?.schedule && { 'job-schedule_role TrustService': scheduler }),
    });
  });

  it('let the one source of the route start the mover, and one rule the sweep', () => {
    const permissions = Object.values(parse(synthesized).resource.aws_lambda_permission ?? {});
    const { permission } = COMES_IN[trigger];

    expect(permissions).toContainEqual(
      expect.objectContaining({
        function_name: expect.stringContaining('.sweep_') as string,
        principal: 'events.amazonaws.com',
        source_arn: arnOf('cloudwatch_event_rule'),
      }),
    );
    const others = permissions.filter(({ function_name: name }) => !JSON.stringify(name).includes('.sweep_'));
    const doors = settings.processUpload?.release?.alias === true ? 2 : 1; // its alias has one of its own
    const fromTheRoute = expect.objectContaining({
      principal: permission?.principal,
      source_arn: permission && arnOf(permission.source),
      ...(trigger !== 'topic' && { source_account: ACCOUNT }),
    }) as unknown;
    expect(others).toEqual(permission === undefined ? [] : new Array(doors).fill(fromTheRoute));
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

  it('refuse insecure transport at the bucket, the queues and the topics', () => {
    const refusals = all.filter(({ Sid }) => Sid === 'DenyInsecureTransport');

    const more = [
      ...(trigger === 'queue' ? ['upload-queue'] : []),
      ...(trigger === 'topic' ? ['upload-topic'] : []),
      ...(settings.jobs?.queue?.enabled === true ? ['job-queue'] : []),
    ];
    expect(refusals.map(policyName).sort()).toEqual(
      ['failures_queue', 'health_topic_policy', 'uploads_policy', ...more].sort(),
    );
  });
});
