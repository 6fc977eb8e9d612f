import { bucketsGone, fateOf, type JsonObject, type Plan, textOf, type ResourceChange } from './plan';
import { settingName } from './names';
import { leftBehind, type Counts, type LeftBehind } from './prefixes';

/** A resource that would lose data. */
export interface Risk {
  readonly resource: ResourceChange;
  /** The change. */
  readonly what: string;
  /** The effect on its data; continues the sentence of `what`. */
  readonly detail: string;
}

type Told = Omit<Risk, 'resource'>;

/** The data lost when a resource is destroyed, by type. */
const HOLDERS: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: 'its log lines',
  aws_dynamodb_table: 'its items',
  aws_efs_file_system: 'its files',
  aws_kinesis_stream: 'its records',
  aws_kms_key: 'all data that it has encrypted, after its waiting period',
  aws_s3_bucket: 'its objects, with all versions',
  aws_sqs_queue: 'the messages that wait in it',
};

/** Settings whose smaller value deletes older data. */
const RETENTION: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: 'retention_in_days',
  aws_kinesis_stream: 'retention_period',
  aws_sqs_queue: 'message_retention_seconds',
};

/** Resources with data that are replaced, destroyed or keep less, in the plan's order. */
export function dataAtRisk(plan: Plan, counts: Counts = new Map()): Risk[] {
  const gone = bucketsGone(plan);
  const prefixes = leftBehind(plan).filter(({ prefix }) => counts.get(prefix) !== '0');
  return [...prefixes.map((left) => stranded(left, counts.get(left.prefix))), ...held(plan, gone)];
}

function stranded({ resource, prefix, what }: LeftBehind, number: string | undefined): Risk {
  const objects =
    number === undefined
      ? 'how many objects, the bucket could not be asked'
      : `${number} ${number === '1' ? 'object' : 'objects'}`;
  return {
    resource,
    what: `no longer knows the prefix ${JSON.stringify(prefix)}`,
    detail: ` (${objects}): what lies below it ${what}; list its pair in formerPrefixes (docs/operations.md)`,
  };
}

function held(plan: Plan, gone: ReadonlySet<string>): Risk[] {
  return (plan.resource_changes ?? []).flatMap((resource) =>
    [destroyed(resource), keptForLess(resource), unversioned(resource, gone), expiring(resource)]
      .filter((risk) => risk !== undefined)
      .map((risk) => ({ resource, ...risk })),
  );
}

function destroyed(resource: ResourceChange): Told | undefined {
  const lost = HOLDERS[resource.type];
  const fate = fateOf(resource);
  if (lost === undefined || (fate !== 'destroyed' && fate !== 'replaced')) return undefined;
  const emptyOnly =
    resource.type === 'aws_s3_bucket' && resource.change.before?.force_destroy !== true
      ? '; AWS refuses as long as it holds any (force_destroy is false)'
      : '';
  return { what: `will be ${fate}`, detail: `${reason(resource)} and loses ${lost}${emptyOnly}` };
}

/** The setting that forces a replacement. */
export function reason({ change }: ResourceChange): string {
  const forced = [...new Set((change.replace_paths ?? []).map(settingName))].join(', ');
  return forced === '' ? '' : ` because ${forced} changes`;
}

function keptForLess(resource: ResourceChange): Told | undefined {
  const name = RETENTION[resource.type];
  if (name === undefined || fateOf(resource) !== 'updated') return undefined;
  // 0 means for ever in CloudWatch and Terraform.
  const [was, is] = [resource.change.before, resource.change.after].map(
    (side) => numberIn(side, name) || Infinity,
  );
  if (was === undefined || is === undefined || is >= was) return undefined;
  const days = (value: number): string => (Number.isFinite(value) ? duration(value, name) : 'for ever');
  return {
    what: 'keeps data for less time',
    detail: ` (${days(was)} → ${days(is)}): older data is deleted`,
  };
}

const duration = (value: number, name: string): string => {
  const amount =
    name === 'message_retention_seconds' ? value / 86_400 : name === 'retention_period' ? value / 24 : value;
  return `${Number(amount.toFixed(2))} days`;
};

const numberIn = (attributes: JsonObject | null, name: string): number => Number(attributes?.[name] ?? 0);

function unversioned(resource: ResourceChange, gone: ReadonlySet<string>): Told | undefined {
  if (resource.type !== 'aws_s3_bucket_versioning') return undefined;
  const enabled = (attributes: JsonObject | null): boolean =>
    JSON.stringify(attributes).includes('"Enabled"');
  const { before, after } = resource.change;
  if (!enabled(before) || enabled(after) || gone.has(textOf(before?.bucket))) return undefined;
  return { what: 'ends', detail: ': later replacements and deletions are final' };
}

/** A new rule that expires objects, or one that expires them sooner. */
function expiring(resource: ResourceChange): Told | undefined {
  if (resource.type !== 'aws_s3_bucket_lifecycle_configuration') return undefined;
  const { before, after } = resource.change;
  const [was, is] = [expirations(before), expirations(after)];
  const sooner = [...is].filter(([id, days]) => days < (was.get(id) ?? Infinity));
  if (sooner.length === 0 || before === null) return undefined;
  const rules = sooner.map(([id, days]) => `rule ${id}: after ${days} days`).join('; ');
  return { what: 'deletes objects or older versions sooner', detail: ` (${rules})` };
}

/** By rule and kind, in days. */
function expirations(attributes: JsonObject | null): Map<string, number> {
  const found = new Map<string, number>();
  const rules = (attributes?.rule ?? []) as readonly JsonObject[];
  for (const { id, status, expiration, noncurrent_version_expiration: older } of rules) {
    if (status !== 'Enabled') continue;
    const [current] = (expiration ?? []) as readonly JsonObject[];
    const [noncurrent] = (older ?? []) as readonly JsonObject[];
    if (numberIn(current ?? null, 'days') > 0) found.set(textOf(id), numberIn(current ?? null, 'days'));
    const olderDays = numberIn(noncurrent ?? null, 'noncurrent_days');
    if (olderDays > 0) found.set(`${textOf(id)} (older versions)`, olderDays);
  }
  return found;
}
