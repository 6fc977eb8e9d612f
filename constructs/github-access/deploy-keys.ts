import { arnIn, ours, type PermissionsOf } from './deployed-names';

const NAME = ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'];

/**
 * KMS keys: that of the alarms, and the one of `encryption`. Nothing here reads what queues or buckets keep, and nothing
 * makes a key: who may tag a new key may tag every key of the account, and would have it with its tag.
 * https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html
 */
export const keyPermissions: PermissionsOf = (target, names) => {
  const arn = arnIn(target);
  const anyKey = arn('kms', 'key/*');
  const read = ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'];
  const through = (service: string) => ({
    StringEquals: {
      ...ours(names).StringEquals,
      'kms:ViaService': target.endpointOf(service),
    },
  });
  const throughLambda = through('lambda');
  return {
    read: [
      { sid: 'LookAtKeys', actions: read, resources: [anyKey], conditions: ours(names) },
      {
        // Lambda shows a function's environment only to whoever may decrypt it; a plan would want to write it anew.
        sid: 'LookAtEnvironments',
        actions: ['kms:Decrypt'],
        resources: [anyKey],
        conditions: throughLambda,
      },
    ],
    write: [
      {
        sid: 'ChangeKeys',
        actions: [
          'kms:DisableKey',
          'kms:DisableKeyRotation',
          'kms:EnableKey',
          'kms:EnableKeyRotation',
          'kms:PutKeyPolicy',
          'kms:ScheduleKeyDeletion',
          'kms:TagResource',
          'kms:UntagResource',
          'kms:UpdateKeyDescription',
        ],
        resources: [anyKey],
        conditions: ours(names),
      },
      {
        // Both the alias and its key must be allowed, so neither another alias nor another key is in reach.
        sid: 'NameKeys',
        actions: NAME,
        resources: [arn('kms', `alias/${names.namePrefix}`)],
      },
      { sid: 'NameOurKeys', actions: NAME, resources: [anyKey], conditions: ours(names) },
      {
        // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
        sid: 'EncryptEnvironments',
        actions: ['kms:CreateGrant', 'kms:Encrypt'],
        resources: [anyKey],
        conditions: throughLambda,
      },
      {
        // DynamoDB asks in the name of whoever makes a table. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
        sid: 'EncryptTables',
        actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
        resources: [anyKey],
        conditions: through('dynamodb'),
      },
    ],
  };
};
