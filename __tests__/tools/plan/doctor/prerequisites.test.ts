import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseSettings } from '../../../../config/environments';
import type { SettingsInput } from '../../../../config/settings';
import { withProvisioned } from '../../../../tools/plan/doctor/account';
import { askAws, partitionOf, type Answer, type Ask } from '../../../../tools/plan/doctor/aws-cli';
import { checkPrerequisites } from '../../../../tools/plan/doctor/prerequisites';

const ACCOUNT = '123456789012';
const VPC = {
  vpcId: 'vpc-12345678',
  subnetIds: ['subnet-12345678'],
  routeTableIds: ['rtb-12345678'],
};

const settings = (input: Partial<SettingsInput>) => parseSettings({ namePrefix: 'test', ...input }, 'test');

const answer = (value: unknown): Answer => ({ kind: 'answer', value });

/** The checks for some settings, where AWS answers each command so; and the commands. */
async function check(input: Partial<SettingsInput>, answers: Readonly<Record<string, Answer>>) {
  const asked: string[] = [];
  const ask: Ask = (args) => {
    asked.push(args.join(' '));
    const [, found = answer({})] =
      Object.entries(answers).find(([start]) => args.join(' ').startsWith(start)) ?? [];
    return Promise.resolve(found);
  };
  return { checks: await checkPrerequisites(settings(input), ACCOUNT, ask), asked };
}

const says = (level: string, found: string, wayOut = ''): unknown[] => [
  expect.objectContaining({
    level,
    found: expect.stringContaining(found) as string,
    ...(wayOut !== '' && { wayOut: expect.stringContaining(wayOut) as string }),
  }),
];

describe('what a deployment needs and does not make', () => {
  it('is not asked for where the settings do not need it, on an engine, or without credentials', async () => {
    expect(await check({}, {})).toEqual({ checks: [], asked: [] });
    const engine = { awsProvider: { localEndpoint: 'http://127.0.0.1:4566' }, endpoint: { enabled: true } };
    expect(await check(engine, {})).toEqual({ checks: [], asked: [] });
    const ask = jest.fn();
    expect(await checkPrerequisites(settings({ endpoint: { enabled: true } }), undefined, ask)).toEqual([]);
    expect(ask).not.toHaveBeenCalled();
  });

  it('is looked for by commands that only read', async () => {
    const everything = {
      endpoint: { enabled: true },
      github: { repository: 'us/ours', environment: 'prod' },
      vpc: VPC,
      health: { emails: ['us@example.com'] },
    };
    const { asked } = await check(everything, {});

    expect(asked.length).toBeGreaterThan(4);
    for (const command of asked) expect(command).toMatch(/^\w+ (get|describe|list)-/u);
  });

  describe('API Gateway’s role for logs', () => {
    const input = { endpoint: { enabled: true } };

    it.each([
      ['is there', answer({ cloudwatchRoleArn: 'arn:aws:iam::1:role/x' }), says('ok', 'role/x')],
      ['is missing', answer({}), says('failure', 'no role to write logs', 'docs/http.md')],
      [
        'may not be asked for',
        { kind: 'refused', why: 'AccessDenied' },
        says('warning', 'AccessDenied', 'apigateway:GET'),
      ],
      ['cannot be asked for', { kind: 'noCommand' }, says('warning', 'not looked at', 'AWS CLI')],
    ] as const)('%s', async (_, given, expected) => {
      expect((await check(input, { 'apigateway get-account': given })).checks).toEqual(expected);
    });
  });

  describe('GitHub’s login', () => {
    const input = { github: { repository: 'us/ours', environment: 'prod' } };
    const command = 'iam get-open-id-connect-provider';

    it.each([
      [
        'is there',
        answer({ ClientIDList: ['sts.amazonaws.com'] }),
        says('ok', 'oidc-provider/token.actions'),
      ],
      [
        'is missing',
        { kind: 'missing' },
        says('failure', 'does not exist', 'create-open-id-connect-provider'),
      ],
      ['is for others', answer({ ClientIDList: ['x'] }), says('failure', 'takes no tokens', 'add-client-id')],
    ] as const)('%s', async (_, given, expected) => {
      expect((await check(input, { [command]: given })).checks).toEqual(expected);
    });
  });

  describe('the addresses for alarms', () => {
    const input = { health: { emails: ['a@example.com', 'b@example.com'] } };
    const subscription = (Endpoint: string, SubscriptionArn: string) => ({ Endpoint, SubscriptionArn });
    const command = `sns list-subscriptions-by-topic --topic-arn arn:aws:sns:us-east-1:${ACCOUNT}:test-alarms`;
    const first = subscription('a@example.com', 'arn:aws:sns:us-east-1:1:test-alarms:1');

    it.each([
      ['are to be confirmed', { kind: 'missing' }, says('ok', 'not deployed yet')],
      [
        'are not all confirmed',
        answer({ Subscriptions: [first, subscription('b@example.com', 'PendingConfirmation')] }),
        says('warning', 'not confirmed: b@example.com', 'link'),
      ],
      [
        'are confirmed',
        answer({ Subscriptions: [first, subscription('b@example.com', 'arn:aws:sns:x')] }),
        says('ok', '2 confirmed'),
      ],
    ] as const)('%s', async (_, given, expected) => {
      expect((await check(input, { [command]: given })).checks).toEqual(expected);
    });
  });

  describe('the VPC', () => {
    const endpoint = (service: string, more: object) => ({
      VpcEndpointId: `vpce-${service}`,
      ServiceName: `com.amazonaws.us-east-1.${service}`,
      VpcEndpointType: 'Interface',
      ...more,
    });
    const look = (endpoints: object[], vpc: object = {}, dns: Readonly<Record<string, Answer>> = {}) =>
      check(
        { vpc: { ...VPC, ...vpc } },
        { 'ec2 describe-vpc-endpoints': answer({ VpcEndpoints: endpoints }), ...dns },
      );
    const taken = endpoint('lambda', { PrivateDnsEnabled: true });

    it.each([
      ['no endpoint', []],
      ['one without private DNS', [endpoint('lambda', {})]],
      ['one of a service that is not needed', [endpoint('kms', { PrivateDnsEnabled: true })]],
      [
        'its own',
        [{ ...taken, PolicyDocument: `{"aws:PrincipalArn":"arn:aws:iam::${ACCOUNT}:role/test-caller"}` }],
      ],
      [
        'a way to S3 in the route tables of others',
        [endpoint('s3', { VpcEndpointType: 'Gateway', RouteTableIds: ['rtb-99999999'] })],
      ],
    ])('is free with %s', async (_, endpoints) => {
      expect((await look(endpoints)).checks).toEqual(says('ok', 'no other endpoint in the way'));
    });

    it.each([
      ['lambda', taken, { lambda: 'sg-12345678' }],
      ['s3', endpoint('s3', { VpcEndpointType: 'Gateway', RouteTableIds: VPC.routeTableIds }), { s3: true }],
    ])('is taken by an endpoint for %s, until that is named', async (service, there, existingEndpoints) => {
      expect((await look([there])).checks).toEqual(
        says('failure', `an endpoint for ${service} already`, `vpc.existingEndpoints.${service}`),
      );
      expect((await look([there], { existingEndpoints })).checks).toEqual(says('ok', 'no other endpoint'));
    });

    it('needs both switches of DNS', async () => {
      const { checks } = await look(
        [],
        {},
        {
          'ec2 describe-vpc-attribute --vpc-id vpc-12345678 --attribute enableDnsHostnames': answer({
            EnableDnsHostnames: { Value: false },
          }),
        },
      );

      expect(checks).toContainEqual(
        expect.objectContaining({
          level: 'failure',
          wayOut: expect.stringContaining('--vpc-id vpc-12345678 --enable-dns-hostnames') as string,
        }),
      );
    });
  });
});

describe('the AWS CLI', () => {
  const ask = (script: string) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'aws-'));
    writeFileSync(path.join(folder, 'aws'), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(folder, 'aws'), 0o755);
    return askAws('eu-west-1', { PATH: `${folder}:${process.env.PATH ?? ''}` })(['sts', 'get-it']);
  };

  it.each<[string, string, Answer]>([
    [
      'its JSON',
      `echo "{\\"asked\\":\\"$*\\"}"`,
      answer({ asked: 'sts get-it --region eu-west-1 --output json' }),
    ],
    ['nothing', 'exit 0', answer({})],
    [
      'that there is none',
      'echo "An error occurred (NoSuchEntity) when calling the GetIt operation: x" >&2; exit 254',
      { kind: 'missing' },
    ],
    [
      'a refusal',
      'echo "An error occurred (AccessDenied) when calling the GetIt operation: x" >&2; exit 254',
      { kind: 'refused', why: 'AccessDenied' },
    ],
    [
      'something else',
      'echo "Unable to locate credentials" >&2; exit 253',
      { kind: 'refused', why: 'Unable to locate credentials' },
    ],
  ])('answers with %s', async (_, script, expected) => {
    expect(await ask(script)).toEqual(expected);
  });

  it('may be missing', async () => {
    expect(await askAws('eu-west-1', { PATH: '/nowhere' })(['sts', 'get-it'])).toEqual({ kind: 'noCommand' });
  });
});

it.each([
  ['eu-central-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['eusc-de-east-1', 'aws-eusc'],
])('the region %s is of the partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});

it('counts what is kept ready where nothing is reserved', () => {
  const release = { alias: true, provisionedConcurrentExecutions: 3 };
  const input = { caller: { release }, invoked: { release, reservedConcurrentExecutions: 5 } };

  expect(
    withProvisioned(settings(input), { 'test-caller': undefined, 'test-invoked': 5, 'test-sweep': 1 }),
  ).toEqual({
    'test-process-upload': undefined,
    'test-caller': 3,
    'test-invoked': 5,
    'test-sweep': 1,
  });
});
