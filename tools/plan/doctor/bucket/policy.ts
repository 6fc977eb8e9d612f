import { fails, type Verdict } from './conditions';
import { matches, textsOf } from './patterns';
import type { Wanted } from './wanted';

/** A request of the pipeline. */
interface Asked {
  readonly role: string;
  readonly action: string;
  /** A prefix of keys, or undefined for the bucket itself. */
  readonly prefix?: string;
}

/** A statement of the bucket's policy that refuses the pipeline something, or may. */
export interface Refusal {
  /** Its Sid, or its place. */
  readonly statement: string;
  readonly what: readonly string[];
  /** The condition keys that decide it; empty: it is refused always. */
  readonly keys: readonly string[];
  /** `unknown`: it depends on something that cannot be told from here. */
  readonly verdict: Exclude<Verdict, 'passes'>;
}

interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * What a bucket's policy refuses to the pipeline's roles. Within an account a permission of the role is enough, so only
 * refusals count. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @param account the pipeline's, where it is known
 */
export function refusalsOf(policy: string, wanted: Wanted, account?: string): Refusal[] {
  const { Statement: parsed = [] } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
  const statements = Array.isArray(parsed) ? (parsed as readonly Statement[]) : [parsed as Statement];
  const named = new Set(policy.match(/(?<=:)\d{12}(?=:)/gu));
  // Otherwise, let in if it is in one of the accounts that the policy names.
  const accounts = account !== undefined ? [account] : named.size > 0 ? [...named] : ['000000000000'];
  return statements.flatMap((statement, index) => {
    if (statement.Effect !== 'Deny') return [];
    const refused = requestsOf(wanted).flatMap((asked) => {
      if (!concerns(statement, asked, wanted.name)) return [];
      const verdicts = accounts.map((one) => judge(statement, arnsOf(asked.role, one)));
      if (verdicts.some(({ verdict }) => verdict === 'passes')) return [];
      const { verdict = 'unknown', keys = [] } =
        verdicts.find((one) => one.verdict === 'unknown') ?? verdicts[0] ?? {};
      return verdict === 'passes' ? [] : [{ ...asked, verdict, keys }];
    });
    const [first] = refused;
    if (first === undefined) return [];
    const verdict = refused.some((one) => one.verdict === 'refused') ? 'refused' : 'unknown';
    return [
      {
        statement: statement.Sid ?? `statement ${index + 1}`,
        what: [...new Set(refused.map(({ action }) => action))],
        keys: [...new Set(refused.flatMap(({ keys }) => keys))],
        verdict,
      } as const,
    ];
  });
}

function requestsOf({ roles, uploadPrefixes, processedPrefixes }: Wanted): Asked[] {
  const [mover = '', sweep = ''] = roles;
  return [
    { role: mover, action: 's3:ListBucket' },
    { role: sweep, action: 's3:ListBucket' },
    ...uploadPrefixes.flatMap((prefix) =>
      ['s3:GetObject', 's3:DeleteObject'].map((action) => ({ role: mover, action, prefix })),
    ),
    ...processedPrefixes.map((prefix) => ({ role: mover, action: 's3:PutObject', prefix })),
    { role: sweep, action: 's3:PutObject', prefix: '.upload-pipeline/' },
  ];
}

/** Whether a statement is about a request, whoever makes it. */
function concerns(statement: Statement, { action, prefix }: Asked, bucket: string): boolean {
  const names = (patterns: unknown): boolean =>
    textsOf(patterns).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  const acts = statement.Action === undefined ? !names(statement.NotAction) : names(statement.Action);
  const covers = (patterns: unknown): boolean =>
    textsOf(patterns).some((pattern) => {
      const resource = pattern.replace(/^arn:[^:]*:s3:::/u, '');
      if (prefix === undefined) return matches(resource, bucket);
      const [theirs = '', ...key] = resource.split('/');
      if (key.length === 0) return /[*?]$/u.test(resource) && matches(resource, `${bucket}/${prefix}x`);
      // A part of the prefix is enough.
      return matches(theirs, bucket) && reach(key.join('/'), prefix);
    });
  const there =
    statement.Resource === undefined ? !covers(statement.NotResource) : covers(statement.Resource);
  return acts && there;
}

/** Whether a pattern matches some key under a prefix: up to its first wildcard, one must begin with the other. */
function reach(pattern: string, prefix: string): boolean {
  const [literal = ''] = pattern.split(/[*?]/u, 1);
  return literal.startsWith(prefix) || (prefix.startsWith(literal) && literal !== pattern);
}

/** A role as policies may name it: itself, its sessions, its account. */
function arnsOf(role: string, account: string) {
  return {
    role: `arn:aws:iam::${account}:role/${role}`,
    principals: [
      '*',
      account,
      `arn:aws:iam::${account}:root`,
      `arn:aws:iam::${account}:role/${role}`,
      `arn:aws:sts::${account}:assumed-role/${role}/${role}`,
    ],
  };
}

/** What a statement makes of a request of a role that it is about. */
function judge(
  { Principal, NotPrincipal, Condition = {} }: Statement,
  { role, principals }: ReturnType<typeof arnsOf>,
): { verdict: Verdict; keys: readonly string[] } {
  const named = (who: unknown): boolean => {
    const aws = typeof who === 'string' ? who : (who as { AWS?: unknown } | undefined)?.AWS;
    return textsOf(aws).some((one) => principals.includes(one));
  };
  const meant = NotPrincipal === undefined ? named(Principal) : !named(NotPrincipal);
  return meant ? fails(Condition, role) : { verdict: 'passes', keys: [] };
}
