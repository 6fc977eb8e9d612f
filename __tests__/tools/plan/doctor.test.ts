import { parseSettings } from '../../../config/environments';
import type { SettingsInput } from '../../../config/settings';
import { checkAccount, checkConcurrency, checkRegion } from '../../../tools/plan/doctor/account';
import { reservationsOf, synthesize } from '../../../tools/build/synthesize';
import { checkState } from '../../../tools/plan/doctor/backend';
import { failure, ok, warning } from '../../../tools/plan/doctor/check';
import { checkGithub, readIds } from '../../../tools/plan/doctor/github';
import {
  admits,
  checkNode,
  checkProvider,
  checkProviderSource,
  checkTerraform,
} from '../../../tools/plan/doctor/machine';
import { exitCode, report } from '../../../tools/plan/doctor/report';
import { coloursFor } from '../../../tools/lib/terminal';
import { handlerNames } from '../../support/synth';
import { sdkError } from '../../support/lambda-fakes';

const settings = (input: Partial<SettingsInput> = {}) =>
  parseSettings({ namePrefix: 'test', ...input }, 'test');

describe('npm run doctor', () => {
  describe('Node.js', () => {
    it.each([
      ['24.11.0', 'nodejs24.x', 'ok', undefined],
      ['20.20.2', 'nodejs24.x', 'warning', 'Tests and AWS use different versions of Node.js'],
      ['20.20.2', 'nodejs20.x', 'warning', 'AWS has deprecated nodejs20.x'],
      ['20.18.0', 'nodejs22.x', 'failure', 'Install Node.js 20.19 or later'],
    ] as const)('%s against %s: %s', (version, runtime, level, wayOut) => {
      const check = checkNode(version, runtime);

      expect(check.level).toBe(level);
      expect(check.wayOut?.startsWith(wayOut ?? '')).toBe(wayOut === undefined ? undefined : true);
    });
  });

  describe('the provider’s source', () => {
    it('is fine where the registry answers or a mirror holds it', async () => {
      const notice =
        'registry.terraform.io does not answer: using the AWS provider 5.100.0 from /opt/mirror.';

      expect(await checkProviderSource(() => Promise.resolve({ environment: {} }))).toMatchObject({
        level: 'ok',
      });
      expect(await checkProviderSource(() => Promise.resolve({ environment: {}, notice }))).toMatchObject({
        level: 'ok',
        found: notice,
      });
    });

    it('fails with both ways out where there is none', async () => {
      const check = await checkProviderSource(() => Promise.reject(new Error('Either … or …')));

      expect(check).toMatchObject({ level: 'failure', wayOut: 'Either … or …' });
    });
  });

  describe('Terraform', () => {
    it.each([
      ['1.11.4', 'local', 'ok'],
      ['1.4.9', 'local', 'failure'],
      [undefined, 'local', 'failure'],
      ['1.9.8', 's3', 'failure'],
      ['1.10.0', 's3', 'ok'],
    ] as const)('%s with the state in %s: %s', (version, type, level) => {
      const state = type === 's3' ? { type, bucket: 'our-state', region: 'us-east-1' } : { type };
      expect(checkTerraform(version, settings({ state })).level).toBe(level);
    });

    it('must know `removed` blocks where there are roles of GitHub', () => {
      const github = { repository: 'us/ours', environment: 'prod' };

      expect(checkTerraform('1.6.6', settings({ github }))).toMatchObject({ level: 'failure' });
      expect(checkTerraform('1.7.0', settings({ github })).level).toBe('ok');
    });
  });

  describe('the AWS provider', () => {
    it.each([
      ['~> 6.25', true],
      ['~> 6.19.0', true],
      ['~> 6.18.0', false],
      ['~> 5.100', false],
      ['5.100.0', false],
      ['= 6.19.0', true],
      ['>= 5.0', true],
      ['>= 5.0, < 6.0', false],
      ['>= 5.0, < 6.19', false],
      ['<= 6.19', true],
      ['!= 6.20', true],
    ])('%s has room for 6.19: %p', (constraint, expected) => {
      expect(admits(constraint, '6.19')).toBe(expected);
    });

    it('that is too old for the runtime is a failure with both ways out', () => {
      expect(checkProvider('5.100.0', 'nodejs24.x')).toMatchObject({
        level: 'failure',
        wayOut:
          'nodejs24.x needs 6.19 or later: raise awsProvider.version, or set functions.runtime to nodejs22.x.',
      });
      expect(checkProvider('5.100.0', 'nodejs22.x').level).toBe('ok');
    });
  });

  describe('reserved concurrency', () => {
    const account = { limit: 1_000, unreserved: 900 };

    it('knows every function’s reservation by its full name', () => {
      const resources = synthesize(settings({ sweep: { reservedConcurrentExecutions: 1 } }), handlerNames());

      expect(reservationsOf(resources)).toEqual({
        'test-process-upload': undefined,
        'test-sweep': 1,
        'test-caller': undefined,
        'test-invoked': undefined,
      });
    });

    it('fits when at least 100 stay unreserved', () => {
      expect(checkConcurrency({ a: 500, b: 300 }, account, 0)).toEqual(
        ok('Concurrency', '800 to reserve, 100 of 1000 left unreserved'),
      );
    });

    it('does not fit when fewer do', () => {
      expect(checkConcurrency({ a: 500, b: 301 }, account, 0)).toMatchObject({
        level: 'failure',
        found: '801 to reserve, 99 of 1000 left unreserved',
        wayOut: expect.stringContaining('leave reservedConcurrentExecutions out') as string,
      });
    });

    it('does not count twice what these functions hold already', () => {
      expect(checkConcurrency({ a: 500, b: 301 }, { limit: 1_000, unreserved: 99 }, 801).level).toBe(
        'failure',
      );
      expect(checkConcurrency({ a: 500, b: 300 }, { limit: 1_000, unreserved: 100 }, 800).level).toBe('ok');
    });

    it('never fits in a new account with 10 executions', () => {
      expect(checkConcurrency({ a: 1 }, { limit: 10, unreserved: 10 }, 0).level).toBe('failure');
    });

    it('of a new account is worth a warning without any reservation', () => {
      expect(checkConcurrency({ a: undefined }, { limit: 10, unreserved: 10 }, 0)).toMatchObject({
        level: 'warning',
        wayOut: expect.stringContaining('Service Quotas') as string,
      });
    });

    it('of 0 is warned of by the function’s name', () => {
      expect(checkConcurrency({ 'test-caller': 0 }, account, 0)).toMatchObject({
        level: 'warning',
        wayOut: expect.stringContaining('test-caller has a reservation of 0 and will never run') as string,
      });
    });
  });

  describe('the account', () => {
    const answering = {
      concurrency: () => Promise.resolve({ limit: 1_000, unreserved: 990 }),
      reservedBy: (name: string) => Promise.resolve(name === 'test-invoked' ? 10 : 0),
    };

    it('is asked for its limit and for what these functions hold', async () => {
      const checks = await checkAccount(
        settings(),
        { 'test-invoked': 20, 'test-caller': undefined },
        answering,
      );

      expect(checks).toEqual([
        ok('Credentials', 'accepted in us-east-1'),
        ok('Concurrency', '20 to reserve, 980 of 1000 left unreserved'),
      ]);
    });

    it.each([
      ['CredentialsProviderError', 'failure', 'none', 'Sign in first'],
      ['ExpiredTokenException', 'failure', 'refused in us-east-1 (ExpiredTokenException)', 'Sign in again'],
      [
        'UnrecognizedClientException',
        'failure',
        'refused in us-east-1 (UnrecognizedClientException)',
        'Sign in again',
      ],
      ['TimeoutError', 'failure', 'no answer from AWS in us-east-1', 'Check the region setting'],
    ])('that answers with %s is a %s with the way out', async (name, level, found, wayOut) => {
      const [check] = await checkAccount(
        settings(),
        {},
        {
          ...answering,
          concurrency: () => Promise.reject(sdkError(name)),
        },
      );

      expect(check).toMatchObject({
        level,
        found: expect.stringContaining(found) as string,
        wayOut: expect.stringContaining(wayOut) as string,
      });
    });

    it('that lets one in but not ask is a warning', async () => {
      const checks = await checkAccount(
        settings(),
        {},
        {
          ...answering,
          concurrency: () => Promise.reject(sdkError('AccessDeniedException')),
        },
      );

      expect(checks.map(({ level }) => level)).toEqual(['ok', 'warning']);
    });
  });

  it.each([
    [{}, 'ok'],
    [{ AWS_REGION: 'us-east-1' }, 'ok'],
    [{ AWS_DEFAULT_REGION: 'eu-west-1' }, 'warning'],
  ])('compares the region of the settings with the shell’s: %j is %s', (env, level) => {
    expect(checkRegion({ region: 'us-east-1' }, env).level).toBe(level);
  });

  describe('the repository on GitHub', () => {
    const ids = { ownerId: 123, repositoryId: 456 };
    const check = (given: object, asked: typeof ids | undefined) => {
      const { github } = settings({ github: { repository: 'us/ours', environment: 'prod', ...given } });
      return github && checkGithub(github, () => Promise.resolve(asked));
    };

    it('is asked for its ids, as `gh api` tells them', () => {
      expect(readIds('{"id":456,"name":"ours","owner":{"id":123,"login":"us"}}')).toEqual(ids);
    });

    it('with the ids that it has is fine', async () => {
      expect(await check(ids, ids)).toEqual(ok('GitHub', 'us/ours, owner 123, repository 456'));
    });

    it.each([
      ['without ids', {}, ids, 'set github.ownerId: 123 and github.repositoryId: 456.'],
      ['without ids, and nobody to ask', {}, undefined, 'gh api repos/us/ours --jq'],
      ['with ids, and nobody to ask', ids, undefined, 'Compare with: gh api repos/us/ours --jq'],
      ['with another one’s ids', { ...ids, ownerId: 9 }, ids, 'GitHub says owner 123, repository 456'],
    ] as const)('%s is worth a warning with the way out', async (_, given, asked, wayOut) => {
      expect(await check(given, asked)).toMatchObject({
        level: 'warning',
        wayOut: expect.stringContaining(wayOut) as string,
      });
    });
  });

  describe('the state', () => {
    const state = settings({ state: { type: 's3', bucket: 'our-state', region: 'eu-west-1' } }).state;
    const bucket = { head: () => Promise.resolve(), versioning: () => Promise.resolve('Enabled') };
    const failing = (httpStatusCode: number) => ({
      ...bucket,
      head: () => Promise.reject(sdkError('S3Error', { $metadata: { httpStatusCode } })),
    });

    it('in a file is fine, and nobody asks S3', async () => {
      const unasked = { ...bucket, head: () => Promise.reject(new Error('asked')) };

      await expect(checkState(settings().state, unasked)).resolves.toMatchObject({ level: 'ok' });
    });

    it('in a versioned bucket is fine', async () => {
      await expect(checkState(state, bucket)).resolves.toEqual(ok('State', 'the bucket our-state'));
    });

    it('in a bucket without versions is worth a warning', async () => {
      const unversioned = { ...bucket, versioning: () => Promise.resolve(undefined) };

      await expect(checkState(state, unversioned)).resolves.toMatchObject({ level: 'warning' });
    });

    it.each([
      [404, 'the bucket our-state does not exist', 'aws s3 mb s3://our-state --region eu-west-1'],
      [301, 'the bucket our-state is in another region', 'state.region'],
      [403, 'the bucket our-state refuses you', 's3:PutObject'],
      [500, 'the bucket our-state does not answer', 'the network'],
    ])('in a bucket that answers %i is a failure with the way out', async (status, found, wayOut) => {
      await expect(checkState(state, failing(status))).resolves.toMatchObject({
        level: 'failure',
        found: expect.stringContaining(found) as string,
        wayOut: expect.stringContaining(wayOut) as string,
      });
    });
  });

  describe('its report', () => {
    const checks = [ok('One', 'fine'), warning('Two', 'odd', 'Look at it.')];
    const plain = coloursFor({ write: () => undefined });

    it('is a table, with the way out of each that is not ok below it', () => {
      expect(report(checks, plain)).toBe('  ok       One  fine\n  warning  Two  odd\n\n  Two: Look at it.');
      expect(report([ok('One', 'fine')], plain)).toBe('  ok       One  fine');
    });

    it('exits with 1 on a failure only', () => {
      expect(exitCode(checks)).toBe(0);
      expect(exitCode([...checks, failure('Three', 'bad', 'Mend it.')])).toBe(1);
    });
  });
});
