import { childOf, isSecret, SECRET, type Path } from './mask';
import { md, words, type Markdown } from './markdown';
import { settingName, unitOf } from './names';
import {
  configurationOf,
  fateOf,
  isConfigured,
  writtenText,
  type Json,
  type JsonObject,
  type Plan,
  type ResourceChange,
} from './plan';
import { isPolicy } from './statements';

/** One setting of one resource, before and after, as text with secrets masked. */
export interface SettingChange {
  readonly resource: ResourceChange;
  readonly path: Path;
  /** In AWS's words, e.g. `MemorySize`. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export const UNSET = 'not set';
const UNKNOWN = 'known after apply';

/** Attributes that other parts of the review cover, by type; `id` is AWS's own. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  aws_lambda_alias: ['function_version', 'routing_config'],
  aws_lambda_function: ['code_sha256', 'filename', 'source_code_hash', 'source_code_size'],
};

/**
 * The changed settings of a resource, leaf by leaf, as its configuration sets them: all of them where it is created.
 * Policies are told elsewhere, permission by permission.
 */
export function settingChanges(plan: Plan, resource: ResourceChange): SettingChange[] {
  const fate = fateOf(resource);
  if (fate !== 'created' && fate !== 'updated' && fate !== 'replaced') return [];
  const { before, after, after_unknown: unknown, before_sensitive, after_sensitive } = resource.change;
  const configuration = configurationOf(plan, resource);
  // Without a configuration, as where a module is not in the plan's, everything counts as set.
  const isSet = (path: Path): boolean =>
    Object.keys(configuration).length === 0 || isConfigured(configuration, path);
  const changes: SettingChange[] = [];
  const visit = (
    path: Path,
    rawOne: Json | undefined,
    rawOther: Json | undefined,
    isUnknown?: Json,
  ): void => {
    const [one, other] = [unpacked(rawOne), unpacked(rawOther)];
    const same = JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
    if (isUnknown !== true && same) return;
    if ([rawOne, rawOther].some(isPolicy) && [rawOne, rawOther].every((value) => !value || isPolicy(value)))
      return;
    const keys = isUnknown === true ? [] : keysOf(one, other, isUnknown);
    for (const key of keys)
      visit([...path, key], childOf(one, key), childOf(other, key), childOf(isUnknown, key));
    if (keys.length > 0) return;
    // A value known only after the apply is a change if the configuration sets it; otherwise AWS sets it. A
    // replacement begins anew: what AWS had filled in before is no setting that anybody takes back.
    if ((isUnknown === true || fate !== 'updated') && !isSet(path)) return;
    if (isUnknown === true && isWrittenPolicy(configuration, path)) return;
    const was = show(one, path, before_sensitive);
    const will = isUnknown === true ? UNKNOWN : show(other, path, after_sensitive);
    if (was === will && was !== SECRET) return; // e.g. an empty string and no value
    // Two secrets that differ look the same: that there is a change is still worth a line.
    changes.push({
      resource,
      path,
      name: settingName(path),
      before: was,
      after: will === was ? `${SECRET}, changed` : will,
    });
  };
  for (const name of new Set([
    ...Object.keys(before ?? {}),
    ...Object.keys(after ?? {}),
    ...Object.keys(unknown ?? {}),
  ])) {
    if (name === 'id' || ELSEWHERE[resource.type]?.includes(name)) continue;
    if (name === 'tags' && after?.tags_all !== undefined) continue;
    visit([name], before?.[name], after?.[name], unknown?.[name]);
  }
  return changes;
}

/** The name of a setting. A part of it may be a team's own word, such as a tag's key: then it is a value like others. */
export const settingLabel = (name: string): Markdown =>
  /^[\w.[\] -]+$/u.test(name) ? words(name) : md`${name}`;

/** A policy that only the apply knows whole; HCL does not say what it is but by its name. */
const isWrittenPolicy = (configuration: JsonObject, path: Path): boolean =>
  isPolicy(writtenText(configuration, path)) ||
  (writtenText(configuration, path) === undefined && String(path.at(-1)).includes('polic'));

/** A JSON document in a string (a dashboard, a redrive policy) is compared member by member, like other values. */
function unpacked(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/u.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** The keys to compare, those that only the apply will tell too; empty if the values are shown whole. */
function keysOf(
  one: Json | undefined,
  other: Json | undefined,
  later: Json | undefined,
): (string | number)[] {
  const present = [one, other, typeof other === 'object' && !Array.isArray(other) ? later : undefined].filter(
    (value) => value !== undefined && value !== null,
  );
  if (present.length === 0 || !present.every((value) => typeof value === 'object')) return [];
  const lists = present.filter((value) => Array.isArray(value)) as (readonly Json[])[];
  if (lists.length === 0) return [...new Set(present.flatMap((value) => Object.keys(value)))].sort();
  const plain = lists.length !== present.length || lists.flat().some((item) => typeof item !== 'object');
  return plain
    ? []
    : Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, index) => index);
}

/** A value that is longer is cut, and says so. */
const LONGEST = 240;

function show(value: Json | undefined, path: Path, sensitive: Json | undefined): string {
  if (value === undefined || value === null || value === '') return UNSET;
  // Terraform's value for no reservation.
  if (value === -1 && path.at(-1) === 'reserved_concurrent_executions') return UNSET;
  if (isSecret(value, path, sensitive)) return SECRET;
  if (typeof value === 'number') return `${value}${unitOf(path)}`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST)}… (${text.length - LONGEST} characters more)`;
}
