import { isSecret } from './mask';
import { describe } from './names';
import {
  changedResources,
  configurationOf,
  type Json,
  type JsonObject,
  type Plan,
  type ResourceChange,
} from './plan';
import { covers, permissionsOf, type Permission } from './statements';

/** A permission, and the role that has it or the resource whose policy it is. */
export interface Entry extends Permission {
  /** e.g. `role mover`, `queue failures`. */
  readonly subject: string;
}

/** Changes of permissions. */
export interface PermissionChanges {
  /** Newly allowed, or no longer refused. */
  readonly widened: readonly Entry[];
  /** No longer allowed, or newly refused. */
  readonly narrowed: readonly Entry[];
  /** Policies whose text is known only after the apply: `policy move-uploads of role mover`. */
  readonly unknown: readonly string[];
}

/** The blocks of the synthesized JSON: `resource.TYPE.NAME`. */
export type SynthesizedResources = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** The attributes that hold policy documents. */
const DOCUMENTS = ['policy', 'assume_role_policy'] as const;

const UNKNOWN = '(known after apply)';

/**
 * Compares the permissions of each subject before and after. A permission that moves to another policy of the same
 * role, or that another permission covers, is not a change.
 * @param synthesized gives the text of a new policy that the plan does not know yet
 */
export function permissionChanges(plan: Plan, synthesized: SynthesizedResources = {}): PermissionChanges {
  const before: Entry[] = [];
  const after: Entry[] = [];
  const unknown = new Map<string, string[]>();
  for (const resource of plan.resource_changes ?? []) {
    // A bucket's own `policy` is what AWS had when it was last read: its policy is a resource of its own.
    if (resource.mode === 'data' || resource.type === 'aws_s3_bucket') continue;
    const { change } = resource;
    const was = entriesOf(resource, change.before);
    before.push(...was);
    const told = withSynthesized(plan, resource, was.length === 0 ? synthesized : {});
    after.push(...entriesOf(resource, told ?? change.after));
    if (told !== undefined) continue;
    const subject = subjectOf(resource, change.before ?? change.after ?? {});
    unknown.set(subject, [...(unknown.get(subject) ?? []), title(resource)]);
  }
  const widened: Entry[] = [];
  const narrowed: Entry[] = [];
  const [born, gone] = [subjectsThat(plan, 'create'), subjectsThat(plan, 'delete')];
  for (const subject of new Set([...before, ...after].map((entry) => entry.subject))) {
    const isAbout = (entry: Entry): boolean => entry.subject === subject;
    const [was, is] = [before.filter(isAbout), after.filter(isAbout)];
    const added = is.filter((entry) => !was.some((other) => covers(other, entry)));
    // An unknown policy may still contain a permission that seems to be lost.
    const removed = unknown.has(subject)
      ? []
      : was.filter((entry) => !is.some((other) => covers(other, entry)));
    widened.push(...added.filter(allows), ...removed.filter((entry) => !allows(entry) && !gone.has(subject)));
    // A Deny on a new resource narrows nothing.
    narrowed.push(
      ...removed.filter(allows),
      ...added.filter((entry) => !allows(entry) && !born.has(subject)),
    );
  }
  return { widened, narrowed, unknown: [...unknown.values()].flat() };
}

const allows = ({ effect }: Entry): boolean => effect === 'Allow';

/** The subjects that begin or end with the apply, such as a bucket with its policy. */
function subjectsThat(plan: Plan, action: 'create' | 'delete'): ReadonlySet<string> {
  const things = changedResources(plan).filter(
    ({ type, change }) => change.actions.includes(action) && !/_policy$|_permission$/u.test(type),
  );
  return new Set(
    things.map((resource) => {
      const attributes = action === 'create' ? resource.change.after : resource.change.before;
      return subjectOf(resource, attributes ?? {});
    }),
  );
}

/** The attributes after the apply; undefined if one of their policies is not known yet. */
function withSynthesized(
  plan: Plan,
  resource: ResourceChange,
  synthesized: SynthesizedResources,
): JsonObject | null | undefined {
  const { after, after_unknown: isUnknown = {} } = resource.change;
  const configured = configurationOf(plan, resource);
  const missing = DOCUMENTS.filter((name) => isUnknown[name] === true && name in configured);
  if (missing.length === 0) return after;
  const block = synthesized[resource.type]?.[resource.address.slice(resource.address.indexOf('.') + 1)];
  if (!missing.every((name) => typeof block?.[name] === 'string')) return undefined;
  return { ...after, ...Object.fromEntries(missing.map((name) => [name, block?.[name]])) };
}

function entriesOf(resource: ResourceChange, attributes: JsonObject | null): Entry[] {
  if (attributes === null) return [];
  const subject = subjectOf(resource, attributes);
  return permissionsIn(resource, attributes).map((permission) => ({ ...permission, subject }));
}

function permissionsIn(resource: ResourceChange, attributes: JsonObject): Permission[] {
  const { before_sensitive: before, after_sensitive: after } = resource.change;
  if (resource.type === 'aws_lambda_permission') return [invokePermission(attributes)];
  if (resource.type === 'aws_iam_role_policy_attachment') {
    const policy = text(attributes.policy_arn);
    return [
      { effect: 'Allow', principal: undefined, action: 'everything in', resource: policy, condition: '' },
    ];
  }
  return DOCUMENTS.flatMap((name) => {
    const document = attributes[name];
    if (typeof document !== 'string' || !document.startsWith('{')) return [];
    if (isSecret(document, [name], before) || isSecret(document, [name], after)) return [];
    return permissionsOf(document);
  });
}

/** A function's resource policy; each of its statements is a resource. */
function invokePermission(attributes: JsonObject): Permission {
  const conditions = {
    source_arn: 'aws:SourceArn',
    source_account: 'aws:SourceAccount',
    principal_org_id: 'aws:PrincipalOrgID',
  };
  const qualifier = attributes.qualifier ? `:${text(attributes.qualifier)}` : '';
  return {
    effect: 'Allow',
    principal: text(attributes.principal),
    action: text(attributes.action),
    resource: `${text(attributes.function_name)}${qualifier}`,
    condition: Object.entries(conditions)
      .filter(([name]) => attributes[name] !== null && attributes[name] !== '')
      .map(([name, key]) => `${key} = ${text(attributes[name])}`)
      .join(' and '),
  };
}

/** The subject of permissions; all policies of one role share a subject. */
function subjectOf(resource: ResourceChange, attributes: JsonObject): string {
  const { role, function_name: functionName, bucket } = attributes;
  if (resource.type === 'aws_lambda_permission') return `function ${text(functionName)}`;
  if (resource.type.startsWith('aws_iam_role_policy')) return `role ${text(role)}`;
  if (resource.type === 'aws_s3_bucket_policy') return `bucket ${text(bucket)}`;
  const { noun, name } = describe(resource);
  return `${noun} ${name}`;
}

function title(resource: ResourceChange): string {
  const { noun, name } = describe(resource);
  const of = resource.change.after?.role;
  return `${noun} ${name}${typeof of === 'string' ? ` (role ${of})` : ''}`;
}

/** AWS fills in an attribute that is missing from a plan. */
const text = (value: Json | undefined): string =>
  value === undefined ? UNKNOWN : typeof value === 'string' ? value : JSON.stringify(value);
