import { readFileSync } from 'node:fs';
import { parseSettings } from '../../../../config/environments';
import type { SettingsInput } from '../../../../config/settings';
import { coloursFor } from '../../../../tools/lib/terminal';
import { applyToBucket } from '../../../../tools/plan/doctor/bucket/apply';
import { checkBucket } from '../../../../tools/plan/doctor/bucket/checks';
import type { BucketCalls } from '../../../../tools/plan/doctor/bucket/facts';
import { wantedOf, type Wanted } from '../../../../tools/plan/doctor/bucket/wanted';
import { report } from '../../../../tools/plan/doctor/report';
import { sdkError } from '../../../support/lambda-fakes';
import { callsTo, CROOKED, RESIZE, STRAIGHT, type MadeBucket } from './crooked-buckets';

const PLAIN = coloursFor({ write: () => true, isTTY: false });

const wanted = (more: Partial<SettingsInput> = {}): Wanted => {
  const found = wantedOf(
    parseSettings(
      {
        namePrefix: 'team-dev',
        trigger: 'eventbridge',
        bucket: { existing: { name: 'team-data', versioned: true } },
        ...more,
      },
      'test',
    ),
  );
  if (found === undefined) throw new Error('no bucket.existing');
  return found;
};

const look = (bucket: MadeBucket, more: Partial<SettingsInput> = {}, calls: Partial<BucketCalls> = {}) =>
  checkBucket(wanted(more), { ...callsTo(bucket), ...calls });

/** What it says beside that all is well. */
const objections = async (...of: Parameters<typeof look>) =>
  (await look(...of)).filter(({ level }) => level !== 'ok');

/** A bucket whose policy refuses something. */
const deny = (statement: object): MadeBucket => ({
  ...STRAIGHT,
  policy: {
    Statement: {
      Sid: 'X',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: ['arn:aws:s3:::team-data', 'arn:aws:s3:::team-data/*'],
      ...statement,
    },
  },
});
describe('the doctor, of a bucket that exists', () => {
  it('has nothing against a straight one', async () => {
    const checks = await look(STRAIGHT);

    expect(checks.map(({ level, what, found }) => `${level} ${what}: ${found}`)).toEqual([
      'ok Bucket: team-data, in us-east-1',
      'ok Versions: kept',
      'ok EventBridge: on',
      'ok Other listeners: none',
      'ok Bucket policy: none',
      'ok Bucket key: S3’s own',
      'ok Object Lock: retains nothing by default',
      'ok Requester pays: off',
      'ok Lifecycle: leaves the pipeline’s prefixes alone',
    ]);
  });

  it('does not look where the stack makes its own', () => {
    expect(wantedOf(parseSettings({ namePrefix: 'test' }, 'test'))).toBeUndefined();
  });

  it.each(Object.entries(CROOKED))('objects to one %s as docs/adopting.md tells', async (name, bucket) => {
    const page = readFileSync('docs/adopting.md', 'utf8');
    const text = report(await objections(bucket), PLAIN);

    const section =
      page
        .split(`**A bucket ${name}:**`)[1]
        ?.split('```')[1]
        ?.replace(/^text\n/u, '') ?? '';
    expect(section.trimEnd()).toBe(text);
  });

  it.each([
    [404, 'team-data does not exist'],
    [403, 'team-data refuses you'],
    [500, 'team-data does not answer'],
  ])('stops at a bucket that answers %p', async (status, found) => {
    const head = () => Promise.reject(sdkError('Error', { $metadata: { httpStatusCode: status } }));
    const checks = await look(STRAIGHT, {}, { head });

    expect(checks).toEqual([
      expect.objectContaining({ level: 'failure', found: expect.stringContaining(found) as string }),
    ]);
  });

  it.each([301, 400])('names the region that S3 tells with a %p', async (httpStatusCode) => {
    const $response = { headers: { 'x-amz-bucket-region': 'eu-west-1' } };
    const head = () => Promise.reject(sdkError('Error', { $metadata: { httpStatusCode }, $response }));

    expect(await look(STRAIGHT, {}, { head })).toMatchObject([
      { found: 'team-data is in eu-west-1, the stack in us-east-1' },
    ]);
  });

  it('stops at a bucket of another account, which EventBridge tells of elsewhere', async () => {
    expect(await look({ ...STRAIGHT, ours: false })).toMatchObject([
      { level: 'failure', found: 'team-data is no bucket of this account' },
    ]);
  });

  it('says so where it may not see whose the bucket is, and goes on looking', async () => {
    const isOurs = () => Promise.reject(sdkError('AccessDenied', { $metadata: { httpStatusCode: 403 } }));

    expect(await objections({ ...STRAIGHT, versioning: undefined }, {}, { isOurs })).toMatchObject([
      { what: 'Bucket', level: 'warning', wayOut: expect.stringContaining('s3:ListAllMyBuckets') as string },
      { what: 'Versions', level: 'failure' },
    ]);
  });

  it('names the permission where it may not look, and goes on looking', async () => {
    const policy = () => Promise.reject(new Error('Access Denied'));

    expect(await objections({ ...STRAIGHT, versioning: undefined }, {}, { policy })).toMatchObject([
      { what: 'Versions', level: 'failure' },
      {
        what: 'Bucket policy',
        level: 'warning',
        wayOut: expect.stringContaining('s3:GetBucketPolicy') as string,
      },
    ]);
  });

  it('asks for no versions where nothing is replaced', async () => {
    const keepsBoth: Partial<SettingsInput> = {
      onExisting: 'keepBoth',
      bucket: { existing: { name: 'team-data', versioned: false } },
    };

    expect(await objections({ ...STRAIGHT, versioning: undefined }, keepsBoth)).toEqual([]);
    expect(await objections(STRAIGHT, keepsBoth)).toMatchObject([{ what: 'Versions', level: 'warning' }]);
  });

  const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234';
  const keyed = (kmsKeyArn: string): Partial<SettingsInput> => ({
    bucket: { existing: { name: 'team-data', versioned: true, kmsKeyArn } },
  });

  it.each([
    [undefined, {}, []],
    ['alias/aws/s3'.replace(/^/u, 'arn:aws:kms:us-east-1:123456789012:'), {}, []],
    [KEY, keyed(KEY), []],
    ['1234', keyed(KEY), []],
    [KEY, {}, ['failure']],
    [KEY, keyed(`${KEY}5`), ['failure']],
    [undefined, keyed(KEY), ['warning']],
  ])('compares the key %p with that of the settings %j: %j', async (key, settings, levels) => {
    const found = await objections({ ...STRAIGHT, ...(key !== undefined && { key }) }, settings);

    expect(found.map(({ level }) => level)).toEqual(levels);
  });

  it('says of other listeners who hears of the same uploads, and of what is moved', async () => {
    const listener = (prefix: string): MadeBucket => ({
      ...STRAIGHT,
      notifications: {
        EventBridgeConfiguration: {},
        QueueConfigurations: [
          {
            QueueArn: 'arn:aws:sqs:us-east-1:123456789012:audit',
            Events: ['s3:ObjectCreated:Put'],
            Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: prefix }] } },
          },
        ],
      },
    });

    expect(await objections(listener('images/'))).toEqual([]);
    const [uploads] = await objections(listener('uploads/images/'));
    const [processed] = await objections(listener('processed/'));
    expect(uploads?.wayOut).toMatch(/^sqs audit gets the same uploads/u);
    expect(processed?.wayOut).toBe('sqs audit hears of what is moved to processed/, too.');
  });
});

describe('what a bucket’s policy refuses', () => {
  const ROLE = 'arn:aws:iam::123456789012:role/team-dev-process-upload';
  const SWEEP = 'arn:aws:iam::123456789012:role/team-dev-sweep';

  it.each([
    [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:role/others' } }],
    [{ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    [{ Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }],
    [{ Condition: { ArnNotLike: { 'aws:PrincipalArn': ['arn:aws:iam::123456789012:role/team-dev-*'] } } }],
    [{ Condition: { StringNotEquals: { 'aws:PrincipalArn': [ROLE, SWEEP] } } }],
    [{ NotPrincipal: { AWS: [ROLE, SWEEP] }, Principal: undefined }],
    [{ Principal: { AWS: 'arn:aws:iam::123456789012:role/others' } }],
    [{ Principal: { Service: 'logging.s3.amazonaws.com' } }],
    [{ Action: 's3:DeleteBucket', Resource: 'arn:aws:s3:::team-data' }],
    [{ Action: 's3:GetObject', Resource: 'arn:aws:s3:::team-data/secret/*' }],
    [{ Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::team-data/processed/*' }],
    [{ Action: 's3:PutObject', Condition: { StringEquals: { 's3:x-amz-acl': 'public-read' } } }],
    [
      {
        Action: 's3:PutObject',
        Condition: {
          StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
          Null: { 's3:x-amz-server-side-encryption': 'false' },
        },
      },
    ],
  ])('is nothing with %j', async (statement) => {
    expect(await objections(deny(statement))).toEqual([]);
  });

  it.each([
    [{}, 'X refuses s3:ListBucket, s3:GetObject, s3:DeleteObject, s3:PutObject', 'failure'],
    [{ Action: 's3:DeleteObject*' }, 'X refuses s3:DeleteObject', 'failure'],
    [
      { Action: undefined, NotAction: 's3:Get*' },
      'X refuses s3:ListBucket, s3:DeleteObject, s3:PutObject',
      'failure',
    ],
    [{ Principal: { AWS: ROLE }, Action: ['s3:GetObject'] }, 'X refuses s3:GetObject', 'failure'],
    [
      { NotPrincipal: { AWS: ROLE }, Principal: undefined },
      'X refuses s3:ListBucket, s3:PutObject',
      'failure',
    ],
    [
      { Action: 's3:PutObject', Condition: { Null: { 's3:x-amz-server-side-encryption': 'true' } } },
      'X refuses s3:PutObject by s3:x-amz-server-side-encryption',
      'failure',
    ],
    [
      { Action: 's3:GetObject', Resource: 'arn:aws:s3:::team-data/uploads/secret/*' },
      'X refuses s3:GetObject',
      'failure',
    ],
    [
      { Action: 's3:GetObject', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } },
      'X refuses s3:GetObject by aws:SourceVpce',
      'failure',
    ],
    [
      { Action: 's3:GetObject', Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
      'X may refuse s3:GetObject by aws:SourceIp',
      'warning',
    ],
    [
      { Action: 's3:GetObject', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
      'X may refuse s3:GetObject by aws:PrincipalOrgID',
      'warning',
    ],
  ])('with %j: %s', async (statement, found, level) => {
    expect(await objections(deny(statement))).toMatchObject([{ what: 'Bucket policy', found, level }]);
  });
});

describe('the account of a policy’s principals', () => {
  it('is the pipeline’s where that is known', async () => {
    const bucket = deny({
      Action: 's3:GetObject',
      Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/team-dev-*' } },
    });
    const levelFor = async (account: string | undefined) =>
      (await checkBucket(wanted(), callsTo(bucket), account)).find(({ what }) => what === 'Bucket policy')
        ?.level;

    expect(await levelFor('123456789012')).toBe('ok');
    expect(await levelFor('999999999999')).toBe('failure');
    expect(await levelFor(undefined)).toBe('ok');
  });
});

describe('--apply-bucket', () => {
  const run = async (bucket: MadeBucket, more: Partial<Parameters<typeof applyToBucket>[0]> = {}) => {
    const printed: string[] = [];
    const done = await applyToBucket({
      wanted: wanted(),
      calls: () => callsTo(bucket),
      yes: true,
      print: (line) => printed.push(line),
      ...more,
    });
    return { done, printed };
  };

  it('adds EventBridge and versions, and keeps the notifications of others', async () => {
    const bucket: MadeBucket = { notifications: RESIZE };
    const { done, printed } = await run(bucket);

    expect(done).toBe(true);
    expect(bucket).toEqual({
      versioning: 'Enabled',
      notifications: { ...RESIZE, EventBridgeConfiguration: {} },
    });
    expect(printed).toEqual(
      expect.arrayContaining([
        '  - versioning: never set',
        '  + versioning: Enabled',
        expect.stringContaining(
          '"LambdaFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:resize"',
        ),
        '  +   "EventBridgeConfiguration": {}',
      ]),
    );
    expect((await run(bucket)).printed).toEqual(['Nothing to change in the bucket team-data.']);
  });

  it('changes nothing after a no', async () => {
    const bucket: MadeBucket = { notifications: RESIZE };
    const { done } = await run(bucket, { yes: false, ask: () => Promise.resolve('no') });

    expect(done).toBe(false);
    expect(bucket).toEqual({ notifications: RESIZE });
  });

  it('takes only the name of a protected environment for an answer', async () => {
    const bucket: MadeBucket = { notifications: RESIZE };
    const answered = (text: string) =>
      run(bucket, { yes: false, answer: 'prod', ask: () => Promise.resolve(text) });

    expect((await answered('yes')).done).toBe(false);
    expect(bucket).toEqual({ notifications: RESIZE });
    expect((await answered('prod')).done).toBe(true);
  });

  it('writes nothing over what someone changed after it was shown', async () => {
    const bucket: MadeBucket = { ...STRAIGHT, notifications: {} };
    const ask = () => {
      bucket.notifications = RESIZE;
      return Promise.resolve('yes');
    };

    await expect(run(bucket, { yes: false, ask })).rejects.toThrow(
      'Someone changed the notifications of team-data since they were shown; nothing was written.',
    );
    expect(bucket.notifications).toEqual(RESIZE);
  });

  it('tells what was there where someone writes at the same moment', async () => {
    const bucket: MadeBucket = { ...STRAIGHT, notifications: {} };
    const calls = callsTo(bucket);
    const setNotifications: BucketCalls['setNotifications'] = async (configuration) => {
      await calls.setNotifications(configuration);
      bucket.notifications = RESIZE;
    };

    await expect(run(bucket, { calls: () => ({ ...calls, setNotifications }) })).rejects.toThrow(
      /are not what was written: someone changed them at the same moment\.\nWritten: \{"EventBridgeConfiguration":\{\}\}\nNow: .*resize/u,
    );
  });

  it.each([
    [{ wanted: undefined }, 'bucket.existing is not set'],
    [{ yes: false }, 'there is no terminal'],
  ])('is a wrong command line with %j', async (more, message) => {
    await expect(run({ notifications: RESIZE }, more)).rejects.toThrow(message);
  });
});
