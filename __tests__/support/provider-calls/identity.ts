import { ACCOUNT } from '../iam';
import { always, HERE, named, type CallsByType } from './calls';

export const IDENTITY: CallsByType = {
  aws_iam_policy: {
    arn: named(`arn:aws:iam::${ACCOUNT}:policy/`),
    read: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
    create: [],
    change: ['iam:TagPolicy', 'iam:UntagPolicy'],
  },
  aws_iam_role: {
    arn: named(`arn:aws:iam::${ACCOUNT}:role/`),
    read: ['iam:GetRole', 'iam:ListRolePolicies', 'iam:ListAttachedRolePolicies', 'iam:GetRolePolicy'],
    create: ['iam:CreateRole', 'iam:TagRole'],
    change: [
      'iam:DeleteRole',
      'iam:TagRole',
      'iam:UntagRole',
      'iam:UpdateAssumeRolePolicy',
      'iam:UpdateRoleDescription',
    ],
  },
  aws_iam_role_policy: {
    arn: named(`arn:aws:iam::${ACCOUNT}:role/`, 'role'),
    read: ['iam:GetRolePolicy'],
    create: ['iam:PutRolePolicy'],
    change: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
  },
  aws_iam_role_policy_attachment: {
    arn: named(`arn:aws:iam::${ACCOUNT}:role/`, 'role'),
    read: ['iam:ListAttachedRolePolicies'],
    create: [],
    change: [],
  },
  aws_kms_alias: {
    arn: named(`arn:aws:kms:${HERE}:`),
    read: ['kms:ListAliases'],
    create: ['kms:CreateAlias'],
    change: ['kms:UpdateAlias', 'kms:DeleteAlias'],
    alsoCreate: ['CreateAlias', 'UpdateAlias', 'DeleteAlias'].map(
      (action) => [`kms:${action}`, `arn:aws:kms:${HERE}:key/1234`] as const,
    ),
  },
  aws_kms_key: {
    arn: always(`arn:aws:kms:${HERE}:key/1234`),
    read: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
    create: [
      'kms:CreateKey',
      'kms:TagResource',
      // Before AWS knows a new key by its tags:
      'kms:DescribeKey',
      'kms:EnableKeyRotation',
      'kms:GetKeyPolicy',
      'kms:GetKeyRotationStatus',
      'kms:ListResourceTags',
    ],
    change: [
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
  },
};
