import { accountIn } from './conditions';
import { findingsIn } from './findings';
import { isGuardedGone } from './guards';
import { codes, md, words, type Markdown } from './markdown';
import { labelled } from './names';
import type { Entry, PermissionChanges } from './permissions';
import { fateOf, type Plan, type ResourceChange } from './plan';
import { statementsOf, type Verbs } from './statement-lines';
import { isPublicRange, type Context, type Rule } from './rules';
import { EXCEPT, EXCEPT_WHO, matches } from './statements';
import { ANY, factsOf } from './types';

/** The exposure that this plan adds: on resources that were closed before, or are new. */
export function exposures(plan: Plan, { widened }: PermissionChanges, context: Context): Markdown[] {
  const findings = (plan.resource_changes ?? []).flatMap((resource) =>
    opened(plan, resource, context).map((what) => md`${labelled(resource)}: ${what}`),
  );
  const granted = widened
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((entry) => granting(entry, context));
  const refused = widened.filter(({ effect }) => effect === 'Deny');
  const tls = refused
    .filter(isAboutTls)
    .map(({ subject }) => md`${subject}: requests without TLS are no longer refused`);
  const others = statementsOf(
    refused.filter((entry) => !isAboutTls(entry)),
    NO_LONGER,
  );
  return [...new Map([...findings, ...granted, ...tls, ...others].map((line) => [line.text, line])).values()];
}

const NO_LONGER: Verbs = { Allow: 'may', Deny: 'is no longer refused' };

const isAboutTls = ({ condition }: Entry): boolean => condition.includes('aws:SecureTransport');

function opened(plan: Plan, resource: ResourceChange, context: Context): Markdown[] {
  const fate = fateOf(resource);
  if (fate === 'unchanged') return [];
  const facts = factsOf(resource.type);
  if (fate === 'destroyed' || fate === 'forgotten') {
    const open = facts?.gone?.exposes;
    return open === undefined || isGuardedGone(plan, resource) ? [] : [words(open)];
  }
  const rules = exposingRules(resource.type);
  const before = findingsIn(plan, resource, 'before', rules, context).found.map(({ key }) => key);
  const found = findingsIn(plan, resource, 'after', rules, context)
    .found.filter(({ key }) => !before.includes(key))
    .filter(({ byChoice }) => resource.change.before !== null || !byChoice)
    .map(({ says }) => says);
  const opens = facts?.opens === undefined || resource.change.before !== null ? [] : [words(facts.opens)];
  return [...opens, ...found];
}

/** The rules of a type, and those of any type for attributes that it has no rule of its own for. */
export function exposingRules(type: string): Rule[] {
  const own = factsOf(type)?.exposes ?? [];
  return [...own, ...ANY.exposes.filter(({ at }) => !own.some((rule) => rule.at === at))];
}

/**
 * Actions that lead to every other, where they may be done to anything.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
const TO_MORE = [
  'iam:addusertogroup',
  'iam:attachgrouppolicy',
  'iam:attachrolepolicy',
  'iam:attachuserpolicy',
  'iam:createaccesskey',
  'iam:createloginprofile',
  'iam:createpolicyversion',
  'iam:passrole',
  'iam:putgrouppolicy',
  'iam:putrolepolicy',
  'iam:putuserpolicy',
  'iam:setdefaultpolicyversion',
  'iam:updateassumerolepolicy',
  'iam:updateloginprofile',
  'lambda:updatefunctioncode',
  'sts:assumerole',
];

/** Actions of several services: a pattern that takes all of them takes everything. */
const OF_MANY = ['ec2:runinstances', 'iam:createuser', 'kms:decrypt', 's3:getobject'];

/** Things of nobody in particular, as the last part of an ARN: a pattern that takes one takes all of its kind. */
const ANY_THING = ['any/thing', 'function:anything', 'policy/any', 'role/any/thing', 'user/any'];

/** Whether a resource of a policy is everything, or everything of a kind, in whichever partition, region and account. */
function isAnywhere(resource: string): boolean {
  if (resource.startsWith(EXCEPT)) return true;
  const [, , , , , ...last] = resource.split(':');
  if (last.length > 0) return ANY_THING.some((thing) => matches(last.join(':'), thing));
  return (
    matches(resource, 'arn:aws:iam::111111111111:role/any') || matches(resource, 'arn:aws:s3:::any/thing')
  );
}

/** Managed policies of AWS that permit everything, or everything of a service. */
const BROAD = /:aws:policy\/.*(?:AdministratorAccess|PowerUserAccess|FullAccess)/u;

/** What a new permission opens: to anyone, to other accounts, or to everything. */
function granting(entry: Entry, context: Context): Markdown[] {
  const { subject, principal, action, resource, condition, bound, isFilter, isRuled } = entry;
  if (isRuled) return [];
  const takes = (one: string): boolean => matches(action.toLowerCase(), one);
  const isEverything = action.startsWith(EXCEPT) || OF_MANY.every(takes);
  if (principal === undefined) {
    if (BROAD.test(resource)) return [md`${subject}: it gets ${resource}`];
    if (!isAnywhere(resource)) return [];
    if (isEverything) return [md`${subject}: it may do everything${ifAny(condition)}`];
    if (TO_MORE.some(takes))
      return [md`${subject}: it may give itself more by ${action} on ${resource}${ifAny(condition)}`];
    return /^[\w-]+:[*?]+$/u.test(action)
      ? [md`${subject}: it may do ${action} on ${resource}${ifAny(condition)}`]
      : [];
  }
  if (isFilter) {
    return isEverything && isAnywhere(resource) && condition === ''
      ? [md`${subject}: it lets everything through`]
      : [];
  }
  const isAnyone = principal === '*' || principal.startsWith(EXCEPT_WHO);
  const foreign = [...new Set(bound.accounts)].filter((account) => !context.accounts.has(account));
  if (isAnyone) {
    if (!bound.isBound) return [md`${subject}: its policy lets anyone in${ifAny(condition)}`];
    const ranges = bound.addresses.filter((range) => isPublicRange(range, context));
    if (ranges.length > 0) return [md`${subject}: its policy lets anyone in from ${codes(ranges)}`];
  }
  if (foreign.length > 0) return [md`${subject}: its policy lets another account in: ${codes(foreign)}`];
  if (entry.kind === 'Federated') {
    return bound.hasSubject
      ? []
      : [md`${subject}: anyone that ${principal} knows may assume it: no condition names the subject`];
  }
  if (entry.kind === 'CanonicalUser') return [md`${subject}: its policy lets ${principal} in`];
  if (entry.kind !== 'AWS' || isAnyone || principal.startsWith('${')) return [];
  const account = accountIn(principal);
  if (account === undefined) return [md`${subject}: its policy lets ${principal} in${ifAny(condition)}`];
  return context.accounts.has(account)
    ? []
    : [md`${subject}: its policy lets another account in: ${principal}${ifAny(condition)}`];
}

const ifAny = (condition: string): Markdown => (condition === '' ? words('') : md`, if ${condition}`);
