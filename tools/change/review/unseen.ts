import { contextOf } from './context';
import { exposingRules } from './exposure';
import { findingsIn } from './findings';
import { join, md, words, type Markdown } from './markdown';
import { labelled } from './names';
import { changedResources, fateOf, type Plan } from './plan';
import { factsOf } from './types';

/** What this review cannot judge: types without a row in the table, and values that only the apply will tell. */
export function unseen(plan: Plan): Markdown[] {
  const context = contextOf(plan);
  const changed = changedResources(plan);
  const types = changed
    .filter(({ type }) => factsOf(type) === undefined)
    .map(
      (resource) =>
        md`${labelled(resource)} is ${words(fateOf(resource))}: the review does not know the type ${resource.type} (tools/change/review/types)`,
    );
  const values = changed.flatMap((resource) => {
    const { later } = findingsIn(plan, resource, 'after', exposingRules(resource.type), context);
    return later.length === 0
      ? []
      : [md`${labelled(resource)}: ${join(later.map(words))}, known only after the apply`];
  });
  const parts =
    plan.complete === false
      ? [words('the plan is not complete: a part of it is put off to a later one')]
      : [];
  return [...types, ...values, ...parts];
}
