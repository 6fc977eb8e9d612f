import { childOf, isSecret, type Path } from './mask';
import { settingName, unitOf } from './names';
import { configurationOf, fateOf, isConfigured, type Json, type Plan, type ResourceChange } from './plan';

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
const SECRET = '(sensitive)';
const UNKNOWN = 'known after apply';

/** Attributes that other parts of the review cover, and duplicates. */
const ELSEWHERE = new Set([
  'assume_role_policy',
  'code_sha256',
  'filename',
  'function_version',
  'id',
  'inline_policy',
  'policy',
  'routing_config',
  'source_code_hash',
  'source_code_size',
]);

/** The changed settings of an updated or replaced resource, leaf by leaf, as its configuration sets them. */
export function settingChanges(plan: Plan, resource: ResourceChange): SettingChange[] {
  const fate = fateOf(resource);
  if (fate !== 'updated' && fate !== 'replaced') return [];
  const { before, after, after_unknown: unknown, before_sensitive, after_sensitive } = resource.change;
  const configuration = configurationOf(plan, resource);
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
    const keys = isUnknown === true ? [] : keysOf(one, other);
    for (const key of keys)
      visit([...path, key], childOf(one, key), childOf(other, key), childOf(isUnknown, key));
    if (keys.length > 0) return;
    // A value known only after the apply is a change if the configuration sets it; otherwise AWS sets it. A
    // replacement begins anew: what AWS had filled in before is no setting that anybody takes back.
    if ((isUnknown === true || fate === 'replaced') && !isConfigured(configuration, path)) return;
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
    if (ELSEWHERE.has(name) || (name === 'tags' && after?.tags_all !== undefined)) continue;
    visit([name], before?.[name], after?.[name], unknown?.[name]);
  }
  return changes;
}

/** A JSON document in a string (a dashboard, a redrive policy) is compared member by member, like other values. */
function unpacked(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/u.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** The keys to compare; empty if the values are shown whole. */
function keysOf(one: Json | undefined, other: Json | undefined): (string | number)[] {
  const present = [one, other].filter((value) => value !== undefined && value !== null);
  if (present.length === 0 || !present.every((value) => typeof value === 'object')) return [];
  const lists = present.filter((value) => Array.isArray(value)) as (readonly Json[])[];
  if (lists.length === 0) return [...new Set(present.flatMap((value) => Object.keys(value)))].sort();
  const plain = lists.length !== present.length || lists.flat().some((item) => typeof item !== 'object');
  return plain
    ? []
    : Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, index) => index);
}

const LONGEST = 120;

function show(value: Json | undefined, path: Path, sensitive: Json | undefined): string {
  if (value === undefined || value === null || value === '') return UNSET;
  // Terraform's value for no reservation.
  if (value === -1 && path.at(-1) === 'reserved_concurrent_executions') return UNSET;
  if (isSecret(value, path, sensitive)) return SECRET;
  if (typeof value === 'number') return `${value}${unitOf(path)}`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
