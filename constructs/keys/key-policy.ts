import type { DeploymentTarget } from '../base/deployment-target';
import { policyDocument, type PolicyStatement } from '../base/policy';

/** What administers a key, action by action: none of them reads or writes data. */
const ADMINISTER = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

/** In the policy of a key, `*` is that key: its ARN is not known before it is made. */
const THIS_KEY = ['*'];

/** Services that keep data under the key in the name of whoever stores or reads it. */
const KEEPERS = ['lambda', 's3', 'sns', 'sqs'];

/**
 * Who may do what with a key, beside what IAM says: a key's policy is the only thing that opens it, even to the
 * account's own administrators. https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 * @param namePrefix start of the names of what it encrypts
 * @param tables whether DynamoDB tables are among it
 */
export function keyPolicy(target: DeploymentTarget, namePrefix: string, tables = false): string {
  const { partition, region, accountId } = target;
  const arn = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const via = (services: readonly string[]) => ({
    'kms:CallerAccount': accountId,
    'kms:ViaService': services.map((name) => target.endpointOf(name)),
  });
  const account = { AWS: `arn:${partition}:iam::${accountId}:root` };
  const statements: PolicyStatement[] = [
    { sid: 'AdministerByIam', principal: account, actions: ADMINISTER, resources: THIS_KEY },
    {
      // Whoever has the permission in IAM too, and only by way of the service that keeps the data. S3 and SQS ask
      // in the name of who uploads, sends or receives; Lambda in that of the function's role.
      sid: 'UseByIamThroughServices',
      principal: account,
      actions: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt', // the environment of a function, for whoever deploys it
        'kms:GenerateDataKey',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      resources: THIS_KEY,
      conditions: { StringEquals: via(KEEPERS) },
    },
    ...(tables ? [useByTables(account, via(['dynamodb']))] : []),
    {
      // Lambda keeps a grant of its own to encrypt the environment variables of a function, DynamoDB one for what it
      // does with a table in the background.
      // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
      sid: 'GrantToServices',
      principal: account,
      actions: ['kms:CreateGrant'],
      resources: THIS_KEY,
      conditions: {
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
        StringEquals: via(tables ? ['dynamodb', 'lambda'] : ['lambda']),
      },
    },
    {
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
      sid: 'EncryptLogs',
      principal: { Service: target.endpointOf('logs') },
      actions: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      resources: THIS_KEY,
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': arn('logs', `log-group:*${namePrefix}*`),
        },
      },
    },
    {
      // Notifications of S3, and CloudWatch's alarms, to encrypted queues and topics: these ask in nobody's name.
      // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
      sid: 'DeliverEvents',
      principal: { Service: ['cloudwatch.amazonaws.com', 's3.amazonaws.com'] },
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: THIS_KEY,
      conditions: { StringEquals: { 'aws:SourceAccount': accountId } },
    },
    {
      // What EventBridge could not deliver goes to an encrypted queue. It tells neither account nor rule: that is said of
      // topics, and nothing else of queues, so only AWS can show it. Who else could have EventBridge use the key gets
      // nothing by it: a queue's messages are handed out by its own policy.
      // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html ("not supported for EventBridge-to-encrypted topics")
      sid: 'DeliverFromEventBridge',
      principal: { Service: 'events.amazonaws.com' },
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: THIS_KEY,
    },
    {
      // What a topic could not deliver goes to an encrypted queue; its ARN names the account.
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
      sid: 'DeliverFromTopics',
      principal: { Service: 'sns.amazonaws.com' },
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: THIS_KEY,
      conditions: { ArnLike: { 'aws:SourceArn': arn('sns', `${namePrefix}*`) } },
    },
  ];
  return policyDocument(statements);
}

/**
 * A table's key is asked for in the name of who makes the table, reads it or writes to it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
const useByTables = (
  account: NonNullable<PolicyStatement['principal']>,
  viaDynamoDb: Readonly<Record<string, string | readonly string[]>>,
): PolicyStatement => ({
  sid: 'UseByIamThroughTables',
  principal: account,
  actions: [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  resources: THIS_KEY,
  conditions: { StringEquals: viaDynamoDb },
});
