import { table, type Colours } from '../../lib/terminal';
import type { Check } from './check';

/** The checks as a table, followed by the way out of each failure and warning. */
export function report(checks: readonly Check[], colours: Colours): string {
  const paint = { ok: colours.good, warning: colours.warning, failure: colours.bad };
  const rows = checks.map(({ level, what, found }) => [
    paint[level](level.padEnd('warning'.length)),
    what,
    found,
  ]);
  const cures = checks.filter(({ wayOut }) => wayOut !== undefined);
  const lines = cures.map(({ what, wayOut = '' }) => `  ${what}: ${wayOut}`);
  return [table(rows), ...(lines.length > 0 ? ['', ...lines] : [])].join('\n');
}

/** 1 if a deploy cannot succeed. */
export const exitCode = (checks: readonly Check[]): number =>
  checks.some(({ level }) => level === 'failure') ? 1 : 0;
