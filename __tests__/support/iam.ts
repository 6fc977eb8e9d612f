import { parse, type Block, type Statement, type Synthesized } from './synth';

/** What somebody wants to do. */
export interface Request {
  readonly action: string;
  /** The resource's ARN. */
  readonly resource: string;
  /** Condition keys and their values, e.g. `aws:SecureTransport`. @default a request over TLS */
  readonly context?: Readonly<Record<string, string>>;
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/**
 * Whether a request is allowed: some statement allows it and none denies it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * It knows the grammar that this project writes, and fails on anything else rather than to guess. Principals are not
 * looked at: whose statements count is for the caller to say.
 */
export function isAllowed(statements: readonly Omit<Statement, 'address'>[], request: Request): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return (
    applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny')
  );
}

/** Whether a statement is about a request. */
export function applies(statement: Omit<Statement, 'address'>, request: Request): boolean {
  const unknown = Object.keys(statement).filter(
    (key) => !['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition', 'address'].includes(key),
  );
  if (unknown.length > 0) throw new Error(`A statement with ${unknown.join(', ')} cannot be evaluated here.`);
  const { Action, Resource = [request.resource], Condition = {} } = statement;
  return (
    Action.some((pattern) => matches(pattern.toLowerCase(), request.action.toLowerCase())) &&
    Resource.some((pattern) => matches(pattern, request.resource)) &&
    holds(Condition as Conditions, { 'aws:SecureTransport': 'true', ...request.context })
  );
}

/** Every operator of every key must hold; a key that the request does not have makes it fail. */
function holds(conditions: Conditions, context: Readonly<Record<string, string>>): boolean {
  return Object.entries(conditions).every(([operator, keys]) => {
    const compare = OPERATORS[operator];
    if (compare === undefined)
      throw new Error(`The condition operator ${operator} cannot be evaluated here.`);
    return Object.entries(keys).every(([key, expected]) => {
      const value = context[key];
      const any = typeof expected === 'string' ? [expected] : expected;
      return value !== undefined && any.some((one) => compare(one, value));
    });
  });
}

const OPERATORS: Readonly<Record<string, (expected: string, value: string) => boolean>> = {
  ArnEquals: matches, // the same to IAM
  ArnLike: matches,
  Bool: (expected, value) => expected.toLowerCase() === value.toLowerCase(),
  StringEquals: (expected, value) => expected === value,
  StringLike: matches,
};

/** IAM's patterns: `*` is any text, `?` any character. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split(/([*?])/u).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replace(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}$`, 'su').test(text);
}

export const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

/**
 * The synthesized JSON as it would be deployed, as far as policies look at it: every reference to an ARN, a name or
 * the place of the deployment is a value.
 */
export function deployed(synthesized: string): Synthesized {
  const { resource } = parse(synthesized);
  return parse(
    synthesized
      .replace(/\$\{data\.aws_caller_identity\.[^}]*\}/gu, ACCOUNT)
      .replace(/\$\{data\.aws_region\.[^}]*\}/gu, REGION)
      .replace(/\$\{data\.aws_partition\.[^}]*\.dns_suffix\}/gu, 'amazonaws.com')
      .replace(/\$\{data\.aws_partition\.[^}]*\}/gu, 'aws')
      .replace(
        /\$\{(aws_\w+)\.([\w-]+)\.(arn|id|bucket|name|function_name)\}/gu,
        (reference, type: string, id: string, attribute: string) => {
          const name = nameOf(resource, type, id);
          return attribute === 'arn' ? (arnOf(type, name) ?? reference) : name;
        },
      ),
  );
}

function nameOf(resource: Synthesized['resource'], type: string, id: string): string {
  const block: Block | undefined = resource[type]?.[id];
  const names = ['function_name', 'bucket', 'bucket_prefix', 'name'].map((name) => block?.[name]);
  const found = names.find((name) => typeof name === 'string' && !name.startsWith('${'));
  const name = typeof found === 'string' ? found : id;
  // An alias says of its function only where that is.
  const [, functionId] =
    /^\$\{aws_lambda_function\.([\w-]+)\./u.exec(JSON.stringify(block?.function_name ?? '').slice(1)) ?? [];
  return functionId === undefined ? name : `${nameOf(resource, 'aws_lambda_function', functionId)}:${name}`;
}

function arnOf(type: string, name: string): string | undefined {
  const here = `${REGION}:${ACCOUNT}`;
  const arns: Readonly<Record<string, string>> = {
    aws_cloudwatch_log_group: `arn:aws:logs:${here}:log-group:${name}`,
    aws_dynamodb_table: `arn:aws:dynamodb:${here}:table/${name}`,
    aws_iam_policy: `arn:aws:iam::${ACCOUNT}:policy/${name}`,
    aws_iam_role: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    aws_kms_key: `arn:aws:kms:${here}:key/${name}`,
    aws_lambda_alias: `arn:aws:lambda:${here}:function:${name}`,
    aws_lambda_function: `arn:aws:lambda:${here}:function:${name}`,
    aws_s3_bucket: `arn:aws:s3:::${name}`,
    aws_sns_topic: `arn:aws:sns:${here}:${name}`,
    aws_sqs_queue: `arn:aws:sqs:${here}:${name}`,
  };
  return arns[type];
}

/** The statements of every policy of a type of resource, by that resource's id. */
export function policiesOf(
  { resource }: Synthesized,
  type: string,
): Map<string, Omit<Statement, 'address'>[]> {
  const entries = Object.entries(resource[type] ?? {}).map(([id, { policy }]) => {
    const { Statement = [] } = JSON.parse(typeof policy === 'string' ? policy : '{}') as {
      Statement?: Omit<Statement, 'address'>[];
    };
    return [id, Statement] as const;
  });
  return new Map(entries);
}

/** What each role may do: the statements of its own policies and of those attached to it, by the role's name. */
export function roles(synthesized: Synthesized): Map<string, Omit<Statement, 'address'>[]> {
  const all = new Map<string, Omit<Statement, 'address'>[]>();
  const give = (
    owner: Block[string] | undefined,
    id: string,
    statements: Omit<Statement, 'address'>[],
  ): void => {
    const role = typeof owner === 'string' ? owner : id;
    all.set(role, [...(all.get(role) ?? []), ...statements]);
  };
  for (const [id, statements] of policiesOf(synthesized, 'aws_iam_role_policy')) {
    give(synthesized.resource.aws_iam_role_policy?.[id]?.role, id, statements);
  }
  const attachable = policiesOf(synthesized, 'aws_iam_policy');
  for (const [id, block] of Object.entries(synthesized.resource.aws_iam_role_policy_attachment ?? {})) {
    const [policy = ''] =
      Object.entries(synthesized.resource.aws_iam_policy ?? {}).find(
        ([, { name }]) => block.policy_arn === arnOf('aws_iam_policy', typeof name === 'string' ? name : ''),
      ) ?? [];
    give(block.role, id, attachable.get(policy) ?? []);
  }
  return all;
}
