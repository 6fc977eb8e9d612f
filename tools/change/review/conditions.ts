import { listOf, type Json, type JsonObject } from './plan';

/** Whom the conditions of a statement leave of everyone. */
export interface Bound {
  /** Whether they bind the caller to certain accounts, organizations, resources or networks. */
  readonly isBound: boolean;
  /** The accounts among them. */
  readonly accounts: readonly string[];
  /** The internet addresses among them: whoever has one needs no credentials. */
  readonly addresses: readonly string[];
  /** Whether they name the identity that a provider such as GitHub vouches for. */
  readonly hasSubject: boolean;
}

export const UNBOUND: Bound = { isBound: false, accounts: [], addresses: [], hasSubject: false };

/**
 * The keys that bind a caller, where their value is fixed. S3 calls a policy with one of them not public.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
const BINDING = new Set(
  [
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
    'aws:ResourceAccount',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceIp',
    'aws:SourceOrgID',
    'aws:SourceOrgPaths',
    'aws:SourceOwner',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:userid',
    'aws:VpcSourceIp',
    'kms:CallerAccount',
    's3:DataAccessPointAccount',
    's3:DataAccessPointArn',
    'lambda:SourceFunctionArn',
  ]
    .filter((key) => key !== 'aws:ResourceAccount') // says whose the resource is, not who calls
    .map((key) => key.toLowerCase()),
);

/**
 * Operators that a request without the key does not pass. With `IfExists` and `ForAllValues:` it passes.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const BINDING_OPERATOR =
  /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/iu;

/** An account's id in a value: by itself, or in an ARN. */
const ACCOUNT = /^(?:\d{12}$|arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}):)/u;

/** The account that a value names; undefined where it names none. */
export const accountIn = (value: string): string | undefined => {
  const found = ACCOUNT.exec(value);
  return found === null ? undefined : (found[1] ?? found[0]);
};

/** @param condition the `Condition` of a statement: all of it must hold, so one binding key is enough */
export function boundBy(condition: Json | undefined): Bound {
  const found: { key: string; values: readonly string[] }[] = [];
  let hasSubject = false;
  for (const [operator, keys] of Object.entries((condition ?? {}) as Readonly<Record<string, JsonObject>>)) {
    if (!BINDING_OPERATOR.test(operator)) continue;
    for (const [name, value] of Object.entries(keys)) {
      const key = name.toLowerCase();
      const values = (Array.isArray(value) ? listOf(value) : [value ?? '']).map((one) =>
        typeof one === 'string' ? one : JSON.stringify(one),
      );
      if (values.length === 0) continue;
      if (key.endsWith(':sub') && values.every(isSubject)) hasSubject = true;
      if (BINDING.has(key) && values.every((one) => isFixed(key, one))) found.push({ key, values });
    }
  }
  const byAddress = found.filter(({ key }) => key === 'aws:sourceip');
  const others = found.filter(({ key }) => key !== 'aws:sourceip' && key !== 'aws:vpcsourceip');
  return {
    isBound: found.length > 0,
    accounts: others.flatMap(({ values }) => values).flatMap((value) => accountIn(value) ?? []),
    addresses: others.length > 0 ? [] : byAddress.flatMap(({ values }) => values),
    hasSubject,
  };
}

/** A value that does not stand for everybody. The account of an ARN may not be a pattern; the rest of it may. */
function isFixed(key: string, value: string): boolean {
  if (key.endsWith('ip')) return !/\/[0-7]$/u.test(value);
  if (key === 'aws:userid') return !/^[*?]|^AROA?[*?]|^[A-Z]{4,5}\*?:\*$/u.test(value);
  if (key.endsWith('arn') || value.startsWith('arn:')) {
    const [, , service = '', , account = ''] = value.split(':');
    // A bucket's ARN has no account: its name is unique.
    return (
      value.startsWith('${') ||
      (service === 's3' && !/[*?]/u.test(value.split(':')[5] ?? '*')) ||
      /^\d{12}$|^\$\{/u.test(account)
    );
  }
  return value !== '' && !/^[*?]|^o-\*/u.test(value) && !(key.endsWith('account') && /[*?]/u.test(value));
}

/** GitHub's subject names the owner first: `repo:*` is everybody's. */
const isSubject = (value: string): boolean => !/^[^:]*[*?]/u.test(value) && !/^\w+:[^/]*[*?]/u.test(value);
