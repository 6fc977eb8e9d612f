import type { SettingsInput } from '../../config/settings';
import { deployed, isAllowed, roles, type Request } from '../support/iam';
import { MINIMAL, parse, synthPipeline } from '../support/synth';

const BUCKET = 'arn:aws:s3:::test-team-data';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234';

const settings = (more: Partial<SettingsInput> = {}): SettingsInput => ({
  ...MINIMAL,
  trigger: 'eventbridge',
  bucket: { existing: { name: 'test-team-data', kmsKeyArn: KEY, versioned: true } },
  ...more,
});
const stack = (more: Partial<SettingsInput> = {}) => deployed(synthPipeline(settings(more)));

const addresses = (synthesized: string): string[] =>
  Object.entries(parse(synthesized).resource).flatMap(([type, blocks]) =>
    Object.keys(blocks).map((id) => `${type}.${id}`),
  );

/** The environment variables of a function. */
const variables = (synthesized: ReturnType<typeof stack>, name: string) => {
  const blocks = Object.values(synthesized.resource.aws_lambda_function ?? {});
  const { environment } = blocks.find(({ function_name: named }) => named === name) ?? {};
  return (environment as { readonly variables?: Readonly<Record<string, string>> } | undefined)?.variables;
};

describe('a stack on a bucket that exists', () => {
  it('is the same stack without the bucket: no resource of S3, and every other at its address', () => {
    const usual = addresses(synthPipeline({ ...MINIMAL, trigger: 'eventbridge' }));
    const existing = addresses(synthPipeline(settings({ bucket: { existing: WITHOUT_KEY } })));

    expect(existing).toEqual(usual.filter((address) => !address.startsWith('aws_s3_')));
    expect(usual.length - existing.length).toBeGreaterThan(5);
  });

  it('has the same outputs, and what the bucket’s key may need', () => {
    const { output = {} } = stack();
    const usual = Object.keys(parse(synthPipeline({ ...MINIMAL, trigger: 'eventbridge' })).output ?? {});

    expect(Object.keys(output).sort()).toEqual([...usual, 'bucket_key_policy', 'bucket_owner'].sort());
    expect(output.upload_bucket?.value).toBe('test-team-data');
    expect(output.upload_command?.value).toBe('aws s3 cp FILE s3://test-team-data/uploads/');
  });

  it('sweeps that bucket, with a note that no other stack writes', () => {
    const note = (namePrefix: string) => variables(stack({ namePrefix }), `${namePrefix}-sweep`)?.NOTE_KEY;

    expect(variables(stack(), 'test-sweep')?.UPLOAD_BUCKET).toBe('test-team-data');
    expect(note('test')).toBe('.upload-pipeline/sweep-test');
    expect(note('other')).toBe('.upload-pipeline/sweep-other');
  });

  const ask = (action: string, resource: string, context: Request['context'] = {}): Request => ({
    action,
    resource,
    context: { 'kms:ViaService': 's3.us-east-1.amazonaws.com', ...context },
  });
  const of = (arn: string) => ({ 'kms:EncryptionContext:aws:s3:arn': arn });
  const ALLOWED: readonly (readonly [string, Request])[] = [
    ['process-upload', ask('s3:GetObject', `${BUCKET}/uploads/a`)],
    ['process-upload', ask('s3:DeleteObject', `${BUCKET}/uploads/a`)],
    ['process-upload', ask('s3:PutObject', `${BUCKET}/processed/a`)],
    ['process-upload', ask('kms:Decrypt', KEY, of(`${BUCKET}/uploads/a`))],
    ['process-upload', ask('kms:GenerateDataKey', KEY, of(`${BUCKET}/processed/a`))],
    ['process-upload', ask('kms:GenerateDataKey', KEY, of(BUCKET))],
    ['sweep', ask('s3:ListBucket', BUCKET)],
    ['sweep', ask('s3:PutObject', `${BUCKET}/.upload-pipeline/sweep-test`)],
    ['sweep', ask('kms:GenerateDataKey', KEY, of(`${BUCKET}/.upload-pipeline/sweep-test`))],
  ];
  const DENIED: readonly (readonly [string, Request])[] = [
    ['process-upload', ask('s3:GetObject', `${BUCKET}/theirs/a`)],
    ['process-upload', ask('s3:DeleteObject', `${BUCKET}/theirs/a`)],
    ['process-upload', ask('s3:DeleteObject', `${BUCKET}/processed/a`)],
    ['process-upload', ask('s3:PutBucketNotification', BUCKET)],
    ['process-upload', ask('kms:Decrypt', KEY, of(`${BUCKET}/theirs/a`))],
    ['process-upload', ask('kms:Decrypt', KEY, of('arn:aws:s3:::others'))],
    [
      'process-upload',
      ask('kms:Decrypt', KEY, { ...of(BUCKET), 'kms:ViaService': 'sqs.us-east-1.amazonaws.com' }),
    ],
    ['sweep', ask('s3:GetObject', `${BUCKET}/uploads/a`)],
    ['sweep', ask('kms:Decrypt', KEY, of(`${BUCKET}/uploads/a`))],
    ['caller', ask('kms:Decrypt', KEY, of(BUCKET))],
  ];
  const may = (name: string, request: Request): boolean =>
    isAllowed(roles(stack()).get(`test-${name}`) ?? [], request);

  it.each(ALLOWED)('lets %s do %j', (name, request) => {
    expect(may(name, request)).toBe(true);
  });

  it.each(DENIED)('does not let %s do %j', (name, request) => {
    expect(may(name, request)).toBe(false);
  });

  it('says what the key’s policy may need: its roles, by way of S3', () => {
    const policy = stack().output?.bucket_key_policy?.value;

    expect(JSON.parse(policy as string)).toMatchObject({
      Statement: [
        {
          Sid: 'UploadsOftest',
          Effect: 'Allow',
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          Condition: {
            StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
            ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/test-*' },
          },
        },
      ],
    });
    expect(stack({ bucket: { existing: WITHOUT_KEY } }).output).not.toHaveProperty('bucket_key_policy');
  });

  it.each(['test-team-data', 'team-data'])(
    'keeps GitHub’s deployments from changing the bucket %s',
    (name) => {
      const github = { repository: 'us/ours', environment: 'prod' };
      const synthesized = stack({ bucket: { existing: { name, versioned: true } }, github });
      const deploy = roles(synthesized).get('test-github-deploy') ?? [];
      const arn = `arn:aws:s3:::${name}`;

      for (const action of CHANGES) expect(isAllowed(deploy, ask(action, arn))).toBe(false);
      expect(isAllowed(deploy, ask('s3:PutBucketPolicy', 'arn:aws:s3:::test-uploads-1'))).toBe(true);
    },
  );
});

const WITHOUT_KEY = { name: 'test-team-data', versioned: true };

/** What a deployment may do to a bucket of its own. */
const CHANGES = [
  's3:CreateBucket',
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketNotification',
  's3:PutBucketPolicy',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
  's3:TagResource',
  's3:UntagResource',
];
