import { objects, type Account } from './account';
import { codes, md, words } from './markdown';
import type { Plan } from './plan';
import { leftBehind } from './prefixes';
import type { Risk } from './risk';

/** What nobody moves any more, and notifications of others that are overwritten. */
export function stranded(plan: Plan, account: Account): Risk[] {
  const left = leftBehind(plan)
    .filter(({ prefix }) => account.below(prefix)?.number !== 0)
    .map(({ resource, prefix, what }) => ({
      resource,
      what: md`no longer knows the prefix ${JSON.stringify(prefix)}`,
      detail: md`${objects(account.below(prefix))}: what lies below it ${words(what)}; list its pair in formerPrefixes (docs/operations.md)`,
    }));
  const lost = (plan.resource_changes ?? []).flatMap((resource) => {
    const others = account.overwritten(resource);
    if (others.length === 0) return [];
    const detail = md`: ${codes(others)}; a bucket has one configuration, and this writes all of it`;
    return [{ resource, what: words('take the place of others that Terraform does not know'), detail }];
  });
  return [...left, ...lost];
}
