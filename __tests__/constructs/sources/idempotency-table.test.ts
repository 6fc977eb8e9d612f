import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { Testing } from 'cdktf';
import { EncryptionKey } from '../../../constructs/keys/encryption-key';
import { IdempotencyTable } from '../../../constructs/sources/idempotency-table';
import { nodeFunction } from '../../support/mover';
import { onlyResource, statements } from '../../support/synth';

const synth = (withKey = false): string =>
  Testing.synthScope((scope) => {
    const encryptionKey = withKey
      ? new EncryptionKey(scope, 'key', { namePrefix: 'test', tables: true })
      : undefined;
    const table = new IdempotencyTable(scope, 'done', { tableName: 'test-done', encryptionKey });
    table.grantUse(nodeFunction(scope, 'worker', encryptionKey && { encryptionKey }));
  });

describe('IdempotencyTable', () => {
  it('is what Powertools expects: a key, and a time after which an item may go', () => {
    expect(synth()).toHaveResourceWithProperties(DynamodbTable, {
      name: 'test-done',
      hash_key: 'id',
      attribute: [{ name: 'id', type: 'S' }],
      ttl: { attribute_name: 'expiration', enabled: true },
    });
  });

  it('is paid by the request, and can be restored to a point in time', () => {
    expect(synth()).toHaveResourceWithProperties(DynamodbTable, {
      billing_mode: 'PAY_PER_REQUEST',
      point_in_time_recovery: { enabled: true },
    });
  });

  it('lets whoever uses it read and write items, and nothing else', () => {
    const use = statements(synth()).filter(({ address }) => address.includes('keep-what-was-done'));

    expect(use).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Action: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        Resource: [expect.stringMatching(/^\$\{aws_dynamodb_table\.done_table_.*\.arn\}$/u)],
      }),
    ]);
  });

  it('tells them its name', () => {
    expect(synth()).toHaveResourceWithProperties(LambdaFunction, {
      environment: {
        variables: expect.objectContaining({
          IDEMPOTENCY_TABLE_NAME: expect.stringMatching(
            /^\$\{aws_dynamodb_table\.done_table_.*\.name\}$/u,
          ) as string,
        }) as unknown,
      },
    });
  });

  it('is encrypted by DynamoDB’s own key, or by the one it is given', () => {
    expect(onlyResource(synth(), 'aws_dynamodb_table')).not.toHaveProperty('server_side_encryption');
    expect(synth(true)).toHaveResourceWithProperties(DynamodbTable, {
      server_side_encryption: {
        enabled: true,
        kms_key_arn: expect.stringMatching(/^\$\{aws_kms_key\.key_.*\.arn\}$/u) as string,
      },
    });
    expect(statements(synth(true)).map(({ Sid }) => Sid)).toContain('UseKey');
  });
});
