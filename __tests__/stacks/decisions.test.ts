import type { SettingsInput } from '../../config/settings';
import { ACCOUNT, deployed, isAllowed, policiesOf, roles, type Request } from '../support/iam';
import { MINIMAL, synthPipeline } from '../support/synth';

const BUCKET = 'arn:aws:s3:::our-uploads';
const HERE = `us-east-1:${ACCOUNT}`;
const QUEUE = `arn:aws:sqs:${HERE}:test-failures`;
const LOGS = `arn:aws:logs:${HERE}:log-group:/aws/lambda/test-process-upload`;

const stack = (input: Partial<SettingsInput> = {}) =>
  deployed(synthPipeline({ ...MINIMAL, bucket: { name: 'our-uploads' }, ...input }));

/** Whether process-upload may do something: by its role, and as far as the bucket's and the queue's policies let it. */
function mayProcessUpload(synthesized: ReturnType<typeof stack>, request: Request): boolean {
  const role = roles(synthesized).get('test-process-upload') ?? [];
  const refusals = ['aws_s3_bucket_policy', 'aws_sqs_queue'].flatMap((type) =>
    [...policiesOf(synthesized, type).values()].flat(),
  );
  return isAllowed([...role, ...refusals], request);
}

const ask = (action: string, resource: string): Request => ({ action, resource });

const ALLOWED: readonly Request[] = [
  ask('s3:ListBucket', BUCKET),
  ask('s3:GetObject', `${BUCKET}/uploads/a/b c.csv`),
  ask('s3:GetObjectTagging', `${BUCKET}/uploads/a`),
  ask('s3:GetObjectAnnotation', `${BUCKET}/uploads/a`),
  ask('s3:ListObjectAnnotations', `${BUCKET}/uploads/a`),
  ask('s3:DeleteObject', `${BUCKET}/uploads/a`),
  ask('s3:GetObject', `${BUCKET}/processed/a`),
  ask('s3:PutObject', `${BUCKET}/processed/a`),
  ask('s3:PutObjectTagging', `${BUCKET}/processed/a`),
  ask('s3:PutObjectAnnotation', `${BUCKET}/processed/a`),
  ask('s3:AbortMultipartUpload', `${BUCKET}/processed/a`),
  ask('sqs:SendMessage', QUEUE),
  ask('logs:PutLogEvents', `${LOGS}:log-stream:x`),
];

const DENIED: readonly Request[] = [
  ask('s3:DeleteObject', `${BUCKET}/processed/a`),
  ask('s3:DeleteObjectVersion', `${BUCKET}/uploads/a`),
  ask('s3:PutObject', `${BUCKET}/uploads/a`),
  ask('s3:PutObjectAnnotation', `${BUCKET}/uploads/a`),
  ask('s3:DeleteObjectAnnotation', `${BUCKET}/processed/a`),
  ask('s3:PutObject', `${BUCKET}/elsewhere/a`),
  ask('s3:GetObject', `${BUCKET}/elsewhere/a`),
  ask('s3:GetObject', `${BUCKET}/uploads`),
  ask('s3:GetObject', `${BUCKET}-of-others/uploads/a`),
  ask('s3:GetObject', 'arn:aws:s3:::others/uploads/a'),
  ask('s3:PutBucketPolicy', BUCKET),
  ask('s3:DeleteBucket', BUCKET),
  ask('sqs:SendMessage', `${QUEUE}-of-others`),
  ask('sqs:ReceiveMessage', QUEUE),
  ask('sqs:DeleteMessage', QUEUE),
  ask('logs:PutLogEvents', `arn:aws:logs:${HERE}:log-group:/aws/lambda/others:log-stream:x`),
  ask('logs:DeleteLogGroup', LOGS),
  ask('lambda:InvokeFunction', `arn:aws:lambda:${HERE}:function:others`),
  ask('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/test-process-upload`),
  ask('sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/others`),
  ask('kms:Decrypt', `arn:aws:kms:${HERE}:key/others`),
];

describe('what process-upload may do', () => {
  const synthesized = stack();

  it.each(ALLOWED)('is $action on $resource', (request) => {
    expect(mayProcessUpload(synthesized, request)).toBe(true);
  });

  it.each(DENIED)('is not $action on $resource', (request) => {
    expect(mayProcessUpload(synthesized, request)).toBe(false);
  });

  it.each(ALLOWED.filter(({ action }) => /^(s3|sqs):/u.test(action)))(
    'is not $action on $resource without TLS',
    (request) => {
      const context = { 'aws:SecureTransport': 'false' };

      expect(mayProcessUpload(synthesized, { ...request, context })).toBe(false);
    },
  );

  it('is no delete in processed/ where the whole bucket is watched either', () => {
    const whole = stack({ prefixes: { upload: '', watchWholeBucket: true } });

    expect(mayProcessUpload(whole, ask('s3:DeleteObject', `${BUCKET}/anything`))).toBe(true);
    expect(mayProcessUpload(whole, ask('s3:DeleteObject', `${BUCKET}/processed/a`))).toBe(false);
  });
});

describe('what a key of one’s own lets happen', () => {
  const synthesized = stack({ encryption: { customerManagedKey: true } });
  // The topic of the alarms has a key of its own.
  const [key = ''] = Object.keys(synthesized.resource.aws_kms_key ?? {}).filter((id) =>
    id.startsWith('key_'),
  );
  const policy = policiesOf(synthesized, 'aws_kms_key').get(key) ?? [];
  const by = (sid: string, action: string, context: Record<string, string>): boolean =>
    isAllowed(
      policy.filter(({ Sid }) => Sid === sid),
      { action, resource: 'the key', context },
    );
  const fromHere = { 'kms:CallerAccount': ACCOUNT };

  it('is use by way of the services that keep the data, from this account', () => {
    const via = (service: string) => ({
      ...fromHere,
      'kms:ViaService': `${service}.us-east-1.amazonaws.com`,
    });

    for (const service of ['s3', 'sqs', 'sns', 'lambda']) {
      expect(by('UseByIamThroughServices', 'kms:GenerateDataKey', via(service))).toBe(true);
    }
    expect(by('UseByIamThroughServices', 'kms:Decrypt', via('dynamodb'))).toBe(false);
    expect(by('UseByIamThroughServices', 'kms:Decrypt', fromHere)).toBe(false);
    expect(
      by('UseByIamThroughServices', 'kms:Decrypt', { ...via('s3'), 'kms:CallerAccount': '999999999999' }),
    ).toBe(false);
  });

  it('is the encryption of this pipeline’s log groups, and of no others', () => {
    const logs = (name: string) => ({
      'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${HERE}:log-group:${name}`,
    });

    expect(by('EncryptLogs', 'kms:GenerateDataKey', logs('/aws/lambda/test-process-upload'))).toBe(true);
    expect(by('EncryptLogs', 'kms:GenerateDataKey', logs('/aws/lambda/others'))).toBe(false);
  });

  it('is the delivery of events of this account only', () => {
    expect(by('DeliverEvents', 'kms:Decrypt', { 'aws:SourceAccount': ACCOUNT })).toBe(true);
    expect(by('DeliverEvents', 'kms:Decrypt', { 'aws:SourceAccount': '999999999999' })).toBe(false);
  });

  it('is what process-upload needs of it', () => {
    expect(mayProcessUpload(synthesized, ask('kms:GenerateDataKey', `arn:aws:kms:${HERE}:key/${key}`))).toBe(
      true,
    );
    expect(
      mayProcessUpload(synthesized, ask('kms:ScheduleKeyDeletion', `arn:aws:kms:${HERE}:key/${key}`)),
    ).toBe(false);
  });
});
