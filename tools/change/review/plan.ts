import { ToolError } from '../../lib/errors';

/** A value in a plan. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** One resource of a plan, with the fields that the review reads. */
export interface ResourceChange {
  /** With its modules and its key: `module.a["x"].aws_sqs_queue.jobs[0]`. */
  readonly address: string;
  /** Where the plan moves it from. */
  readonly previous_address?: string;
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
    /** What becomes managed here without being created. */
    readonly importing?: { readonly id?: string } | null;
  };
}

/** A module of the configuration. */
interface Module {
  readonly resources?: readonly { readonly address: string; readonly expressions?: JsonObject }[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: Module }>>;
}

/** A module of the state. */
interface StateModule {
  readonly resources?: readonly {
    readonly address: string;
    readonly type?: string;
    readonly values?: JsonObject;
  }[];
}

/**
 * A plan, as `terraform show -json` writes it.
 * https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
 */
export interface Plan {
  readonly format_version: string;
  readonly errored?: boolean;
  /** false: a part was deferred to a later plan. */
  readonly complete?: boolean;
  readonly resource_changes?: readonly ResourceChange[];
  /** What was changed outside Terraform since the last apply. */
  readonly resource_drift?: readonly ResourceChange[];
  readonly output_changes?: Readonly<
    Record<string, { readonly actions: readonly string[]; readonly before?: Json }>
  >;
  readonly prior_state?: { readonly values?: { readonly root_module?: StateModule } };
  readonly configuration?: { readonly root_module?: Module };
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

/** The members of a list; none where the value is not a list. */
export const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : [];

/** The blocks of an attribute. */
export const blocksOf = (value: Json | undefined): readonly JsonObject[] =>
  listOf(value).filter((item): item is JsonObject => typeof item === 'object' && item !== null);

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

/** An address in its parts: the modules it is in, from the outside; the name without type and key. */
export interface Address {
  readonly modules: readonly string[];
  /** In its module, without a key: `aws_sqs_queue.jobs`. */
  readonly local: string;
  readonly name: string;
  /** e.g. `["a"]`, `[0]`; empty without `for_each` and `count`. */
  readonly key: string;
}

/** A key may hold any text, so only a text in quotes may hold dots and brackets. */
const STEP = /([^.[\]]+)((?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?)\.?/uy;

export function parseAddress(address: string): Address {
  const steps: { readonly name: string; readonly key: string }[] = [];
  STEP.lastIndex = 0;
  for (let found = STEP.exec(address); found !== null; found = STEP.exec(address)) {
    steps.push({ name: found[1] ?? '', key: found[2] ?? '' });
  }
  const modules: string[] = [];
  while (steps.length > 2 && steps[0]?.name === 'module') modules.push(steps.splice(0, 2)[1]?.name ?? '');
  const last = steps.at(-1);
  return {
    modules,
    local: steps.map(({ name }) => name).join('.'),
    name: last?.name ?? address,
    key: last?.key ?? '',
  };
}

/** The expressions that the configuration gives a resource, as a tree of blocks. */
export function configurationOf(plan: Plan, { address }: Pick<ResourceChange, 'address'>): JsonObject {
  const { modules, local } = parseAddress(address);
  let module = plan.configuration?.root_module;
  for (const name of modules) module = module?.module_calls?.[name]?.module;
  return module?.resources?.find((resource) => resource.address === local)?.expressions ?? {};
}

/** The expression that the configuration gives an attribute, or a block around it; undefined: none. */
export function expressionOf(
  expressions: JsonObject,
  path: readonly (string | number)[],
): JsonObject | readonly Json[] | undefined {
  let node: Json | undefined = expressions;
  for (const part of path) {
    if (Array.isArray(node)) node = (node as readonly Json[])[typeof part === 'number' ? part : 0];
    if (typeof node !== 'object' || node === null) return undefined;
    if ('constant_value' in node || 'references' in node) return node;
    if (typeof part === 'string') node = (node as JsonObject)[part];
  }
  return typeof node === 'object' && node !== null ? node : undefined;
}

/** Whether the configuration gives an attribute, or a block around it as one expression. */
export const isConfigured = (expressions: JsonObject, path: readonly (string | number)[]): boolean =>
  expressionOf(expressions, path) !== undefined;

/**
 * The text that the configuration gives an attribute, with its references as they were written: `${aws_s3_bucket.b.arn}/*`.
 * Configuration in JSON, as cdktf writes it, is a constant to the plan's JSON; HCL's is not, and has none.
 * https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function writtenText(expressions: JsonObject, path: readonly (string | number)[]): string | undefined {
  const expression = expressionOf(expressions, path);
  if (expression === undefined || !('constant_value' in expression)) return undefined;
  return typeof expression.constant_value === 'string' ? expression.constant_value : undefined;
}
