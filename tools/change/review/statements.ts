import type { Json, JsonObject } from './plan';

/** The smallest permission: one action on one resource, for one principal, under one set of conditions. */
export interface Permission {
  readonly effect: 'Allow' | 'Deny';
  /** The principal; undefined in the policy of a role, whose principal is the role. */
  readonly principal: string | undefined;
  readonly action: string;
  readonly resource: string;
  /** e.g. `Bool aws:SecureTransport = false`; empty without conditions. */
  readonly condition: string;
}

/**
 * The permissions of a policy document, one by one. `NotAction`, `NotResource` and `NotPrincipal` stay one permission in their own notation.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * @param document JSON text
 */
export function permissionsOf(document: string): Permission[] {
  const { Statement: statements } = JSON.parse(document) as {
    Statement?: JsonObject | readonly JsonObject[];
  };
  return list(statements).flatMap((statement) => {
    const part = (name: string): string[] => {
      const not = statement[`Not${name}`];
      if (not !== undefined) return [`everything but ${list(not).map(text).join(', ')}`];
      return list(statement[name]).map(text);
    };
    const principals = [
      ...principalsOf(statement.Principal),
      ...principalsOf(statement.NotPrincipal, 'everyone but '),
    ];
    const condition = conditionOf(statement.Condition);
    const effect = statement.Effect === 'Deny' ? 'Deny' : 'Allow';
    // A trust policy names no resource; it applies to its role.
    const resources = part('Resource').length === 0 ? ['itself'] : part('Resource');
    return product(principals.length === 0 ? [undefined] : principals, part('Action'), resources).map(
      ([principal, action, resource]) => ({ effect, principal, action, resource, condition }),
    );
  });
}

/** Whether everything that `narrow` permits (or refuses) is permitted (or refused) by `wide` too. */
export function covers(wide: Permission, narrow: Permission): boolean {
  return (
    wide.effect === narrow.effect &&
    (wide.principal === narrow.principal || wide.principal === '*') &&
    matches(wide.action.toLowerCase(), narrow.action.toLowerCase()) &&
    matches(wide.resource, narrow.resource) &&
    (wide.condition === '' || wide.condition === narrow.condition)
  );
}

/** IAM's patterns: `*` is any text, `?` any character. A pattern inside the text counts as text, which is safe. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.+()|[\]{}]/gu, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(text);
}

function principalsOf(principal: Json | undefined, prefix = ''): string[] {
  if (principal === undefined || principal === null) return [];
  if (typeof principal !== 'object') return [`${prefix}${text(principal)}`];
  return Object.values(principal as JsonObject).flatMap((names) =>
    list(names).map((name) => `${prefix}${text(name)}`),
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
