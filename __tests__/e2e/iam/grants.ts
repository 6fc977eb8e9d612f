import { elements, type EngineApi } from './engine-api';

/** One action on one resource that a policy of a role allows. */
export interface Grant {
  readonly role: string;
  /** The name of the inline policy. */
  readonly policy: string;
  readonly sid: string;
  readonly action: string;
  readonly resource: string;
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

const listOf = <T>(value: T | readonly T[]): readonly T[] =>
  (Array.isArray(value) ? value : [value]) as readonly T[];

/** The names of the roles that start with a prefix. */
export async function rolesOf(api: EngineApi, prefix: string): Promise<string[]> {
  const names = elements(await api.query('iam', 'ListRoles', { MaxItems: '1000' }), 'RoleName');
  return names.filter((name) => name.startsWith(prefix)).sort();
}

/** The inline policies of a role, by name. */
export async function policiesOf(api: EngineApi, role: string): Promise<Map<string, PolicyDocument>> {
  const names = elements(await api.query('iam', 'ListRolePolicies', { RoleName: role }), 'member');
  const documents = await Promise.all(
    names.map(async (name) => {
      const xml = await api.query('iam', 'GetRolePolicy', { RoleName: role, PolicyName: name });
      const [text = '{}'] = elements(xml, 'PolicyDocument');
      return [name, JSON.parse(decodeURIComponent(text)) as PolicyDocument] as const;
    }),
  );
  return new Map(documents);
}

/** Every pair of action and resource that a policy allows. */
export const grantsIn = (role: string, policy: string, { Statement: statements }: PolicyDocument): Grant[] =>
  statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Sid: sid = '', Action, Resource }) =>
      listOf(Action).flatMap((action) =>
        listOf(Resource).map((resource) => ({ role, policy, sid, action, resource })),
      ),
    );

/** A policy without one grant; undefined where nothing is left of it. */
export function without(
  document: PolicyDocument,
  { sid, action, resource }: Grant,
): PolicyDocument | undefined {
  const left = document.Statement.flatMap((statement) => {
    const actions = listOf(statement.Action);
    const resources = listOf(statement.Resource);
    if (statement.Sid !== sid || !actions.includes(action) || !resources.includes(resource))
      return [statement];
    // The other actions keep every resource; this one keeps the others.
    const split = [
      { ...statement, Action: actions.filter((other) => other !== action), Resource: resources },
      {
        ...statement,
        Sid: `${sid}Rest`,
        Action: [action],
        Resource: resources.filter((other) => other !== resource),
      },
    ];
    return split.filter(({ Action, Resource }) => Action.length > 0 && Resource.length > 0);
  });
  return left.length === 0 ? undefined : { ...document, Statement: left };
}

/** Takes a grant away, does something, and gives it back. */
export async function withoutGrant<T>(
  api: EngineApi,
  grant: Grant,
  document: PolicyDocument,
  work: () => Promise<T>,
): Promise<T> {
  const { role: RoleName, policy: PolicyName } = grant;
  const put = (policy: PolicyDocument): Promise<string> =>
    api.query('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument: JSON.stringify(policy) });
  const rest = without(document, grant);
  await (rest ? put(rest) : api.query('iam', 'DeleteRolePolicy', { RoleName, PolicyName }));
  try {
    return await work();
  } finally {
    await put(document);
  }
}
