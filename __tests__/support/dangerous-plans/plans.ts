import type { JsonObject, Plan } from '../../../tools/change/review/plan';
import { planOf } from '../plans';

/** A plan that somebody must look at, and a part of what the review must say of it. */
export type Case = readonly [name: string, plan: Plan, says: string];

type Statement = Readonly<Record<string, unknown>>;

/** A policy that permits; a statement may refuse instead. */
export const policy = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) });

export const created = (type: string, after: JsonObject): Plan => planOf(type, null, after);
export const changed = (type: string, before: JsonObject, after: JsonObject): Plan =>
  planOf(type, before, after);
export const destroyed = (type: string, before: JsonObject): Plan => planOf(type, before, null);

/** The same change, in a module. */
export function inModule(plan: Plan): Plan {
  const address = (of: string): string => `module.edge.${of}`;
  return {
    ...plan,
    resource_changes: (plan.resource_changes ?? []).map((change) => ({
      ...change,
      address: address(change.address),
    })),
  };
}

export const READ = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
export const ANYTHING = { Action: '*', Resource: '*' };
export type { Statement };
