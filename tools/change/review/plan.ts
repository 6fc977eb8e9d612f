import { ToolError } from '../../lib/errors';

/** A value in a plan. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** One resource of a plan, with the fields that the review reads. */
export interface ResourceChange {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly change: {
    /** `no-op`, `create`, `read`, `update`, `delete`; two for a replacement; `forget` since Terraform 1.7. */
    readonly actions: readonly string[];
    readonly before: JsonObject | null;
    readonly after: JsonObject | null;
    /** The attributes that are known only after the apply: true where a value will be. */
    readonly after_unknown?: JsonObject;
    /** true in the place of every sensitive value; a single true or false applies to the whole. */
    readonly before_sensitive?: Json;
    readonly after_sensitive?: Json;
    /** The attributes that force a replacement, as paths. */
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

/**
 * A plan, as `terraform show -json` writes it.
 * https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
 */
export interface Plan {
  readonly format_version: string;
  readonly errored?: boolean;
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<
    Record<string, { readonly actions: readonly string[]; readonly before?: Json }>
  >;
  readonly configuration?: {
    readonly root_module?: {
      readonly resources?: readonly { readonly address: string; readonly expressions?: JsonObject }[];
    };
  };
}

/**
 * Parses a plan.
 * @param source the name of the text in errors, e.g. its file
 * @throws {ToolError} if the text is not the JSON of a complete plan
 */
export function parsePlan(text: string, source: string): Plan {
  const howTo = 'Expected the output of `terraform show -json PLAN`, of a plan saved with `-out PLAN`.';
  let plan: unknown;
  try {
    plan = JSON.parse(text);
  } catch {
    throw new ToolError(`${source} is not JSON. ${howTo}`);
  }
  if (!isPlan(plan)) throw new ToolError(`${source} is JSON, but not a plan. ${howTo}`);
  if (!plan.format_version.startsWith('1.')) {
    throw new ToolError(`${source}: format_version is ${plan.format_version}; expected 1.x. ${howTo}`);
  }
  if (plan.errored === true) {
    throw new ToolError(`${source} is incomplete: the plan ended with an error. Plan again.`);
  }
  return plan;
}

function isPlan(value: unknown): value is Plan {
  return (
    typeof value === 'object' &&
    value !== null &&
    'format_version' in value &&
    typeof value.format_version === 'string' &&
    ('resource_changes' in value || 'planned_values' in value)
  );
}

/** A value as text: itself where it is text, its JSON otherwise; empty where there is none. */
export const textOf = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** What happens to a resource. */
export type Fate = 'unchanged' | 'created' | 'updated' | 'replaced' | 'destroyed' | 'forgotten';

/** The action on a resource, in one word. Reading a data source changes nothing. */
export function fateOf({ mode, change: { actions } }: ResourceChange): Fate {
  const has = (action: string): boolean => actions.includes(action);
  if (mode === 'data') return 'unchanged';
  if (has('delete')) return has('create') ? 'replaced' : 'destroyed';
  if (has('forget')) return 'forgotten';
  if (has('create')) return 'created';
  return has('update') ? 'updated' : 'unchanged';
}

/** A plan's resources that change. */
export const changedResources = (plan: Plan): ResourceChange[] =>
  (plan.resource_changes ?? []).filter((resource) => fateOf(resource) !== 'unchanged');

/** The expressions that the configuration gives a resource, as a tree of blocks. */
export function configurationOf(plan: Plan, { address }: ResourceChange): JsonObject {
  // `for_each` and `count` add an index to the address, which the configuration does not have.
  const plain = address.replace(/\[[^\]]*\]$/u, '');
  const found = plan.configuration?.root_module?.resources?.find((resource) => resource.address === plain);
  return found?.expressions ?? {};
}

/** Whether the configuration gives an attribute, or a block around it as one expression. */
export function isConfigured(expressions: JsonObject, path: readonly (string | number)[]): boolean {
  let node: Json | undefined = expressions;
  for (const part of path) {
    if (Array.isArray(node)) node = (node as readonly Json[])[typeof part === 'number' ? part : 0];
    if (typeof node !== 'object' || node === null) return false;
    if ('constant_value' in node || 'references' in node) return true;
    if (typeof part === 'string') node = (node as JsonObject)[part];
  }
  return node !== undefined;
}

/** The names of the buckets that are destroyed or replaced; their settings go with them. */
export const bucketsGone = (plan: Plan): ReadonlySet<string> =>
  new Set(
    changedResources(plan)
      .filter(({ type, change }) => type === 'aws_s3_bucket' && change.actions.includes('delete'))
      .map(({ change }) => textOf(change.before?.bucket)),
  );
