import type { SettingsInput } from '../../../config/settings';
import { deployed, isAllowed, roles, type Request } from '../../support/iam';
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
      'aws_lambda_code_signing_config',
      'aws_security_group',
      'aws_vpc_endpoint',
    ].flatMap((type) => {
      const calls = PROVIDER_CALLS[type];
      // What harms nobody is allowed on any key, as long as a new one's tags do not count.
      return calls
        ? requests({ ...calls, context: () => ({}) }, {}, calls.change, {
            'aws:ResourceTag/deployed-as': 'x',
          })
        : [];
    });

    expect(theirs.length).toBeGreaterThan(20);
    expect(theirs.filter((request) => isAllowed(deploy, request)).map(({ action }) => action)).toEqual([
      'kms:EnableKeyRotation',
    ]);
  });

  it('reach only what has the tag that the provider puts on everything', () => {
    expect(parse(synthesized).provider.aws?.[0]).toMatchObject({
      default_tags: [{ tags: { 'deployed-as': 'test' } }],
    });
  });
});
