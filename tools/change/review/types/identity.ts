import { is, isNothing, isOff, isOn, isOther, isSet, looksLike } from '../rules';
import type { Facts, Types } from './facts';

const ATTACHES = { action: "'everything in'", resource: 'policy_arn' };

const NO_BOUNDARY: Facts['exposes'] = [
  { at: 'permissions_boundary', if: isOff, says: 'no boundary limits its permissions', byChoice: true },
];

/** Who may do what: roles, users, keys, providers of identities. */
export const IDENTITY: Types = {
  aws_iam_access_key: {
    noun: 'access key of',
    opens: 'a long-lived key works from anywhere, and its secret is in the state',
  },
  aws_iam_account_password_policy: {
    exposes: [
      {
        at: 'minimum_password_length',
        if: looksLike(/^(?:\d|1[0-3])$/u),
        says: 'short passwords are accepted',
      },
    ],
    gone: { exposes: 'passwords are as AWS lets them be by default' },
  },
  aws_iam_group: {},
  aws_iam_group_membership: {
    noun: 'members of group',
    exposes: [{ at: 'users', if: isSet, says: 'a user has the rights of the group' }],
  },
  aws_iam_group_policy: { noun: 'policy of a group', subject: ['group', 'group'] },
  aws_iam_group_policy_attachment: { subject: ['group', 'group'], grants: ATTACHES },
  aws_iam_instance_profile: {},
  aws_iam_openid_connect_provider: {
    noun: 'OIDC provider',
    exposes: [
      {
        at: 'client_id_list',
        if: isOther('sts.amazonaws.com'),
        says: 'tokens for another audience than AWS STS are accepted',
      },
    ],
  },
  aws_iam_policy: { noun: 'IAM policy' },
  aws_iam_policy_attachment: { noun: 'attachments of policy', grants: ATTACHES },
  aws_iam_role: {
    noun: 'role',
    // A role tells the policies that it has, wherever they come from.
    mirrors: ['inline_policy', 'managed_policy_arns'],
    exposes: NO_BOUNDARY,
    grants: { action: "'everything in'", resource: 'managed_policy_arns' },
  },
  aws_iam_role_policies_exclusive: {},
  aws_iam_role_policy: { noun: 'policy of a role', subject: ['role', 'role'] },
  aws_iam_role_policy_attachment: { subject: ['role', 'role'], grants: ATTACHES },
  aws_iam_role_policy_attachments_exclusive: {},
  aws_iam_saml_provider: {
    noun: 'SAML provider',
    opens: 'those that it vouches for may assume the roles that trust it',
  },
  aws_iam_service_linked_role: {},
  aws_iam_user: {
    noun: 'user',
    opens: 'a user can have keys and a password that never expire',
    exposes: NO_BOUNDARY,
  },
  aws_iam_user_group_membership: {
    subject: ['user', 'user'],
    grants: { action: "'everything of the group'", resource: 'groups' },
  },
  aws_iam_user_login_profile: { noun: 'password of user', opens: 'the user may log in to the console' },
  aws_iam_user_policy: { noun: 'policy of a user', subject: ['user', 'user'] },
  aws_iam_user_policy_attachment: { subject: ['user', 'user'], grants: ATTACHES },
  aws_iam_user_ssh_key: { opens: 'a long-lived key works from anywhere' },
  aws_kms_alias: { noun: 'KMS key alias' },
  aws_kms_external_key: {
    noun: 'KMS key',
    holds: 'all data that it has encrypted, from the moment its deletion is scheduled',
  },
  aws_kms_grant: {
    subject: ['KMS key', 'key_id'],
    grants: { principal: 'grantee_principal', action: 'operations', resource: 'key_id' },
  },
  aws_kms_key: {
    noun: 'KMS key',
    holds: 'all data that it has encrypted, from the moment its deletion is scheduled',
    exposes: [
      { at: 'enable_key_rotation', if: isOff, says: 'the key is not rotated', byChoice: true },
      { at: 'is_enabled', if: is(false), says: 'the key is disabled: data that it encrypted cannot be read' },
      {
        at: 'bypass_policy_lockout_safety_check',
        if: isOn,
        says: 'a policy is accepted that locks everybody out',
      },
    ],
  },
  aws_kms_key_policy: { subject: ['KMS key', 'key_id'] },
  aws_kms_replica_key: { noun: 'KMS key', holds: 'all data that it has encrypted in this region' },
  aws_acm_certificate: {},
  aws_acm_certificate_validation: {},
  aws_signer_signing_profile: {},
  aws_cognito_user_pool: {
    holds: 'its users',
    loses: [
      { at: 'deletion_protection', if: isOther('ACTIVE'), says: 'is no longer protected against deletion' },
    ],
    exposes: [
      {
        at: 'mfa_configuration',
        if: isOther('ON'),
        says: 'users log in without a second factor',
        byChoice: true,
      },
      {
        at: 'admin_create_user_config.allow_admin_create_user_only',
        if: isOff,
        says: 'anyone may sign up',
        byChoice: true,
      },
    ],
  },
  aws_cognito_user_pool_client: {
    exposes: [
      {
        at: 'explicit_auth_flows',
        if: looksLike(/USER_PASSWORD_AUTH/u),
        says: 'passwords are sent as they are',
      },
    ],
  },
  aws_cognito_user_pool_domain: {},
  aws_cognito_identity_pool: {
    exposes: [{ at: 'allow_unauthenticated_identities', if: isOn, says: 'anyone gets credentials of AWS' }],
  },
  aws_ram_resource_share: {
    exposes: [
      { at: 'allow_external_principals', if: isOn, says: 'it may be shared with other organizations' },
    ],
  },
  aws_ram_resource_association: {},
  aws_ram_principal_association: { opens: 'what is shared is open to the principal' },
  aws_ssoadmin_permission_set_inline_policy: {},
  aws_ssoadmin_account_assignment: { opens: 'a person or group gets a role in an account' },
  aws_sagemaker_notebook_instance: {
    exposes: [
      { at: 'direct_internet_access', if: isOther('Disabled'), says: 'it reaches the internet' },
      { at: 'kms_key_id', if: isNothing, says: 'it is not encrypted with your own key', byChoice: true },
    ],
  },
};
