import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Testing } from 'cdktf';
import { EncryptionKey, type EncryptionKeyProps } from '../../../constructs/keys/encryption-key';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { OwnBucket } from '../../../constructs/uploads/own-bucket';
import { nodeFunction, PREFIXES } from '../../support/mover';
import { onlyResource, statements } from '../../support/synth';

const synth = (props: Partial<EncryptionKeyProps> = {}): string =>
  Testing.synthScope((scope) => {
    new EncryptionKey(scope, 'key', { namePrefix: 'test', ...props });
  });

/** The whole pipeline around one key. */
const synthUsers = (): string =>
  Testing.synthScope((scope) => {
    const encryptionKey = new EncryptionKey(scope, 'key', { namePrefix: 'test' });
    const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures', encryptionKey });
    const uploads = new OwnBucket(scope, 'uploads', {
      namePrefix: 'test-',
      encryptionKey,
    });
    const worker = nodeFunction(scope, 'worker', { encryptionKey });
    uploads.grantMove(worker, [PREFIXES]);
    worker.onFailure(failures);
  });

const statement = (sid: string) => statements(synth()).find(({ Sid }) => Sid === sid);
const THE_KEY = expect.stringMatching(/^\$\{aws_kms_key\..*\.arn\}$/u) as unknown;

describe('EncryptionKey', () => {
  it('rotates, has a name, and can be taken back for thirty days unless told otherwise', () => {
    expect(synth()).toHaveResourceWithProperties(KmsKey, {
      enable_key_rotation: true,
      deletion_window_in_days: 30,
    });
    expect(synth()).toHaveResourceWithProperties(KmsAlias, { name: 'alias/test' });
    expect(synth({ deletionWindowDays: 7 })).toHaveResourceWithProperties(KmsKey, {
      deletion_window_in_days: 7,
    });
  });

  it.each([6, 31])('refuses a deletion window of %p days', (deletionWindowDays) => {
    expect(() => synth({ deletionWindowDays })).toThrow(
      `EncryptionKey.deletionWindowDays: got ${deletionWindowDays}; expected an integer from 7 to 30.`,
    );
  });

  it('is administered by whom IAM allows to, without reading or writing data', () => {
    const { Principal, Action = [] } = statement('AdministerByIam') ?? {};

    expect(Principal).toEqual({ AWS: expect.stringMatching(/:root$/u) as string });
    expect(Action).toContain('kms:PutKeyPolicy'); // or AWS refuses the policy: nobody could ever change it
    expect(Action).not.toContainEqual(
      expect.stringMatching(/^kms:(Decrypt|Encrypt|GenerateDataKey|ReEncrypt|CreateGrant)/u),
    );
  });

  it('is used by whom IAM allows to, by way of the services that keep the data, from this account', () => {
    expect(statement('UseByIamThroughServices')).toMatchObject({
      Principal: { AWS: expect.stringMatching(/:root$/u) as string },
      Action: expect.arrayContaining(['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey']) as unknown,
      Condition: {
        StringEquals: {
          'kms:CallerAccount': expect.stringContaining('account_id') as string,
          'kms:ViaService': ['lambda', 's3', 'sns', 'sqs'].map(
            (name) => expect.stringMatching(new RegExp(`^${name}\\..*\\.dns_suffix\\}$`, 'u')) as string,
          ),
        },
      },
    });
  });

  it('lets CloudWatch Logs encrypt the log groups of this name only', () => {
    expect(statement('EncryptLogs')).toMatchObject({
      Principal: { Service: expect.stringMatching(/^logs\..*\.dns_suffix\}$/u) as string },
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': expect.stringMatching(/:log-group:\*test\*$/u) as string,
        },
      },
    });
  });

  // With a condition on its account or rule, what EventBridge could not deliver would be lost: it tells KMS neither.
  it('lets EventBridge reach an encrypted queue, whatever it tells of itself', () => {
    expect(statement('DeliverFromEventBridge')).toEqual({
      address: expect.any(String) as string,
      Sid: 'DeliverFromEventBridge',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: ['*'],
    });
  });

  it('lets alarms and notifications of this account reach encrypted topics and queues', () => {
    expect(statement('DeliverEvents')).toMatchObject({
      Principal: { Service: ['cloudwatch.amazonaws.com', 's3.amazonaws.com'] },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: { StringEquals: { 'aws:SourceAccount': expect.stringContaining('account_id') as string } },
    });
  });

  it('lets the topics of this name leave what they could not deliver in encrypted queues', () => {
    expect(statement('DeliverFromTopics')).toMatchObject({
      Principal: { Service: 'sns.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: {
        ArnLike: { 'aws:SourceArn': expect.stringMatching(/:sns:.*account_id\}:test\*$/u) as string },
      },
    });
  });

  it('lets grants be made for AWS’s own use only', () => {
    const grants = statements(synth()).filter(({ Action }) => Action.includes('kms:CreateGrant'));

    expect(grants).toHaveLength(1);
    expect(grants[0]?.Condition).toMatchObject({ Bool: { 'kms:GrantIsForAWSResource': 'true' } });
  });

  it('is used by way of DynamoDB only where it encrypts tables', () => {
    const viaDynamoDb = (synthesized: string) =>
      statements(synthesized).filter(({ Condition }) => JSON.stringify({ Condition }).includes('dynamodb.'));

    expect(viaDynamoDb(synth())).toEqual([]);
    expect(viaDynamoDb(synth({ tables: true })).map(({ Sid, Action }) => [Sid, Action])).toEqual([
      ['UseByIamThroughTables', expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey'])],
      ['GrantToServices', ['kms:CreateGrant']],
    ]);
  });

  it('encrypts bucket, queue, log lines and environment variables', () => {
    const synthesized = synthUsers();

    expect(synthesized).toHaveResourceWithProperties(S3BucketServerSideEncryptionConfigurationA, {
      rule: [
        {
          apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: THE_KEY },
          bucket_key_enabled: true,
        },
      ],
    });
    expect(synthesized).toHaveResourceWithProperties(SqsQueue, { kms_master_key_id: THE_KEY });
    expect(onlyResource(synthesized, 'aws_sqs_queue')).not.toHaveProperty('sqs_managed_sse_enabled');
    expect(synthesized).toHaveResourceWithProperties(CloudwatchLogGroup, { kms_key_id: THE_KEY });
    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, { kms_key_arn: THE_KEY });
  });

  it('may be used by the function, once however many things it needs it for, before the function is made', () => {
    const synthesized = synthUsers();
    const uses = statements(synthesized).filter(({ Sid }) => Sid === 'UseKey');

    expect(uses).toMatchObject([{ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: [THE_KEY] }]);
    expect(onlyResource(synthesized, 'aws_lambda_function').depends_on).toContain(uses[0]?.address);
  });
});
