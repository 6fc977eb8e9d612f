import { NOT_ASKED } from '../../../../tools/change/review/account';
import { contextOf } from '../../../../tools/change/review/context';
import { costDrivers } from '../../../../tools/change/review/cost';
import { dataAtRisk } from '../../../../tools/change/review/data';
import { exposures } from '../../../../tools/change/review/exposure';
import { code, type Markdown } from '../../../../tools/change/review/markdown';
import { isSecret } from '../../../../tools/change/review/mask';
import { settingName } from '../../../../tools/change/review/names';
import { permissionChanges } from '../../../../tools/change/review/permissions';
import { parsePlan, type JsonObject, type Plan } from '../../../../tools/change/review/plan';
import { codeChanges, releases } from '../../../../tools/change/review/releases';
import { settingChanges } from '../../../../tools/change/review/settings';
import { planOf, together } from '../../../support/plans';

const texts = (lines: readonly Markdown[]): string[] => lines.map(({ text }) => text);
const risksOf = (plan: Plan) => dataAtRisk(plan, contextOf(plan), NOT_ASKED);
const risks = (plan: Plan): string[] => texts(risksOf(plan).map(({ what }) => what));
const exposed = (plan: Plan): string[] => texts(exposures(plan, permissionChanges(plan), contextOf(plan)));

describe('data at risk', () => {
  const versioning = (status: string): JsonObject => ({
    bucket: 'b',
    versioning_configuration: [{ status }],
  });
  const lifecycle = (days: number, status = 'Enabled'): JsonObject => ({
    bucket: 'b',
    rule: [
      { id: 'old', status, expiration: [{ days }], noncurrent_version_expiration: [{ noncurrent_days: 9 }] },
    ],
  });

  it.each([
    'aws_s3_bucket',
    'aws_sqs_queue',
    'aws_cloudwatch_log_group',
    'aws_kms_key',
    'aws_dynamodb_table',
  ])('is what a destroyed %s holds', (type) => {
    expect(risks(planOf(type, { name: 'x' }, null))).toEqual(['will be destroyed']);
    expect(risks(planOf(type, { name: 'x' }, { name: 'y' }, { actions: ['delete', 'create'] }))).toEqual([
      'will be replaced',
    ]);
    expect(risks(planOf(type, { name: 'x' }, { name: 'x' }))).toEqual([]);
  });

  it('is said to be safe in a bucket that AWS will not delete while it holds anything', () => {
    const plan = planOf('aws_s3_bucket', { bucket: 'b', force_destroy: false }, null);

    expect(risksOf(plan)[0]?.detail.text).toContain('AWS refuses as long as it holds any');
  });

  it('is what suspended versioning would have kept, unless the bucket goes anyway', () => {
    const suspended = planOf('aws_s3_bucket_versioning', versioning('Enabled'), versioning('Suspended'));
    const gone = planOf('aws_s3_bucket_versioning', versioning('Enabled'), null);

    expect(risks(suspended)).toEqual([expect.stringMatching(/^ends: /u)]);
    expect(risks(gone)).toEqual([expect.stringMatching(/^ends: /u)]);
    expect(risks(together(gone, planOf('aws_s3_bucket', { bucket: 'b' }, null)))).toEqual([
      'will be destroyed',
    ]);
  });

  it('is what a lifecycle rule ends sooner than before', () => {
    const type = 'aws_s3_bucket_lifecycle_configuration';

    expect(risks(planOf(type, lifecycle(30), lifecycle(7)))).toEqual([
      'deletes or archives objects or older versions sooner',
    ]);
    expect(risks(planOf(type, lifecycle(7, 'Disabled'), lifecycle(7)))).toHaveLength(1);
    expect(risks(planOf(type, lifecycle(7), lifecycle(30)))).toEqual([]);
  });

  it('is what is older than a shorter retention, where 0 is for ever', () => {
    const retention = (days: number): JsonObject => ({ name: 'log', retention_in_days: days });
    const plan = (before: number, after: number) =>
      planOf('aws_cloudwatch_log_group', retention(before), retention(after));

    expect(risks(plan(0, 365))).toEqual(['keeps data for less time']);
    expect(risks(plan(365, 0))).toEqual([]);
    expect(risks(plan(7, 30))).toEqual([]);
  });
});

describe('exposure', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['aws_api_gateway_method', { authorization: 'AWS_IAM' }, { authorization: 'NONE' }],
    ['aws_lambda_function_url', { authorization_type: 'AWS_IAM' }, { authorization_type: 'NONE' }],
    ['aws_kms_key', { enable_key_rotation: true }, { enable_key_rotation: false }],
    ['aws_cloudwatch_log_group', { name: 'l', kms_key_id: 'k' }, { name: 'l', kms_key_id: '' }],
    ['aws_sns_topic', { name: 't', kms_master_key_id: 'k' }, { name: 't', kms_master_key_id: null }],
    [
      'aws_lambda_function',
      { kms_key_arn: 'k', code_signing_config_arn: 's' },
      { kms_key_arn: 'k', code_signing_config_arn: '' },
    ],
    ['aws_security_group', { ingress: [] }, { ingress: [{ cidr_blocks: ['0.0.0.0/0'] }] }],
    [
      'aws_s3_bucket_server_side_encryption_configuration',
      { rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms' }] }] },
      { rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: 'AES256' }] }] },
    ],
    [
      'aws_api_gateway_method_settings',
      { settings: [{ throttling_rate_limit: 10 }] },
      { settings: [{ throttling_rate_limit: -1 }] },
    ],
    [
      'aws_lambda_permission',
      { function_name: 'f', principal: 's3.amazonaws.com', source_account: '1', source_arn: 'a' },
      { function_name: 'f', principal: 's3.amazonaws.com', source_account: null, source_arn: 'a' },
    ],
  ])('tells that a %s is opened, and not that it is closed', (type, closed, open) => {
    expect(exposed(planOf(type, closed, open))).toHaveLength(1);
    expect(exposed(planOf(type, open, closed))).toEqual([]);
    expect(exposed(planOf(type, open, open))).toEqual([]);
  });

  it('tells of a new resource what is open, but not what it does without by choice', () => {
    expect(exposed(planOf('aws_lambda_function_url', null, { authorization_type: 'NONE' }))).toHaveLength(1);
    expect(exposed(planOf('aws_sns_topic', null, { name: 't' }))).toHaveLength(1);
    expect(exposed(planOf('aws_lambda_function', null, { function_name: 'f' }))).toEqual([]);
  });

  it('tells of a guard that is taken away, unless what it guarded goes too', () => {
    const guard = planOf('aws_s3_bucket_public_access_block', { bucket: 'b' }, null);

    expect(exposed(guard)).toEqual(['public access block of bucket `b`: public access is possible']);
    expect(exposed(together(guard, planOf('aws_s3_bucket', { bucket: 'b' }, null)))).toEqual([]);
  });

  it('tells of a resource policy that lets anyone in', () => {
    const open = {
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:GetObject', Resource: 'b/*' }],
    };
    const plan = planOf('aws_s3_bucket_policy', null, { bucket: 'b', policy: JSON.stringify(open) });

    expect(exposed(plan)).toEqual(['bucket `b`: its policy lets anyone in']);
  });
});

describe('releases', () => {
  const alias = (version: string, weights: Readonly<Record<string, number>> = {}): JsonObject => ({
    name: 'live',
    function_name: 'arn:aws:lambda:eu-west-1:1:function:mover',
    function_version: version,
    routing_config: Object.keys(weights).length === 0 ? [] : [{ additional_version_weights: weights }],
  });
  const told = (before: JsonObject, after: JsonObject, more = {}): string[] =>
    texts(releases(planOf('aws_lambda_alias', before, after, more)));

  it('are told as what they are: release, rollback, canary', () => {
    expect(told(alias('4'), alias('5'))).toEqual(['`mover:live`: version 4 → version 5 (release)']);
    expect(told(alias('5'), alias('4'))).toEqual(['`mover:live`: version 5 → version 4 (rollback)']);
    expect(told(alias('4'), alias('4', { 5: 0.1 }))).toEqual([
      '`mover:live`: version 4 → version 4 (90 %) and version 5 (10 %) (canary)',
    ]);
    expect(told(alias('4'), alias('4'))).toEqual([]);
  });

  it('name the version that the same apply publishes', () => {
    expect(told(alias('4'), alias('4'), { after_unknown: { function_version: true } })).toEqual([
      '`mover:live`: version 4 → the version that this publishes (release)',
    ]);
  });

  it('and code whose hash only the apply can tell is a change of code', () => {
    const plan = planOf(
      'aws_lambda_function',
      { function_name: 'mover', source_code_hash: 'abcdefghijklmnop' },
      { function_name: 'mover' },
      { after_unknown: { source_code_hash: true } },
    );

    expect(texts(codeChanges(plan))).toEqual(['`mover` `abcdefghijkl` → `known after apply`']);
  });
});

describe('cost', () => {
  it('tells what is new and billed while nothing happens', () => {
    expect(
      texts(costDrivers(planOf('aws_vpc_endpoint', null, { vpc_endpoint_type: 'Interface' }), [])),
    ).toEqual(['↑ VPC endpoint `thing` created, billed by the hour']);
    expect(
      texts(costDrivers(planOf('aws_vpc_endpoint', null, { vpc_endpoint_type: 'Gateway' }), [])),
    ).toEqual([]);
    expect(texts(costDrivers(planOf('aws_kms_key', { key_id: 'k' }, null), []))).toEqual([
      '↓ KMS key `thing` destroyed, billed by the month',
    ]);
  });
});

describe('settings', () => {
  const changes = (plan: Plan): string[] =>
    (plan.resource_changes ?? []).flatMap((resource) =>
      settingChanges(plan, resource).map(({ name, before, after }) => `${name}: ${before} → ${after}`),
    );

  it('leave out what nobody configured and only AWS will know', () => {
    const plan = planOf(
      'aws_lambda_function',
      { last_modified: 'monday', qualified_arn: 'a', timeout: 3 },
      { timeout: 4 },
      {
        after_unknown: { last_modified: true, qualified_arn: true },
        expressions: { timeout: { constant_value: 4 } },
      },
    );

    expect(changes(plan).sort()).toEqual(['Timeout: 3 s → 4 s']);
  });

  it('show a list of plain values whole and look into a document in a string', () => {
    const plan = planOf(
      'aws_sqs_queue',
      { layers: ['a'], redrive_policy: '{"maxReceiveCount":3,"deadLetterTargetArn":"q"}' },
      { layers: ['a', 'b'], redrive_policy: '{"maxReceiveCount":5,"deadLetterTargetArn":"q"}' },
    );

    expect(changes(plan)).toEqual(['Layers: ["a"] → ["a","b"]', 'RedrivePolicy.MaxReceiveCount: 3 → 5']);
  });

  it('tell that a secret changes without telling either value', () => {
    const plan = planOf(
      'aws_lambda_function',
      { environment: [{ variables: { TOKEN: 'one' } }] },
      { environment: [{ variables: { TOKEN: 'two' } }] },
    );

    expect(changes(plan)).toEqual(['Environment.Variables.TOKEN: (sensitive) → (sensitive), changed']);
  });

  it('tell a document that is no policy, under any name', () => {
    const plan = planOf('aws_x', { policy: '{"rules":[1]}' }, { policy: '{"rules":[2]}' });

    expect(changes(plan)).toEqual(['Policy.Rules: [1] → [2]']);
  });

  it('say how much of a long value is left out', () => {
    const plan = planOf('aws_x', { text: 'a' }, { text: 'b'.repeat(1_000) });

    expect(changes(plan)[0]).toMatch(/b… \(760 characters more\)$/u);
  });

  it('keep a team’s own words as they are', () => {
    expect(settingName(['environment', 0, 'variables', 'my_flag'])).toBe('Environment.Variables.my_flag');
    expect(settingName(['logging_config', 0, 'log_format'])).toBe('LoggingConfig.LogFormat');
  });
});

describe('isSecret', () => {
  it.each(['DB_PASSWORD', 'api_key', 'ACCESS_TOKEN', 'client_secret', 'privateKey', 'PASSWORD_2'])(
    'holds a value named %s to be one',
    (name) => {
      expect(isSecret('x', ['variables', name], {})).toBe(true);
    },
  );

  it.each(['authorization', 'kms_key_id', 'secret_arn', 'KEYBOARD', 'memory_size'])(
    'lets %s pass',
    (name) => {
      expect(isSecret('x', [name], {})).toBe(false);
    },
  );

  it.each(['AKIAIOSFODNN7EXAMPLE', '-----BEGIN RSA PRIVATE KEY-----', 'https://a:b@host/'])(
    'knows %s whatever it is called',
    (value) => {
      expect(isSecret(value, ['description'], {})).toBe(true);
      expect(isSecret('https://host/a:b', ['description'], {})).toBe(false);
    },
  );

  it.each([
    ['MYSQL_PWD', 'x'],
    ['GREETING', 'hello'],
    ['LOG_LEVELS', 'x'],
  ])('holds every variable of an environment to be one, such as %s', (name, value) => {
    expect(isSecret(value, ['environment', 0, 'variables', name], {})).toBe(true);
    expect(isSecret(value, ['container_definitions', 0, 'environment', 0, 'value'], {})).toBe(true);
    expect(isSecret(value, ['variables', name], {})).toBe(true);
  });

  it.each(['LOG_LEVEL', 'UPLOAD_PREFIX', 'NODE_OPTIONS'])('lets the variable %s pass', (name) => {
    expect(isSecret('x', ['environment', 0, 'variables', name], {})).toBe(false);
  });

  it('takes a tag named environment for a tag', () => {
    expect(isSecret('prod', ['tags_all', 'environment'], {})).toBe(false);
    expect(isSecret('LINUX_CONTAINER', ['environment', 0, 'type'], {})).toBe(false);
  });

  it.each([
    `sk_live_${'a1'.repeat(12)}`,
    `ghp_${'a1'.repeat(18)}`,
    `github_pat_${'a1'.repeat(18)}`,
    `xoxb-${'1'.repeat(20)}`,
    'https://hooks.slack.com/services/T0/B0/abc',
    'https://discord.com/api/webhooks/1/abc',
    'app:hunter2@tcp(db:3306)/x',
    'Server=db;Pwd=hunter2;',
    'https://x.example/?sig=abcdef',
    '{"client_secret": "abcdef"}',
    `Bearer ${'a1'.repeat(12)}`,
  ])('knows %s by its look', (value) => {
    expect(isSecret(value, ['description'], {})).toBe(true);
    expect(code(value).text).toBe('`(sensitive)`');
  });

  it.each([
    'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com',
    'repo:us/ours:environment:prod',
    'StringEquals sts:ExternalId = us',
    'uploads/*',
    '${aws_sqs_queue.failures_queue_3DB484D9.arn}',
    'https://sqs.us-east-1.amazonaws.com/111111111111/plans-failures',
    'secretsmanager:GetSecretValue',
    'Basic authentication of the partner',
    'npm-packages-of-the-whole-company',
    'arn:aws:secretsmanager:eu-west-1:111111111111:secret:prod/db-AbCdEf',
    'StringEquals token.actions.githubusercontent.com:sub = repo:us/ours:ref:refs/heads/main',
  ])('lets %s pass, which is none', (value) => {
    expect(isSecret(value, ['description'], {})).toBe(false);
  });

  it('hides whatever holds something that Terraform calls sensitive', () => {
    expect(isSecret('x', ['a', 0, 'b'], { a: true })).toBe(true);
    expect(isSecret('x', ['a', 0, 'b'], { a: [{ b: true }] })).toBe(true);
    expect(isSecret(['x'], ['a'], { a: [false, true] })).toBe(true);
    expect(isSecret('x', ['a', 0, 'c'], { a: [{ b: true }] })).toBe(false);
  });
});

describe('parsePlan', () => {
  it.each([
    ['nonsense', 'p is not JSON.'],
    ['{}', 'p is JSON, but not a plan.'],
    ['{"format_version":"2.0","resource_changes":[]}', 'p: format_version is 2.0; expected 1.x.'],
    ['{"format_version":"1.2","resource_changes":[],"errored":true}', 'ended with an error'],
  ])('refuses %s and says how a plan is made', (text, message) => {
    expect(() => parsePlan(text, 'p')).toThrow(message);
  });
});
