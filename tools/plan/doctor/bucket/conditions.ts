import { matches, textsOf } from './patterns';

/** What becomes of a request under a Deny: it passes, it is refused, or that cannot be told from here. */
export type Verdict = 'passes' | 'refused' | 'unknown';

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Condition keys that no request of the pipeline carries. */
const ABSENT = new Set([
  's3:x-amz-acl',
  's3:x-amz-grant-full-control',
  's3:x-amz-server-side-encryption',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  's3:x-amz-server-side-encryption-customer-algorithm',
  'aws:sourcevpc',
  'aws:sourcevpce',
]);

/** Those of which the value is known. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const known = (role: string): Readonly<Record<string, string>> => ({
  'aws:principalarn': role,
  'aws:principalisawsservice': 'false',
  'aws:principaltype': 'AssumedRole',
  'aws:securetransport': 'true',
  'aws:viaawsservice': 'false',
  's3:tlsversion': '1.3',
});

/** Each operator, as it holds for a value that is there. */
const OPERATORS: Readonly<Record<string, (expected: string, value: string) => boolean>> = {
  ArnEquals: matches,
  ArnLike: matches,
  Bool: (expected, value) => expected.toLowerCase() === value.toLowerCase(),
  NumericLessThan: (expected, value) => Number(value) < Number(expected),
  StringEquals: (expected, value) => expected === value,
  StringEqualsIgnoreCase: (expected, value) => expected.toLowerCase() === value.toLowerCase(),
  StringLike: matches,
};

/** @returns whether a Deny with this condition refuses a request of the role, and the keys that decide it */
export function fails(condition: Condition, role: string): { verdict: Verdict; keys: readonly string[] } {
  const entries = Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, expected]) => ({ key, holds: holds(operator, key, expected, role) })),
  );
  // All must hold, so one that does not lets the request pass.
  if (entries.some((entry) => entry.holds === false)) return { verdict: 'passes', keys: [] };
  const unknown = entries.filter((entry) => entry.holds === undefined);
  const deciding = unknown.length > 0 ? unknown : entries;
  return {
    verdict: unknown.length > 0 ? 'unknown' : 'refused',
    keys: deciding.map(({ key }) => key),
  };
}

/** @returns undefined where that cannot be told from here */
function holds(operator: string, key: string, expected: unknown, role: string): boolean | undefined {
  const name = key.toLowerCase();
  const value = known(role)[name];
  const absent = ABSENT.has(name);
  if (value === undefined && !absent) return undefined;
  if (operator === 'Null') return textsOf(expected).includes(String(absent));
  const ifExists = operator.endsWith('IfExists');
  const positive = operator.replace(/IfExists$/u, '').replace('Not', '');
  const negated = operator.includes('Not');
  const compare = OPERATORS[positive];
  if (compare === undefined) return undefined;
  // An absent key fulfils what is negated and what says IfExists, and nothing else.
  if (value === undefined) return negated || ifExists;
  return textsOf(expected).some((one) => compare(one, value)) !== negated;
}
