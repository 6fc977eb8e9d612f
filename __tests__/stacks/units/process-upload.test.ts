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
import { MINIMAL, parse, synthPipeline } from '../../support/synth';

const ALLOWED: Permissions = {
  ...EVERY_FUNCTION,
  'move-uploads': [
    's3:AbortMultipartUpload',
    's3:DeleteObject',
    's3:GetObject',
    's3:GetObjectTagging',
    's3:ListBucket',
    's3:PutObject',
    's3:PutObjectTagging',
  ],
};

const VARIANTS: readonly (readonly [string, SettingsInput, Permissions])[] = [
  ['the defaults', MINIMAL, ALLOWED],
  ['the whole bucket watched', { ...MINIMAL, prefixes: { upload: '', watchWholeBucket: true } }, ALLOWED],
  ['trigger queue', { ...MINIMAL, trigger: 'queue' }, { ...ALLOWED, 'receive-upload-queue': RECEIVE }],
  ['trigger eventbridge', { ...MINIMAL, trigger: 'eventbridge' }, ALLOWED],
  ['trigger topic', { ...MINIMAL, trigger: 'topic' }, ALLOWED],
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
});
