/** One statement of an IAM policy, in the grammar of IAM's JSON. */
export interface PolicyStatement {
  /** Letters and digits only. */
  readonly sid: string;
  /** @default 'Allow' */
  readonly effect?: 'Allow' | 'Deny';
  /** Who it is about; only in the policy of a resource. */
  readonly principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  /** e.g. `s3:GetObject`. */
  readonly actions: readonly string[];
  /** ARNs, never `*` alone. Left out only where a role says who may assume it. */
  readonly resources?: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * A policy document as Terraform takes it: a JSON string, readable in a plan.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map(({ sid, effect = 'Allow', principal, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: effect,
      Principal: principal,
      Action: actions,
      Resource: resources,
      Condition: conditions,
    })),
  });
}

/** Refuses every request without TLS, from everybody. */
export function denyInsecureTransport(action: string, resources: readonly string[]): PolicyStatement {
  return {
    sid: 'DenyInsecureTransport',
    effect: 'Deny',
    principal: '*',
    actions: [action],
    resources,
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
