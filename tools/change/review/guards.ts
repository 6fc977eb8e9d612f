import { changedResources, fateOf, textOf, type Plan, type ResourceChange } from './plan';
import { factsOf } from './types';

/** The attributes that others name a resource by. */
const NAMES = ['arn', 'bucket', 'function_name', 'id', 'key_id', 'name', 'url'];

/** Whether what a resource protects is destroyed with it. */
export function isGuardedGone(plan: Plan, { type, change }: ResourceChange): boolean {
  const name = textOf(change.before?.[factsOf(type)?.protects ?? 'bucket']);
  return (
    name !== '' &&
    changedResources(plan).some(
      (other) =>
        (fateOf(other) === 'destroyed' || fateOf(other) === 'replaced') &&
        other.type !== type &&
        NAMES.some((attribute) => textOf(other.change.before?.[attribute]) === name),
    )
  );
}
