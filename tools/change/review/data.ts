import { findingsIn } from './findings';
import { expiring } from './lifecycle';
import { md, NOTHING, words, type Markdown } from './markdown';
import { settingName } from './names';
import { settingLabel } from './settings';
import { isGuardedGone } from './guards';
import { fateOf, type Plan, type ResourceChange } from './plan';
import type { Account } from './account';
import type { Risk } from './risk';
import { stranded } from './stranded';
import { valuesAt, type Context, type Shrinking } from './rules';
import { ANY, factsOf } from './types';

type Told = Omit<Risk, 'resource'>;

/** Resources with data that are replaced, destroyed or keep less, in the plan's order; what is stranded comes first. */
export function dataAtRisk(plan: Plan, context: Context, account: Account): Risk[] {
  const held = (plan.resource_changes ?? []).flatMap((resource) =>
    [
      ...destroyed(resource, account),
      ...keptForLess(resource),
      ...changed(plan, resource, context),
      ...unguarded(plan, resource),
      ...expiring(plan, resource),
    ].map((risk) => ({ resource, ...risk })),
  );
  return [...stranded(plan, account), ...held];
}

function destroyed(resource: ResourceChange, account: Account): Told[] {
  const facts = factsOf(resource.type);
  const fate = fateOf(resource);
  if (fate !== 'destroyed' && fate !== 'replaced') return [];
  const what = md`will be ${words(fate)}`;
  if (facts === undefined) {
    return [{ what, detail: md`${reason(resource)}: the review does not know whether it holds data` }];
  }
  if (facts.holds === undefined) return [];
  const emptyOnly =
    resource.type === 'aws_s3_bucket' && resource.change.before?.force_destroy !== true
      ? words('; AWS refuses as long as it holds any (force_destroy is false)')
      : NOTHING;
  const inside = account.holding(resource);
  return [{ what, detail: md`${reason(resource)} and loses ${words(facts.holds)}${inside}${emptyOnly}` }];
}

/** The setting that forces a replacement. */
export function reason({ change }: ResourceChange): Markdown {
  const forced = [...new Set((change.replace_paths ?? []).map(settingName))].join(' and ');
  return forced === '' ? NOTHING : md` because ${settingLabel(forced)} changes`;
}

function keptForLess(resource: ResourceChange): Told[] {
  const { before, after } = resource.change;
  if (fateOf(resource) !== 'updated' || before === null || after === null) return [];
  return (factsOf(resource.type)?.keeps ?? []).flatMap((keeps) => {
    const [was, is] = [daysIn(before, keeps), daysIn(after, keeps)];
    if (was === undefined || is === undefined || is >= was) return [];
    return [
      {
        what: words('keeps data for less time'),
        detail: words(` (${duration(was)} → ${duration(is)}): older data is deleted`),
      },
    ];
  });
}

/** In days; undefined where the value is not known. */
function daysIn(
  attributes: Parameters<typeof valuesAt>[0],
  { at, perDay, zero }: Shrinking,
): number | undefined {
  const [found] = valuesAt(attributes, at);
  const value = Number(found?.value ?? 0);
  if (value > 0) return value / perDay;
  return zero === 'for ever' ? Infinity : zero === 'none' ? 0 : undefined;
}

const HOUR = 1 / 24;

function duration(days: number): string {
  if (!Number.isFinite(days)) return 'for ever';
  if (days > 0 && days < 1) return `${Number((days / HOUR).toFixed(2))} hours`;
  return `${Number(days.toFixed(2))} days`;
}

/** Settings that lose data, or a protection of it, which the resource did not have before. */
function changed(plan: Plan, resource: ResourceChange, context: Context): Told[] {
  if (fateOf(resource) !== 'updated') return [];
  const rules = rulesOf(resource.type);
  const before = findingsIn(plan, resource, 'before', rules, context).found.map(({ key }) => key);
  return findingsIn(plan, resource, 'after', rules, context)
    .found.filter(({ key }) => !before.includes(key))
    .map(({ says }) => ({ what: says, detail: NOTHING }));
}

function rulesOf(type: string) {
  const own = factsOf(type)?.loses ?? [];
  return [...own, ...ANY.loses.filter(({ at }) => !own.some((rule) => rule.at === at))];
}

/** What is lost with a resource that protects another one, which stays. */
function unguarded(plan: Plan, resource: ResourceChange): Told[] {
  const loses = factsOf(resource.type)?.gone?.loses;
  const fate = fateOf(resource);
  if (loses === undefined || (fate !== 'destroyed' && fate !== 'forgotten')) return [];
  return isGuardedGone(plan, resource) ? [] : [{ what: words(loses), detail: NOTHING }];
}
