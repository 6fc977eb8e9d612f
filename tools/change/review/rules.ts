import { accountIn } from './conditions';
import type { Path } from './mask';
import { blocksOf, listOf, textOf, type Json, type JsonObject } from './plan';

/** What a rule may ask beyond the value. */
export interface Context {
  /** The accounts that the plan's own resources are in. */
  readonly accounts: ReadonlySet<string>;
}

/** A question about the value of an attribute; undefined: it has none. */
export type Test = (value: Json | undefined, context: Context) => boolean;

export const isOff: Test = (value) =>
  value === undefined || value === null || value === false || value === '' || value === 'false';
export const isOn: Test = (value) => value === true || value === 'true';
export const isSet: Test = (value) => !isOff(value, NOBODY);
export const isNothing: Test = (value) => isOff(value, NOBODY) || value === 0;
export const is =
  (...values: readonly Json[]): Test =>
  (value) =>
    value !== undefined && values.includes(value);
/** None of these values; an attribute without a value is left to the service's default. */
export const isOther =
  (...values: readonly Json[]): Test =>
  (value) =>
    value !== undefined && value !== null && value !== '' && !values.includes(value);
export const looksLike =
  (pattern: RegExp): Test =>
  (value) =>
    pattern.test(textOf(value));

/** An ARN or an id of another account; where our own is not known, of any. */
export const isForeign: Test = (value, { accounts }) => {
  const account = accountIn(textOf(value));
  return account !== undefined && !accounts.has(account);
};

/** An ARN without an account, as those of buckets: it may be anybody's. */
export const isAnybodys: Test = (value, context) =>
  isForeign(value, context) || /^arn:[\w-]+:[\w-]+:[\w-]*::/u.test(textOf(value));

/** Addresses that are nobody's outside: RFC 1918, carrier-grade NAT, loopback, link-local, unique local. */
const PRIVATE =
  /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][\da-f]{2}:|fe80:|::1\/)/iu;

/** A range of addresses that is not one of a private network, or is wider than the private one it starts in. */
export const isPublicRange: Test = (value) => {
  const text = textOf(value);
  if (!/[.:].*\/\d+$/u.test(text)) return false;
  return !PRIVATE.test(text) || Number(text.split('/')[1]) < 7;
};

const NOBODY: Context = { accounts: new Set() };

/** What is said of an attribute whose value passes a test. */
export interface Rule {
  /** The attribute; blocks in lists are entered: `rule.destination.bucket`. */
  readonly at: string;
  readonly if: Test;
  /** Other attributes of the resource that must pass too. */
  readonly and?: Readonly<Record<string, Test>>;
  /** Continues the sentence that the resource begins. */
  readonly says: string;
  /** Other attributes whose values belong to the finding, such as ports. The attribute's own is always shown if it has one. */
  readonly with?: readonly string[];
  /** May be a choice: reported where a resource changes to it, not where it is created with it. */
  readonly byChoice?: true;
}

/** A setting whose smaller value deletes what is older. */
export interface Shrinking {
  readonly at: string;
  /** How many of the attribute's units are a day. */
  readonly perDay: number;
  /** What 0 or nothing means. */
  readonly zero?: 'for ever' | 'none';
}

/** The values at a dotted path, each with its own; one undefined where there are none. */
export function valuesAt(
  attributes: Json | undefined,
  dotted: string,
): readonly { readonly path: Path; readonly value: Json | undefined }[] {
  let found: { path: Path; value: Json | undefined }[] = [{ path: [], value: attributes }];
  for (const part of dotted.split('.')) {
    found = found
      .flatMap(({ path, value }) => entered(path, value))
      .flatMap(({ path, value }) =>
        typeof value === 'object' && value !== null
          ? [{ path: [...path, part], value: (value as JsonObject)[part] }]
          : [],
      );
  }
  const leaves = found.flatMap(({ path, value }) =>
    Array.isArray(value) && blocksOf(value).length === 0 ? entered(path, value) : [{ path, value }],
  );
  return leaves.length > 0 ? leaves : [{ path: dotted.split('.'), value: undefined }];
}

/** The members of a list, or the value itself. A document in a string is opened. */
function entered(path: Path, value: Json | undefined): { path: Path; value: Json | undefined }[] {
  if (!Array.isArray(value)) return [{ path, value }];
  return listOf(value).map((item, index) => ({ path: [...path, index], value: item }));
}
