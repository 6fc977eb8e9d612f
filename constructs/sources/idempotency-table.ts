import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { EncryptionKey } from '../keys/encryption-key';
import type { Grantee } from '../base/grantee';
import type { PolicyStatement } from '../base/policy';

export interface IdempotencyTableProps {
  /** 3–255 letters, digits, hyphens, underscores and full stops. */
  readonly tableName: string;
  /** Encrypts the items, which hold answers. @default DynamoDB's own key, which costs nothing */
  readonly encryptionKey?: EncryptionKey | undefined;
}

/**
 * What was done, by the job's key, until it may be forgotten: Powertools' idempotency keeps it here.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 */
export class IdempotencyTable extends Construct {
  readonly table: DynamodbTable;
  private readonly encryptionKey: EncryptionKey | undefined;

  constructor(scope: Construct, id: string, { tableName, encryptionKey }: IdempotencyTableProps) {
    super(scope, id);
    this.encryptionKey = encryptionKey;
    const kmsKeyArn = encryptionKey?.forNewData;
    this.table = new DynamodbTable(this, 'table', {
      name: tableName,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'id',
      attribute: [{ name: 'id', type: 'S' }],
      // The reader checks it too: DynamoDB may take days to delete what has expired.
      ttl: { attributeName: 'expiration', enabled: true },
      // By the byte, so next to nothing here; what a table of hours-old items is restored to is for a person to judge.
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: kmsKeyArn === undefined ? undefined : { enabled: true, kmsKeyArn },
    });
  }

  /** What may be done to the items, and to nothing but items. */
  useStatements(): PolicyStatement[] {
    return [
      {
        sid: 'KeepWhatWasDone',
        actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        resources: [this.table.arn],
      },
    ];
  }

  /**
   * Lets `grantee` keep what it has done here, and tells it the name of the table.
   * @returns what must exist before it does
   */
  grantUse(grantee: Grantee): ITerraformDependable {
    this.encryptionKey?.grantUse(grantee);
    grantee.addEnvironment?.('IDEMPOTENCY_TABLE_NAME', this.table.name);
    return grantee.allow('keep-what-was-done', this.useStatements());
  }
}
