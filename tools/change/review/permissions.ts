import { accountIn } from './conditions';
import { isMarked, type Path } from './mask';
import { md, words, type Markdown } from './markdown';
import { describe, labelled, withName } from './names';
import {
  configurationOf,
  expressionOf,
  fateOf,
  isConfigured,
  listOf,
  parseAddress,
  textOf,
  type Json,
  type JsonObject,
  type Plan,
  type ResourceChange,
} from './plan';
import { References } from './references';
import {
  covers,
  EXCEPT,
  isPolicy,
  matches,
  permissionsOf,
  plainly,
  REFERENCE,
  type Permission,
} from './statements';
import { valuesAt } from './rules';
import { factsOf } from './types';
import type { Grant } from './types/facts';

/** A permission, and the role that has it or the resource whose policy it is. */
export interface Entry extends Permission {
  /** e.g. role `mover`, queue `failures`. */
  readonly subject: Markdown;
  /** Its policy filters what passes through. */
  readonly isFilter: boolean;
  /** The table has rules of its own for whom it lets in. */
  readonly isRuled: boolean;
}

/** Changes of permissions. */
export interface PermissionChanges {
  /** Newly allowed, or no longer refused. */
  readonly widened: readonly Entry[];
  /** No longer allowed, or newly refused. */
  readonly narrowed: readonly Entry[];
  /** Policies whose text is not to be had, and why. */
  readonly unknown: readonly Markdown[];
}

/**
 * Compares the permissions of each subject before and after. A permission that moves to another policy of the same
 * role, or that another permission covers, is not a change.
 */
export function permissionChanges(plan: Plan): PermissionChanges {
  const before: Entry[] = [];
  const after: Entry[] = [];
  const unknown: Markdown[] = [];
  const [open, born, gone] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const references = new References(plan);
  for (const resource of plan.resource_changes ?? []) {
    if (resource.mode === 'data') continue;
    const subject = subjectOf(plan, resource);
    const documents = documentsOf(plan, resource, references);
    const { isFilter = false, grants, exposes = [] } = factsOf(resource.type) ?? {};
    const isRuled = grants?.principal !== undefined && exposes.some(({ at }) => at === grants.principal);
    const as = (permission: Permission): Entry => ({ ...permission, subject, isFilter, isRuled });
    before.push(
      ...[...documents.before.flatMap(permissionsOf), ...granted(resource, 'before', plan)].map(as),
    );
    after.push(...[...documents.after.flatMap(permissionsOf), ...granted(resource, 'after', plan)].map(as));
    unknown.push(...documents.unknown);
    if (documents.unknown.length > 0) open.add(subject.text);
    if (fateOf(resource) === 'created' && factsOf(resource.type)?.subject === undefined)
      born.add(subject.text);
    if (fateOf(resource) === 'destroyed' && factsOf(resource.type)?.subject === undefined)
      gone.add(subject.text);
  }
  const widened: Entry[] = [];
  const narrowed: Entry[] = [];
  const [allBefore, allAfter] = [bySubject(before), bySubject(after)];
  for (const subject of new Set([...allBefore.keys(), ...allAfter.keys()])) {
    const [was, is] = [allBefore.get(subject) ?? [], allAfter.get(subject) ?? []];
    const added = is.filter((entry) => !was.some((other) => covers(other, entry)));
    // An unknown policy may still contain a permission that seems to be lost.
    const removed = open.has(subject) ? [] : was.filter((entry) => !is.some((other) => covers(other, entry)));
    const freed = removed.filter((entry) => !allows(entry) && !gone.has(subject) && matters(entry, is));
    widened.push(...added.filter(allows), ...freed);
    // A Deny on a new resource narrows nothing.
    narrowed.push(
      ...removed.filter(allows),
      ...added.filter((entry) => !allows(entry) && !born.has(subject)),
    );
  }
  return { widened, narrowed, unknown };
}

function bySubject(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const grouped = new Map<string, Entry[]>();
  for (const entry of entries) {
    const those = grouped.get(entry.subject.text);
    if (those) those.push(entry);
    else grouped.set(entry.subject.text, [entry]);
  }
  return grouped;
}

/** Whether the end of a refusal matters beside what is permitted: a role that may not do it anyway is refused no less. */
const matters = (refusal: Entry, beside: readonly Entry[]): boolean =>
  refusal.principal !== undefined ||
  beside
    .filter(allows)
    .some(
      ({ action }) => !action.includes(':') || action.startsWith(EXCEPT) || overlaps(refusal.action, action),
    );

const overlaps = (one: string, other: string): boolean =>
  one.startsWith(EXCEPT) ||
  matches(one.toLowerCase(), other.toLowerCase()) ||
  matches(other.toLowerCase(), one.toLowerCase());

const allows = ({ effect }: Entry): boolean => effect === 'Allow';

interface Documents {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly unknown: readonly Markdown[];
}

/** Permits everything that comes through: an endpoint without a policy of its own. */
const EVERYTHING = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

/** The policies of a resource, found by what they are and not by the attribute that holds them. */
function documentsOf(plan: Plan, resource: ResourceChange, references: References): Documents {
  const { before, after, after_unknown, before_sensitive, after_sensitive } = resource.change;
  const expressions = configurationOf(plan, resource);
  const mirrors = factsOf(resource.type)?.mirrors ?? [];
  const isOwn = ([name]: Path): boolean =>
    !mirrors.includes(String(name)) || isConfigured(expressions, [String(name)]);
  const unknown: Markdown[] = [];
  const readable = (attributes: JsonObject | null, sensitive: Json | undefined): string[] =>
    leavesOf(attributes).flatMap(({ path, value }) => {
      if (!isPolicy(value) || !isOwn(path)) return [];
      if (!isMarked(sensitive, path)) return [value];
      unknown.push(md`${title(resource)}: Terraform calls it sensitive`);
      return [];
    });
  const found = { before: readable(before, before_sensitive), after: readable(after, after_sensitive) };
  const later = new Set(
    leavesOf(after_unknown ?? null)
      .filter(({ path, value }) => value === true && isConfigured(expressions, path))
      .map(({ path }) => String(path[0])),
  );
  for (const name of later) {
    const written = leavesOf(expressions[name]).filter(({ path }) => path.at(-1) === 'constant_value');
    const texts = written
      .map(({ value }) => references.resolve(textOf(value), resource.address))
      .filter(isPolicy);
    found.after.push(...texts);
    // HCL does not tell what is written; then the name of the attribute has to do.
    const isUnread =
      texts.some((text) => references.isOpen(text)) ||
      (IAM_BY_NAME.test(name) && isUnwritten(expressions[name]));
    if (isUnread) unknown.push(title(resource));
  }
  if (factsOf(resource.type)?.isFilter) {
    if (before !== null && found.before.length === 0) found.before.push(EVERYTHING);
    const stays = after !== null || !endpointGoes(plan, resource);
    const isElsewhere =
      resource.type === 'aws_vpc_endpoint' &&
      (plan.resource_changes ?? []).some(
        ({ type, change }) => type === 'aws_vpc_endpoint_policy' && change.after !== null,
      );
    if (stays && found.after.length === 0 && unknown.length === 0 && !isElsewhere)
      found.after.push(EVERYTHING);
  }
  return { ...found, unknown: [...new Map(unknown.map((line) => [line.text, line])).values()] };
}

/** Attributes that hold policies of IAM, by their names; those of queues and topics about something else are none. */
const IAM_BY_NAME = /^(?!archive_|delivery_|filter_|redrive_|replay_).*(?:polic|document)/u;

/** Whether an expression, or one of a block, refers to something and does not tell what is written around it. */
function isUnwritten(node: Json | undefined): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if ('references' in node || 'constant_value' in node) return !('constant_value' in node);
  if (!Array.isArray(node) && Object.keys(node).length === 0) return true; // a function of constants
  return Object.values(node as JsonObject).some(isUnwritten);
}

/** Whether the endpoint of a policy that goes goes too. */
function endpointGoes(plan: Plan, { type, change }: ResourceChange): boolean {
  if (type === 'aws_vpc_endpoint') return true;
  return (plan.resource_changes ?? []).some(
    (other) =>
      other.type === 'aws_vpc_endpoint' &&
      fateOf(other) === 'destroyed' &&
      textOf(other.change.before?.id) === textOf(change.before?.vpc_endpoint_id),
  );
}

/** Every value that is no list and no block, with the way to it. */
function leavesOf(value: Json | undefined, path: Path = []): { readonly path: Path; readonly value: Json }[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') return [{ path, value }];
  return Array.isArray(value)
    ? listOf(value).flatMap((item, index) => leavesOf(item, [...path, index]))
    : Object.entries(value as JsonObject).flatMap(([name, item]) => leavesOf(item, [...path, name]));
}

/** The permissions that a resource is by itself, without a policy: an attachment, a grant. */
function granted(resource: ResourceChange, side: 'before' | 'after', plan: Plan): Permission[] {
  const grant = factsOf(resource.type)?.grants;
  const attributes = resource.change[side];
  if (grant === undefined || attributes === null) return [];
  if (
    factsOf(resource.type)?.mirrors?.includes(grant.resource) &&
    !isConfigured(configurationOf(plan, resource), [grant.resource])
  )
    return [];
  const read = (name: string): string[] =>
    name.startsWith("'")
      ? [name.slice(1, -1)]
      : valuesAt(attributes, name).flatMap(({ value }) =>
          value === null ? [] : [value === undefined ? written(plan, resource, name) : textOf(value)],
        );
  const condition = conditionsOf(grant, attributes, (name) => written(plan, resource, name));
  const qualifier = textOf(attributes.qualifier);
  return read(grant.resource).flatMap((on) =>
    read(grant.action).flatMap((action) =>
      (grant.principal === undefined ? [undefined] : read(grant.principal)).map((principal) => ({
        ...plainly(action, qualifier === '' ? on : `${on}:${qualifier}`),
        ...(principal !== undefined && {
          principal,
          kind: /\.amazonaws\.com(?:\.cn)?$/u.test(principal) ? 'Service' : 'AWS',
        }),
        condition: condition.map(([key, value]) => `${key} = ${value}`).join(' and '),
        bound: {
          isBound: condition.length > 0,
          accounts: condition.flatMap(([, value]) => accountIn(value) ?? []),
          addresses: [],
          hasSubject: false,
        },
      })),
    ),
  );
}

/** AWS fills in an attribute that is missing from a plan. */
const UNKNOWN = '(known after apply)';

function conditionsOf(
  { conditions = {} }: Grant,
  attributes: JsonObject,
  laterText: (name: string) => string,
): [string, string][] {
  return Object.entries(conditions).flatMap(([name, key]) =>
    valuesAt(attributes, name).flatMap(({ value }): [string, string][] => {
      if (value === null || value === '') return [];
      if (value !== undefined) return [[key, textOf(value)]];
      // An attribute that is left out is known after the apply; a block is not there.
      return name.includes('.') ? [] : [[key, laterText(name)]];
    }),
  );
}

/** What the configuration says of a value that the plan does not know. */
function written(plan: Plan, resource: ResourceChange, name: string): string {
  const expression = expressionOf(configurationOf(plan, resource), [name]) as JsonObject | undefined;
  return typeof expression?.constant_value === 'string' ? expression.constant_value : UNKNOWN;
}

/** The subject of permissions; all policies of one role share a subject. */
function subjectOf(plan: Plan, resource: ResourceChange): Markdown {
  const [noun, attribute] = factsOf(resource.type)?.subject ?? [];
  if (noun === undefined || attribute === undefined) return labelled(resource);
  const { before, after } = resource.change;
  const value = textOf(before?.[attribute]) || textOf(after?.[attribute]);
  if (value !== '') return withName(noun, value.replace(/^(?:https?:\/\/|arn:).*[/:]/u, ''));
  // Not known yet: named as the resource that the configuration refers to.
  const text = written(plan, resource, attribute);
  const [reference] = text.match(REFERENCE) ?? [];
  const address = reference?.slice(2, -1).replace(/\.[\w-]+$/u, '');
  const { modules } = parseAddress(resource.address);
  const there = (plan.resource_changes ?? []).find(
    (other) =>
      address !== undefined &&
      other.address === [...modules.flatMap((name) => ['module', name]), address].join('.'),
  );
  if (there !== undefined) return withName(noun, describe(there).name);
  return reference === undefined ? withName(noun, `of ${resource.address}`) : withName(noun, text);
}

function title(resource: ResourceChange): Markdown {
  const of = resource.change.after?.role ?? resource.change.before?.role;
  return typeof of === 'string'
    ? md`${labelled(resource)} (role ${of})`
    : md`${labelled(resource)}${words('')}`;
}
