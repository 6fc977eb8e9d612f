import { ACCOUNT } from '../iam';
import { always, HERE, named, text, type CallsByType } from './calls';

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
    context: (block) => ({ 'iam:PermissionsBoundary': text(block.permissions_boundary) }),
    change: [
      'iam:DeleteRole',
      'iam:PutRolePermissionsBoundary', // for those that are older than it
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
    // That of the policy's role.
    context: () => ({ 'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/test-github-boundary` }),
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
    create: [],
    onlyPeople: [
      ['kms:CreateKey', '*'],
      ['kms:TagResource', `arn:aws:kms:${HERE}:key/1234`],
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
