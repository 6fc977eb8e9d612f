import { boundBy, UNBOUND, type Bound } from './conditions';
import type { Json, JsonObject } from './plan';

/** The smallest permission: one action on one resource, for one principal, under one set of conditions. */
export interface Permission {
  readonly effect: 'Allow' | 'Deny';
  /** The principal; undefined in the policy of a role, whose principal is the role. */
  readonly principal: string | undefined;
  /** `AWS`, `Service`, `Federated` or `CanonicalUser`; undefined without a principal. */
  readonly kind: string | undefined;
  readonly action: string;
  readonly resource: string;
  /** e.g. `Bool aws:SecureTransport = false`; empty without conditions. */
  readonly condition: string;
  /** Whom the conditions leave. */
  readonly bound: Bound;
}

/** Begins what `NotAction` and `NotResource` permit. */
export const EXCEPT = 'everything but ';

/** Begins whom `NotPrincipal` permits. */
export const EXCEPT_WHO = 'everyone but ';

/** A permission of nobody but the subject, without conditions. */
export const plainly = (action: string, resource: string): Permission => ({
  effect: 'Allow',
  principal: undefined,
  kind: undefined,
  action,
  resource,
  condition: '',
  bound: UNBOUND,
});

/** The text of a policy as its members; undefined where it is none: a policy has statements. */
function parsed(document: string): { readonly Statement?: JsonObject | readonly JsonObject[] } | undefined {
  if (!/^\s*\{/u.test(document)) return undefined;
  try {
    const found = JSON.parse(document) as JsonObject;
    return 'Statement' in found ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is a policy of IAM, under any name. */
export const isPolicy = (value: Json | undefined): value is string =>
  typeof value === 'string' && parsed(value) !== undefined;

/**
 * The permissions of a policy document, one by one. `NotAction`, `NotResource` and `NotPrincipal` stay one permission in their own notation.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * @param document JSON text
 */
export function permissionsOf(document: string): Permission[] {
  return list(parsed(document)?.Statement).flatMap((statement) => {
    const part = (name: string): string[] => {
      const not = statement[`Not${name}`];
      if (not !== undefined) return [`${EXCEPT}${list(not).map(text).join(', ')}`];
      return list(statement[name]).map(text);
    };
    const principals: readonly Principal[] = [
      ...principalsOf(statement.Principal),
      ...principalsOf(statement.NotPrincipal, EXCEPT_WHO),
    ];
    const condition = conditionOf(statement.Condition);
    const bound = boundBy(statement.Condition);
    const effect = statement.Effect === 'Deny' ? 'Deny' : 'Allow';
    // A trust policy names no resource; it applies to its role.
    const resources = part('Resource').length === 0 ? ['itself'] : part('Resource');
    const whose = principals.length === 0 ? [{ principal: undefined, kind: undefined }] : principals;
    return product(whose, part('Action'), resources).map(([who, action, resource]) => ({
      effect,
      ...who,
      action,
      resource,
      condition,
      bound,
    }));
  });
}

/** Whether everything that `narrow` permits (or refuses) is permitted (or refused) by `wide` too. */
export function covers(wide: Permission, narrow: Permission): boolean {
  return (
    wide.effect === narrow.effect &&
    (wide.principal === '*' || isSame(wide.principal, narrow.principal)) &&
    isWithin(wide.action.toLowerCase(), narrow.action.toLowerCase()) &&
    (isWithin(wide.resource, narrow.resource) || isSame(wide.resource, narrow.resource)) &&
    (wide.condition === '' || isSame(wide.condition, narrow.condition))
  );
}

/** What is excepted is no pattern of what is meant: "everything but *" is nothing. */
const isWithin = (wide: string, narrow: string): boolean =>
  wide === narrow || (!wide.startsWith(EXCEPT) && !narrow.startsWith(EXCEPT) && matches(wide, narrow));

/** A reference as it was written: `${aws_s3_bucket.uploads.arn}`. */
export const REFERENCE = /\$\{[^{}]{1,300}\}/gu;

/** Whether two texts are the same, or can be once the references of one of them are known. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  return couldBecome(one, other) || couldBecome(other, one);
}

function couldBecome(written: string, known: string): boolean {
  const pieces = written.split(REFERENCE);
  if (pieces.length === 1) return false;
  // What a reference becomes is one name or ARN: `*` would be another permission.
  const pattern = pieces.map(escaped).join('[^*?]+');
  return new RegExp(`^${pattern}$`, 'su').test(known);
}

const escaped = (literal: string): string => literal.replace(/[\\^$.*?+()|[\]{}]/gu, String.raw`\$&`);

/** IAM's patterns: `*` is any text, `?` any character. A pattern inside the text counts as text, which is safe. */
export function matches(pattern: string, text: string): boolean {
  if (!/[*?]/u.test(pattern)) return pattern === text; // most are none, and plans compare many
  const source = pattern
    .replace(/[\\^$.+()|[\]{}]/gu, String.raw`\$&`)
    .replaceAll(/\*+/gu, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(text);
}

type Principal = Pick<Permission, 'principal' | 'kind'>;

function principalsOf(principal: Json | undefined, prefix = ''): Principal[] {
  if (principal === undefined || principal === null) return [];
  if (typeof principal !== 'object') return [{ principal: `${prefix}${text(principal)}`, kind: 'AWS' }];
  return Object.entries(principal as JsonObject).flatMap(([kind, names]) =>
    list(names).map((name) => ({ principal: `${prefix}${text(name)}`, kind })),
  );
}

function conditionOf(condition: Json | undefined): string {
  const operators = Object.entries((condition ?? {}) as Readonly<Record<string, JsonObject>>);
  return operators
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, value]) => `${operator} ${key} = ${list(value).map(text).join(' or ')}`,
      ),
    )
    .sort()
    .join(' and ');
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** IAM writes a list of one as its only member. */
function list<T extends Json>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

const product = <A, B, C>(a: readonly A[], b: readonly B[], c: readonly C[]): [A, B, C][] =>
  a.flatMap((one) => b.flatMap((two) => c.map((three): [A, B, C] => [one, two, three])));
