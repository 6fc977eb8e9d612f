import type { SettingsInput } from '../../../config/settings';
import { deployed, isAllowed, policiesOf, roles, type Request } from '../../support/iam';
import { PROVIDER_CALLS, WITHOUT_RESOURCE, type ProviderCalls } from '../../support/provider-calls';
import { EVERY_JOB_SOURCE, EVERYTHING, MINIMAL, parse, synthPipeline, type Block } from '../../support/synth';

const GITHUB = { repository: 'us/ours', environment: 'prod' };
const SIGNING = {
  signingProfileVersionArns: ['arn:aws:signer:us-east-1:123456789012:/signing-profiles/ours/1'],
};
const whole = (trigger: SettingsInput['trigger']): SettingsInput => ({
  ...EVERYTHING,
  trigger,
  jobs: { ...EVERY_JOB_SOURCE, idempotency: { enabled: true } },
  functions: { ...EVERYTHING.functions, codeSigning: SIGNING },
  github: GITHUB,
});

const VARIANTS: Readonly<Record<string, SettingsInput>> = {
  'the defaults': { ...MINIMAL, github: GITHUB },
  'everything set': whole('direct'),
  'trigger queue': whole('queue'),
  'trigger topic': whole('topic'),
  'a bucket that exists': {
    ...whole('eventbridge'),
    bucket: { existing: { name: 'team-data', versioned: true } },
  },
  'trigger eventbridge, and listeners': {
    ...whole('eventbridge'),
    onProcessed: {
      topic: true,
      queue: true,
      function: 'arn:aws:lambda:us-east-1:123456789012:function:test-thumbnails',
      eventBus: 'arn:aws:events:us-east-1:111122223333:event-bus/team',
    },
  },
  'jobs in order': {
    ...whole('direct'),
    jobs: { ...EVERY_JOB_SOURCE, queue: { enabled: true, fifo: true } },
  },
};

/** What AWS tells of every request in a region, and of what has the deployment's tag, or gets it. */
const EVERYWHERE = { 'aws:RequestedRegion': 'us-east-1' };
const TAGGED = { 'aws:ResourceTag/deployed-as': 'test' };
const TAGGING = { 'aws:RequestTag/deployed-as': 'test' };

function requests(
  { arn, context }: ProviderCalls,
  block: Block,
  actions: readonly string[],
  tags: Request['context'],
): Request[] {
  return actions.map((action) => ({
    action,
    resource: WITHOUT_RESOURCE.has(action) ? '*' : arn(block),
    context: { ...EVERYWHERE, ...tags, ...context?.(block) },
  }));
}

/** The roles of GitHub, and what belongs to them, are for people to change. */
const isGithubs = (id: string): boolean => id.startsWith('github_');

describe.each(Object.entries(VARIANTS))('the roles of GitHub, with %s', (_, settings) => {
  const synthesized = synthPipeline(settings);
  const stack = deployed(synthesized);
  const all = roles(stack);
  const [plan = [], deploy = []] = ['test-github-plan', 'test-github-deploy'].map((name) => all.get(name));
  const refused = (role: typeof plan, asked: readonly Request[]): string[] =>
    asked
      .filter((request) => !isAllowed(role, request))
      .map(({ action, resource }) => `${action} ${resource}`);
  const types = Object.entries(stack.resource);

  it('have every type of resource of the stack on the list of what the provider calls', () => {
    expect(types.map(([type]) => type).filter((type) => PROVIDER_CALLS[type] === undefined)).toEqual([]);
  });

  describe.each(types)('%s', (type, blocks) => {
    const calls = PROVIDER_CALLS[type];
    const each = (ask: (calls: ProviderCalls, block: Block, id: string) => readonly Request[]) =>
      calls ? Object.entries(blocks).flatMap(([id, block]) => ask(calls, block, id)) : [];

    it('is seen by both', () => {
      const asked = each((its, block) => requests(its, block, its.read, TAGGED));

      expect(refused(plan, asked)).toEqual([]);
      expect(refused(deploy, asked)).toEqual([]);
    });

    it('is made, changed and deleted by a deployment, unless it is GitHub’s, and by no plan', () => {
      const asked = each((its, block, id) => {
        if (isGithubs(id) && its.arn(block).includes(':role/')) return [];
        const also = (its.alsoCreate ?? []).map(([action, resource]) => ({
          action,
          resource,
          context: { ...EVERYWHERE, ...TAGGED, ...TAGGING, ...its.context?.(block) },
        }));
        return [
          ...requests(its, block, its.create, TAGGING),
          ...requests(its, block, its.change, TAGGED),
          ...also,
        ];
      });

      expect(refused(deploy, asked)).toEqual([]);
      const read = new Set(Object.values(PROVIDER_CALLS).flatMap((its) => its.read));
      const changing = asked.filter(({ action }) => !read.has(action));
      expect(changing.filter((request) => isAllowed(plan, request))).toEqual([]);
    });
  });

  // Whoever may tag a key or an API as the deployment's own has it: nothing tells a new one from an old one of others.
  it('put the deployment’s tag on nothing that could be others’', () => {
    const taking = Object.values(PROVIDER_CALLS).flatMap(({ onlyPeople = [] }) =>
      onlyPeople.map(([action, resource]) => ({ action, resource, context: { ...EVERYWHERE, ...TAGGING } })),
    );

    expect(taking.length).toBeGreaterThan(5);
    for (const role of [plan, deploy]) expect(taking.filter((asked) => isAllowed(role, asked))).toEqual([]);
  });

  describe('with the boundary of the roles that a deployment makes', () => {
    const boundaryArn = 'arn:aws:iam::123456789012:policy/test-github-boundary';
    const role = 'arn:aws:iam::123456789012:role/test-new';
    const make = (action: string, boundary: string | undefined): Request => ({
      action,
      resource: role,
      context: { ...EVERYWHERE, ...TAGGING, ...(boundary && { 'iam:PermissionsBoundary': boundary }) },
    });

    it.each(['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'])(
      'allow %s with this boundary only',
      (action) => {
        expect(isAllowed(deploy, make(action, boundaryArn))).toBe(true);
        expect(isAllowed(deploy, make(action, undefined))).toBe(false);
        expect(isAllowed(deploy, make(action, 'arn:aws:iam::aws:policy/AdministratorAccess'))).toBe(false);
      },
    );

    it.each([
      ['iam:DeleteRolePermissionsBoundary', role],
      ['iam:CreatePolicyVersion', boundaryArn],
      ['iam:SetDefaultPolicyVersion', boundaryArn],
      ['iam:DeletePolicy', boundaryArn],
      ['iam:AttachRolePolicy', role],
    ])('never allow %s', (action, resource) => {
      const context = { ...EVERYWHERE, ...TAGGED, 'iam:PermissionsBoundary': boundaryArn };

      expect(isAllowed(deploy, { action, resource, context })).toBe(false);
    });

    const boundary = policiesOf(stack, 'aws_iam_policy').get(idOf('test-github-boundary')) ?? [];
    const roleBlocks = Object.entries(stack.resource.aws_iam_role ?? {});

    it('limit every role but GitHub’s', () => {
      expect(
        roleBlocks.filter(([, { permissions_boundary: limit }]) => limit === boundaryArn).map(([id]) => id),
      ).toEqual(roleBlocks.map(([id]) => id).filter((id) => !isGithubs(id)));
    });

    it('refuse nothing that the stack permits its roles', () => {
      const asked = [...all]
        .filter(([name]) => !['test-github-plan', 'test-github-deploy'].includes(name))
        .flatMap(([, statements]) => statements)
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action, Resource = [] }) =>
          Action.flatMap((action) =>
            Resource.map((resource): Request => ({
              action,
              resource,
              context: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
            })),
          ),
        );

      expect(asked.length).toBeGreaterThan(10);
      expect(refused(boundary, asked)).toEqual([]);
    });

    it.each([
      ['iam:CreateUser', 'arn:aws:iam::123456789012:user/x'],
      ['iam:PutRolePolicy', role],
      ['sts:AssumeRole', 'arn:aws:iam::123456789012:role/admin'],
      ['s3:GetObject', 'arn:aws:s3:::others/a'],
      ['s3:DeleteObjectVersion', 'arn:aws:s3:::test-uploads/a'],
      ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:theirs'],
      ['lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:123456789012:function:theirs'],
    ])('leave no role %s on %s', (action, resource) => {
      expect(isAllowed(boundary, { action, resource })).toBe(false);
    });

    function idOf(name: string): string {
      const found = Object.entries(stack.resource.aws_iam_policy ?? {}).find(
        ([, block]) => block.name === name,
      );
      return found?.[0] ?? '';
    }
  });

  it('see the environment of a function that a key of one’s own encrypts, by way of Lambda only', () => {
    const decrypt = (service: string): Request => ({
      action: 'kms:Decrypt',
      resource: 'arn:aws:kms:us-east-1:123456789012:key/1234',
      context: { ...TAGGED, 'kms:ViaService': `${service}.us-east-1.amazonaws.com` },
    });

    for (const role of [plan, deploy]) {
      expect(isAllowed(role, decrypt('lambda'))).toBe(true);
      expect(['s3', 'sqs', 'sns'].map((service) => isAllowed(role, decrypt(service)))).toEqual([
        false,
        false,
        false,
      ]);
    }
  });

  it('leave alone what does not have the deployment’s tag', () => {
    const theirs = [
      'aws_api_gateway_rest_api',
      'aws_kms_key',
      'aws_security_group',
      'aws_vpc_endpoint',
    ].flatMap((type) => {
      const calls = PROVIDER_CALLS[type];
      return calls
        ? requests({ ...calls, context: () => ({}) }, {}, calls.change, {
            'aws:ResourceTag/deployed-as': 'x',
          })
        : [];
    });

    expect(theirs.length).toBeGreaterThan(20);
    expect(theirs.filter((request) => isAllowed(deploy, request))).toEqual([]);
  });

  it('reach only what has the tag that the provider puts on everything', () => {
    expect(parse(synthesized).provider.aws?.[0]).toMatchObject({
      default_tags: [{ tags: { 'deployed-as': 'test' } }],
    });
  });
});
