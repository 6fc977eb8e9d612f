import type { LifecycleRule } from '@aws-sdk/client-s3';
import { ok, warning, type Check } from '../check';
import { overlap, shown, type Wanted } from './wanted';

/** Storage classes that an object cannot be copied from. */
const ARCHIVES = ['DEEP_ARCHIVE', 'GLACIER'];

interface Problem {
  readonly found: string;
  readonly wayOut: string;
}

/** Looks for rules that archive or delete what the pipeline works on. https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
export function checkLifecycle(wanted: Wanted, rules: readonly LifecycleRule[]): Check {
  const what = 'Lifecycle';
  const problems = rules
    .filter(({ Status }) => Status === 'Enabled')
    .flatMap((rule) => [...archives(rule, wanted), ...deletes(rule, wanted)]);
  if (problems.length === 0) return ok(what, 'leaves the pipeline’s prefixes alone');
  const ways = [...new Set(problems.map(({ wayOut }) => wayOut))].join(' ');
  return warning(
    what,
    problems.map(({ found }) => found).join('; '),
    `${ways} Narrow the rule if that is not meant.`,
  );
}

function archives(rule: LifecycleRule, { uploadPrefixes }: Wanted): Problem[] {
  const to = rule.Transitions?.find(({ StorageClass = '' }) => ARCHIVES.includes(StorageClass));
  if (to === undefined || !reaches(rule, uploadPrefixes)) return [];
  return [
    {
      found: `${nameOf(rule)} archives ${shown(prefixOf(rule))} ${after(to.Days)}`,
      wayOut: 'An upload that waits so long cannot be moved before it is restored.',
    },
  ];
}

function deletes(rule: LifecycleRule, { uploadPrefixes, processedPrefixes }: Wanted): Problem[] {
  const { Days, Date } = rule.Expiration ?? {};
  if (Days === undefined && Date === undefined) return [];
  const found = `${nameOf(rule)} deletes ${shown(prefixOf(rule))} ${after(Days)}`;
  return [
    ...(reaches(rule, uploadPrefixes)
      ? [{ found, wayOut: 'Uploads that still wait are deleted unprocessed.' }]
      : []),
    ...(reaches(rule, processedPrefixes) ? [{ found, wayOut: 'What was processed is deleted.' }] : []),
  ].slice(0, 1);
}

const nameOf = ({ ID = 'a rule without a name' }: LifecycleRule): string => ID;

/** Rules of before 2016 have their prefix beside the filter. */
const prefixOf = ({ Filter, ...rule }: LifecycleRule): string =>
  Filter?.Prefix ?? Filter?.And?.Prefix ?? (rule as { Prefix?: string }).Prefix ?? '';

const reaches = (rule: LifecycleRule, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => overlap(prefix, prefixOf(rule)));

const after = (days: number | undefined): string => (days === undefined ? 'on a date' : `after ${days} d`);
