import { describe } from './names';
import { bucketsGone, fateOf, type JsonObject, type Plan, textOf, type ResourceChange } from './plan';
import type { PermissionChanges } from './permissions';

/** Exposure by type: the findings about a resource, in words. */
type Findings = (attributes: JsonObject) => readonly (string | false | undefined)[];

const isOff = (value: unknown): boolean =>
  value === undefined || value === null || value === false || value === '';

const OPEN: Readonly<Record<string, Findings>> = {
  aws_api_gateway_method: ({ authorization, api_key_required: key }) => [
    authorization === 'NONE' && isOff(key) && 'anyone may call it: authorization is NONE',
  ],
  aws_api_gateway_method_settings: ({ settings }) => [
    !/"throttling_rate_limit":\s*[1-9]/u.test(JSON.stringify(settings)) && 'calls are not throttled',
  ],
  aws_cloudwatch_log_group: ({ kms_key_id: key }) => [
    isOff(key) && 'log lines are not encrypted with your own key',
  ],
  aws_iam_openid_connect_provider: ({ client_id_list: clients }) => [
    !JSON.stringify(clients).includes('sts.amazonaws.com') &&
      'tokens for another audience than AWS STS are accepted',
  ],
  aws_kms_key: ({ enable_key_rotation: rotated, is_enabled: enabled }) => [
    isOff(rotated) && 'the key is not rotated',
    enabled === false && 'the key is disabled: data that it encrypted cannot be read',
  ],
  aws_lambda_function: ({ kms_key_arn: key, code_signing_config_arn: signing }) => [
    isOff(key) && 'environment variables are not encrypted with your own key',
    isOff(signing) && 'code is not checked for a signature',
  ],
  aws_lambda_function_url: ({ authorization_type: type }) => [
    type === 'NONE' && 'anyone may call it: AuthorizationType is NONE',
  ],
  aws_lambda_permission: ({ principal, source_account: account, source_arn: arn, principal_org_id: org }) => [
    principal === '*' && isOff(org) && 'anyone may invoke the function',
    principal === 's3.amazonaws.com' &&
      isOff(account) &&
      'a bucket of another account may invoke the function',
    textOf(principal).endsWith('.amazonaws.com') &&
      arn === null &&
      'any resource of that service may invoke the function',
  ],
  aws_s3_bucket_public_access_block: (attributes) =>
    ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'].map(
      (name) => isOff(attributes[name]) && `${name} is off: public access is possible`,
    ),
  aws_s3_bucket_server_side_encryption_configuration: ({ rule }) => [
    !JSON.stringify(rule).includes('aws:kms') && 'objects are not encrypted with your own key',
  ],
  aws_security_group: ({ ingress }) => [
    /"(?:0\.0\.0\.0\/0|::\/0)"/u.test(JSON.stringify(ingress ?? [])) && 'it lets the whole internet in',
  ],
  aws_sqs_queue: ({ sqs_managed_sse_enabled: managed, kms_master_key_id: key }) => [
    managed === false && isOff(key) && 'messages are not encrypted',
  ],
  aws_sns_topic: ({ kms_master_key_id: key }) => [isOff(key) && 'messages are not encrypted'],
};

/** The exposure that a missing resource causes, by type. */
const GUARDS: Readonly<Record<string, string>> = {
  aws_api_gateway_method_settings: 'calls are no longer throttled',
  aws_s3_bucket_ownership_controls: 'access lists of single objects count again',
  aws_s3_bucket_policy: 'requests without TLS are no longer refused',
  aws_s3_bucket_public_access_block: 'public access is possible',
  aws_s3_bucket_server_side_encryption_configuration: 'objects are encrypted as AWS does by default',
};

/** Findings that may be a choice: reported when a resource loses the protection, not when it is created without. */
const BY_CHOICE = /your own key|signature|not rotated/u;

/** The exposure that this plan adds: on resources that were closed before, or are new. */
export function exposures(plan: Plan, { widened }: PermissionChanges): string[] {
  const isGone = bucketsGone(plan);
  const findings = (plan.resource_changes ?? []).flatMap((resource) => {
    const { noun, name } = describe(resource);
    return opened(resource, isGone).map((what) => `${noun} \`${name}\`: ${what}`);
  });
  const open = widened
    .filter(
      ({ effect, principal, subject }) =>
        effect === 'Allow' && principal === '*' && !subject.startsWith('function '),
    )
    .map(
      ({ subject, condition }) =>
        `${subject}: its policy lets anyone in${condition === '' ? '' : `, if ${condition}`}`,
    );
  const tls = widened
    .filter(({ effect, condition }) => effect === 'Deny' && condition.includes('aws:SecureTransport'))
    .map(({ subject }) => `${subject}: requests without TLS are no longer refused`);
  return [...new Set([...findings, ...open, ...tls])];
}

function opened(resource: ResourceChange, bucketsGone: ReadonlySet<string>): string[] {
  const { type, change } = resource;
  const fate = fateOf(resource);
  if (fate === 'unchanged') return [];
  if (fate === 'destroyed' || fate === 'forgotten') {
    const guard = GUARDS[type];
    return guard === undefined || bucketsGone.has(textOf(change.before?.bucket)) ? [] : [guard];
  }
  const find = (attributes: JsonObject | null): string[] =>
    attributes === null
      ? []
      : (OPEN[type]?.(attributes) ?? []).filter((finding) => typeof finding === 'string');
  const before = find(change.before);
  return find(change.after)
    .filter((finding) => !before.includes(finding))
    .filter((finding) => change.before !== null || !BY_CHOICE.test(finding));
}
