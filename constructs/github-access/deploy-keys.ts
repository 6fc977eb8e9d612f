import { arnIn, madeByUs, ours, type PermissionsOf } from './deployed-names';

/** KMS keys: that of the alarms, and the one of `encryption`. Nothing here reads what queues or buckets keep. */
export const keyPermissions: PermissionsOf = (target, names) => {
  const arn = arnIn(target);
  const anyKey = arn('kms', 'key/*');
  const read = ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'];
  const through = (service: string) => ({
    StringEquals: {
      ...ours(names).StringEquals,
      'kms:ViaService': `${service}.${target.region}.amazonaws.com`,
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
      // A key has no ARN before it is made, and who may tag one while making it must be allowed to for all.
      {
        sid: 'MakeKeys',
        actions: ['kms:CreateKey', 'kms:TagResource'],
        resources: ['*'],
        conditions: madeByUs(names),
      },
      // It may take AWS five minutes until a new key's tags count: until then, what harms none.
      // https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html
      { sid: 'FinishKeys', actions: [...read, 'kms:EnableKeyRotation'], resources: [anyKey] },
      {
        sid: 'ChangeKeys',
        actions: [
          'kms:DisableKey',
          'kms:DisableKeyRotation',
          'kms:EnableKey',
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
        // Both the alias and its key must be allowed, so another alias is out of reach.
        sid: 'NameKeys',
        actions: ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'],
        resources: [arn('kms', `alias/${names.namePrefix}`), anyKey],
      },
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
