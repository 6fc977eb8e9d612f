import type { JsonObject, ResourceChange } from './plan';

/** AWS's names of Terraform's resource types. */
const NOUNS: Readonly<Record<string, string>> = {
  aws_api_gateway_method: 'API method',
  aws_api_gateway_method_settings: 'API method settings',
  aws_api_gateway_rest_api: 'REST API',
  aws_api_gateway_stage: 'API stage',
  aws_cloudwatch_dashboard: 'CloudWatch dashboard',
  aws_cloudwatch_log_group: 'log group',
  aws_cloudwatch_metric_alarm: 'alarm',
  aws_dynamodb_table: 'DynamoDB table',
  aws_iam_openid_connect_provider: 'OIDC provider',
  aws_iam_policy: 'IAM policy',
  aws_iam_role: 'role',
  aws_iam_role_policy: 'policy of a role',
  aws_kinesis_stream: 'Kinesis stream',
  aws_kms_alias: 'KMS key alias',
  aws_kms_key: 'KMS key',
  aws_lambda_alias: 'alias',
  aws_lambda_function: 'function',
  aws_lambda_function_event_invoke_config: 'asynchronous invocation of',
  aws_lambda_function_url: 'function URL',
  aws_lambda_permission: 'permission to invoke',
  aws_lambda_provisioned_concurrency_config: 'provisioned concurrency of',
  aws_s3_bucket: 'bucket',
  aws_s3_bucket_lifecycle_configuration: 'lifecycle of bucket',
  aws_s3_bucket_notification: 'notifications of bucket',
  aws_s3_bucket_ownership_controls: 'object ownership of bucket',
  aws_s3_bucket_policy: 'policy of bucket',
  aws_s3_bucket_public_access_block: 'public access block of bucket',
  aws_s3_bucket_server_side_encryption_configuration: 'encryption of bucket',
  aws_s3_bucket_versioning: 'versioning of bucket',
  aws_sns_topic: 'SNS topic',
  aws_sqs_queue: 'queue',
  aws_vpc_endpoint: 'VPC endpoint',
};

/** Attributes with a resource's name, the most specific first. */
const NAMES = ['function_name', 'bucket', 'alarm_name', 'dashboard_name', 'name', 'http_method', 'url'];

/** A readable name of a resource: `function plans-process-upload`. */
export function describe({ type, address, change }: ResourceChange): { noun: string; name: string } {
  const noun = NOUNS[type] ?? type.replace(/^aws_/u, '').replaceAll('_', ' ');
  // People know the current name; the new one may not be known yet.
  const name = nameIn(change.before) ?? nameIn(change.after) ?? ownName(address);
  return { noun, name };
}

/** An address without its type and the hash that cdktf adds. */
const ownName = (address: string): string =>
  address.slice(address.indexOf('.') + 1).replace(/_[\dA-F]{8}$/u, '');

function nameIn(attributes: JsonObject | null): string | undefined {
  const found = NAMES.map((name) => attributes?.[name]).find(
    (value) => typeof value === 'string' && value !== '',
  );
  if (typeof found !== 'string') return undefined;
  // An alias and its settings are named by function and alias.
  const qualifier = 'function_version' in (attributes ?? {}) ? attributes?.name : attributes?.qualifier;
  const name = found.replace(/^arn:.*:function:/u, '');
  return typeof qualifier === 'string' && qualifier !== '' ? `${name}:${qualifier}` : name;
}

/** AWS's names that differ from Terraform's in more than spelling. */
const AWS_NAMES: Readonly<Record<string, string>> = {
  description: 'Description',
  fifo_queue: 'FifoQueue',
  kms_key_arn: 'KMSKeyArn',
  kms_key_id: 'KmsKeyId',
  kms_master_key_id: 'KmsMasterKeyId',
  max_message_size: 'MaximumMessageSize',
  message_retention_seconds: 'MessageRetentionPeriod',
  receive_wait_time_seconds: 'ReceiveMessageWaitTimeSeconds',
  retention_in_days: 'RetentionInDays',
  sqs_managed_sse_enabled: 'SqsManagedSseEnabled',
  tags_all: 'Tags',
  visibility_timeout_seconds: 'VisibilityTimeout',
};

const UNITS: Readonly<Record<string, string>> = {
  maximum_event_age_in_seconds: 's',
  memory_size: 'MB',
  message_retention_seconds: 's',
  retention_in_days: 'days',
  timeout: 's',
  visibility_timeout_seconds: 's',
};

/** Attributes whose keys are chosen by a team, not by Terraform. */
const FREE_KEYS = new Set(['tags', 'tags_all', 'variables', 'additional_version_weights']);

/**
 * A setting in AWS's words: `["environment", 0, "variables", "LOG_LEVEL"]` is `Environment.Variables.LOG_LEVEL`.
 * Terraform wraps a single block into a list; its index is left out.
 */
export function settingName(path: readonly (string | number)[]): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return part === 0 ? '' : `[${part}]`;
      const before = path[index - 1];
      const isFree = typeof before === 'string' && FREE_KEYS.has(before);
      const name = isFree ? part : (AWS_NAMES[part] ?? pascalCase(part));
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}

/** The unit of a setting, with the space before it; empty where it has none. */
export function unitOf(path: readonly (string | number)[]): string {
  const unit = UNITS[String(path.at(-1))];
  return unit === undefined ? '' : ` ${unit}`;
}

const pascalCase = (text: string): string =>
  text.replace(/(?:^|_)([a-z\d])/gu, (_, letter: string) => letter.toUpperCase());
