import { md, words, type Markdown } from './markdown';
import { parseAddress, type JsonObject, type ResourceChange } from './plan';
import { factsOf } from './types';

/** Attributes with a resource's name, the most specific first. */
const NAMES = ['function_name', 'bucket', 'alarm_name', 'dashboard_name', 'name', 'http_method', 'url'];

/** A readable name of a resource: `function plans-process-upload`. */
export function describe({ type, address, change }: ResourceChange): { noun: string; name: string } {
  const noun = factsOf(type)?.noun ?? type.replace(/^aws_/u, '').replaceAll('_', ' ');
  // People know the current name; the new one may not be known yet.
  const name = nameIn(change.before) ?? nameIn(change.after) ?? ownName(address);
  return { noun, name };
}

/** A resource in the review: its noun and its name. */
export function labelled(resource: ResourceChange): Markdown {
  const { noun, name } = describe(resource);
  return withName(noun, name);
}

/** @param noun a word of this project's, or the type of a resource */
export const withName = (noun: string, name: string): Markdown => md`${words(plain(noun))} ${name}`;

/** The type of a resource is a plan's too. */
const plain = (noun: string): string => noun.replace(/[^\w ]/gu, '?');

/** An address without its type and the hash that cdktf adds, with its modules and its key. */
function ownName(address: string): string {
  const { modules, name, key } = parseAddress(address);
  return [...modules, `${name.replace(/_[\dA-F]{8}$/u, '')}${key}`].join('.');
}

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
