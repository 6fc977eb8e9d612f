import { join, md, words, type Markdown } from './markdown';
import {
  blocksOf,
  configurationOf,
  expressionOf,
  fateOf,
  textOf,
  type JsonObject,
  type Plan,
  type ResourceChange,
} from './plan';

/** One way in which a lifecycle deletes or archives objects. */
interface Ending {
  readonly rule: string;
  readonly kind: 'deletes' | 'deletes older versions' | 'archives';
  /** After so many days; 0 for a date. */
  readonly days: number;
  readonly date: string;
  /** Older versions that are kept in any case. */
  readonly kept: number;
  readonly scope: Scope;
}

/** Which objects a rule is about. */
interface Scope {
  readonly prefix: string;
  readonly tags: readonly string[];
  readonly larger: number;
  readonly smaller: number;
}

/** Storage classes from which an object must be restored before it can be read. */
const ARCHIVES = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/**
 * The endings that a plan adds to an existing bucket: by a new lifecycle, a new rule, a wider filter, fewer days or a
 * date. https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function expiring(plan: Plan, resource: ResourceChange): { what: Markdown; detail: Markdown }[] {
  const { type, change } = resource;
  if (type !== 'aws_s3_bucket_lifecycle_configuration' || change.after === null) return [];
  if (change.before === null && isOfNewBucket(plan, resource)) return [];
  const was = endingsIn(change.before);
  const added = endingsIn(change.after).filter((ending) => !was.some((other) => isAsSoon(other, ending)));
  if (added.length === 0) return [];
  const rules = join(
    added.map(({ rule, kind, days, date, scope }) => {
      const when = date === '' ? words(`after ${days} days`) : md`on ${date}`;
      return md`rule ${rule}: ${words(kind)} ${when}, ${scope.prefix === '' ? words('in the whole bucket') : md`below ${scope.prefix}`}`;
    }),
    '; ',
  );
  return [{ what: words('deletes or archives objects or older versions sooner'), detail: md` (${rules})` }];
}

/** Whether the bucket begins with this plan, and so is empty. */
function isOfNewBucket(plan: Plan, resource: ResourceChange): boolean {
  const name = textOf(resource.change.after?.bucket);
  const expression = expressionOf(configurationOf(plan, resource), ['bucket']) as JsonObject | undefined;
  const references = JSON.stringify(expression ?? '');
  return (plan.resource_changes ?? []).some(
    (other) =>
      other.type === 'aws_s3_bucket' &&
      (fateOf(other) === 'created' || fateOf(other) === 'replaced') &&
      (name === '' ? references.includes(other.address) : other.change.after?.bucket === name),
  );
}

function endingsIn(attributes: JsonObject | null): Ending[] {
  return blocksOf(attributes?.rule)
    .filter(({ status }) => status === 'Enabled')
    .flatMap((rule) => {
      const about = { rule: textOf(rule.id), scope: scopeOf(rule), kept: 0 };
      const times = (block: JsonObject, name = 'days') => ({
        days: Number(block[name] ?? 0),
        date: textOf(block.date),
      });
      return [
        ...blocksOf(rule.expiration).map((block): Ending => ({ ...about, kind: 'deletes', ...times(block) })),
        ...blocksOf(rule.noncurrent_version_expiration).map((block): Ending => ({
          ...about,
          kind: 'deletes older versions',
          ...times(block, 'noncurrent_days'),
          kept: Number(block.newer_noncurrent_versions ?? 0),
        })),
        ...blocksOf(rule.transition)
          .filter((block) => ARCHIVES.has(textOf(block.storage_class)))
          .map((block): Ending => ({ ...about, kind: 'archives', ...times(block) })),
      ].filter(({ days, date }) => days > 0 || date !== '');
    });
}

function scopeOf(rule: JsonObject): Scope {
  const [filter = {}] = blocksOf(rule.filter);
  const [and = {}] = blocksOf(filter.and);
  const [tag] = blocksOf(filter.tag);
  const tags = Object.entries((and.tags ?? {}) as JsonObject).map(
    ([key, value]) => `${key}=${textOf(value)}`,
  );
  const either = (name: string): number => Number(filter[name] ?? 0) || Number(and[name] ?? 0);
  return {
    prefix: textOf(and.prefix) || textOf(filter.prefix) || textOf(rule.prefix),
    tags: tag === undefined ? tags : [...tags, `${textOf(tag.key)}=${textOf(tag.value)}`],
    larger: either('object_size_greater_than'),
    smaller: either('object_size_less_than') || Infinity,
  };
}

/** Whether one ending takes every object of another's at least as soon. */
function isAsSoon(one: Ending, other: Ending): boolean {
  return (
    one.kind === other.kind &&
    (other.date === ''
      ? one.date === '' && one.days <= other.days
      : one.date !== '' && one.date <= other.date) &&
    one.kept <= other.kept &&
    other.scope.prefix.startsWith(one.scope.prefix) &&
    one.scope.tags.every((tag) => other.scope.tags.includes(tag)) &&
    one.scope.larger <= other.scope.larger &&
    one.scope.smaller >= other.scope.smaller
  );
}
