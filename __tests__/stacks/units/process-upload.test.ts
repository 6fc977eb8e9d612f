import type { SettingsInput } from '../../../config/settings';
import {
  ALL_OPTIONS,
  EVERY_FUNCTION,
  permissionsOf,
  RECEIVE,
  WITH_KEY,
  WITH_TRACING,
  WITH_VPC,
  type Permissions,
} from '../../support/permissions';
import { MINIMAL, parse, resourceOf, synthPipeline } from '../../support/synth';

const ALLOWED: Permissions = {
  ...EVERY_FUNCTION,
  'move-uploads': [
    's3:AbortMultipartUpload',
    's3:DeleteObject',
    's3:GetObject',
    's3:GetObjectAnnotation',
    's3:GetObjectTagging',
    's3:ListBucket',
    's3:ListObjectAnnotations',
    's3:PutObject',
    's3:PutObjectAnnotation',
    's3:PutObjectTagging',
  ],
};

const SECRETS = {
  TOKEN_ARN: 'arn:aws:ssm:us-east-1:123456789012:parameter/team/token',
  PASSWORD_ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:team/password-AbCdEf',
};

const LAYER = 'arn:aws:lambda:us-east-1:123456789012:layer:tools';

const VARIANTS: readonly (readonly [string, SettingsInput, Permissions])[] = [
  ['the defaults', MINIMAL, ALLOWED],
  ['the whole bucket watched', { ...MINIMAL, prefixes: { upload: '', watchWholeBucket: true } }, ALLOWED],
  ['trigger queue', { ...MINIMAL, trigger: 'queue' }, { ...ALLOWED, 'receive-upload-queue': RECEIVE }],
  ['trigger eventbridge', { ...MINIMAL, trigger: 'eventbridge' }, ALLOWED],
  [
    'a bucket that exists, with a key',
    {
      ...MINIMAL,
      trigger: 'eventbridge',
      bucket: {
        existing: {
          name: 'team-data',
          kmsKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/1234',
          versioned: true,
        },
      },
    },
    { ...ALLOWED, 'use-bucket-key': ['kms:Decrypt', 'kms:GenerateDataKey'] },
  ],
  ['trigger topic', { ...MINIMAL, trigger: 'topic' }, ALLOWED],
  [
    'secrets of the step',
    { ...MINIMAL, processUpload: { secrets: SECRETS } },
    { ...ALLOWED, 'read-secrets': ['secretsmanager:GetSecretValue', 'ssm:GetParameter'] },
  ],
  ['every option on', ALL_OPTIONS, { ...ALLOWED, ...WITH_TRACING, ...WITH_KEY, ...WITH_VPC }],
];

describe('process-upload', () => {
  it.each(VARIANTS)('may do, with %s, what a move needs and nothing else', (_, settings, allowed) => {
    expect(permissionsOf('process-upload', settings)).toEqual(allowed);
  });

  it.each([
    ['direct', { principal: 's3.amazonaws.com', source: 'aws_s3_bucket' }],
    ['queue', undefined],
    ['eventbridge', { principal: 'events.amazonaws.com', source: 'aws_cloudwatch_event_rule' }],
    ['topic', { principal: 'sns.amazonaws.com', source: 'aws_sns_topic' }],
  ] as const)('with trigger %s, is started by its one source, and so is its alias', (trigger, door) => {
    const { resource } = parse(
      synthPipeline({ ...MINIMAL, trigger, processUpload: { release: { alias: true } } }),
    );
    const doors = Object.values(resource.aws_lambda_permission ?? {}).filter((permission) =>
      JSON.stringify(permission.function_name).includes('.process-upload_'),
    );

    expect(doors).toHaveLength(door === undefined ? 0 : 2);
    for (const { principal, source_arn } of doors) {
      expect(principal).toBe(door?.principal);
      expect(source_arn).toMatch(new RegExp(`^\\$\\{${door?.source ?? ''}\\.[^}]*\\.arn\\}$`, 'u'));
    }
  });

  it('is told where the secrets of its step are, and may read those alone', () => {
    const { resource } = parse(synthPipeline({ ...MINIMAL, processUpload: { secrets: SECRETS } }));
    const [mover] = Object.entries(resource.aws_lambda_function ?? {}).flatMap(([id, block]) =>
      id.startsWith('process-upload_') ? [block] : [],
    );
    const policy = Object.values(resource.aws_iam_role_policy ?? {}).find(
      ({ name }) => name === 'read-secrets',
    );
    const text = typeof policy?.policy === 'string' ? policy.policy : '';

    expect(mover?.environment).toMatchObject({ variables: SECRETS });
    const { Statement } = JSON.parse(text) as { Statement: { Resource: unknown }[] };
    expect(Statement.map(({ Resource }) => Resource)).toEqual([[SECRETS.TOKEN_ARN], [SECRETS.PASSWORD_ARN]]);
  });

  it.each([
    [{ token: SECRETS.TOKEN_ARN }, 'processUpload.secrets'],
    [{ AWS_TOKEN: SECRETS.TOKEN_ARN }, 'processUpload.secrets'],
    [{ TOKEN: 'sk_live_123' }, 'processUpload.secrets'],
    [{ TOKEN: 'arn:aws:s3:::bucket' }, 'processUpload.secrets'],
    [{ UPLOAD_PREFIX: SECRETS.TOKEN_ARN }, 'UPLOAD_PREFIX is set already'],
  ])('refuses the secrets %j', (secrets, message) => {
    expect(() => synthPipeline({ ...MINIMAL, processUpload: { secrets } })).toThrow(message);
  });

  it('has what is set for it alone, and else what every function has', () => {
    const every = { architecture: 'arm64' as const, tracing: false, layers: [`${LAYER}:1`] };
    const { resource } = parse(
      synthPipeline({
        ...MINIMAL,
        functions: every,
        processUpload: {
          architecture: 'x86_64',
          tracing: true,
          layers: [`${LAYER}:2`],
          ephemeralStorageMb: 2048,
          logFormat: 'Text',
          environment: { THRESHOLD: '3' },
        },
      }),
    );
    const [mover, other] = ['process-upload', 'invoked'].map(
      (name) =>
        Object.entries(resource.aws_lambda_function ?? {}).find(([id]) => id.startsWith(`${name}_`))?.[1],
    );

    expect(mover).toMatchObject({
      architectures: ['x86_64'],
      tracing_config: { mode: 'Active' },
      layers: [`${LAYER}:2`],
      ephemeral_storage: { size: 2048 },
      logging_config: { log_format: 'Text' },
      environment: { variables: { THRESHOLD: '3' } },
    });
    expect(other).toMatchObject({ architectures: ['arm64'], layers: [`${LAYER}:1`] });
    expect(other).not.toHaveProperty('tracing_config');
  });

  it.each([
    [{ UPLOAD_PREFIX: 'a' }, 'UPLOAD_PREFIX is set already'],
    [{ AWS_REGION: 'a' }, 'processUpload.environment'],
    [{ lower: 'a' }, 'processUpload.environment'],
  ])('refuses the variables %j', (environment, message) => {
    expect(() => synthPipeline({ ...MINIMAL, processUpload: { environment } })).toThrow(message);
  });

  const image = (region: string) => ({
    uri: `111122223333.dkr.ecr.${region}.amazonaws.com/team/steps@sha256:${'0'.repeat(64)}`,
    command: ['index.handler'],
  });

  it('runs an image of its region', () => {
    const synthesized = synthPipeline({ ...MINIMAL, processUpload: { image: image('us-east-1') } });

    expect(resourceOf(synthesized, 'aws_lambda_function', 'process-upload')).toMatchObject({
      image_uri: image('us-east-1').uri,
      image_config: { command: ['index.handler'] },
    });
  });

  it('refuses an image of another region, and one that a tag names', () => {
    const refusal = (uri: string) => () => synthPipeline({ ...MINIMAL, processUpload: { image: { uri } } });

    expect(refusal(image('eu-west-1').uri)).toThrow('processUpload.image.uri: got');
    expect(refusal('111122223333.dkr.ecr.us-east-1.amazonaws.com/steps:latest')).toThrow(
      'processUpload.image.uri: got',
    );
  });

  it('refuses a runtime of its own that no package holds', () => {
    expect(() => synthPipeline({ ...MINIMAL, functions: { runtime: 'provided.al2023' } })).toThrow(
      /functions\.runtime: got "provided\.al2023".*expected an executable file "bootstrap"/u,
    );
  });
});
