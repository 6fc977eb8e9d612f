import { count, duration, printable } from '../../lib/terminal';
import type { SweepResult } from '../../../handlers/sweep/sweep';

interface SweepReportOptions {
  readonly dryRun: boolean;
  /** Uploads that were left alone for their age. */
  readonly younger: number;
  /** That age, in milliseconds. */
  readonly olderThanMs: number;
}

const minutes = (milliseconds: number): string =>
  milliseconds % 60_000 === 0 ? `${milliseconds / 60_000} min` : duration(milliseconds);

/** What a sweep has found, in a few lines. */
export function sweepReport(
  { seen, waiting, resubmitted, unmovable, oldestMs }: SweepResult,
  { dryRun, younger, olderThanMs }: SweepReportOptions,
): string {
  const young = younger === 0 ? '' : `, ${count(younger, 'upload')} younger than ${minutes(olderThanMs)}`;
  const oldest = waiting === 0 ? '' : `, the oldest for ${duration(oldestMs)}`;
  const lines = [
    `${count(waiting, 'upload')} waiting${oldest}${young}; ${count(seen, 'object')} looked at`,
    dryRun
      ? 'Nothing was resubmitted (--dry-run)'
      : `${count(resubmitted, 'upload')} resubmitted to process-upload`,
  ];
  if (unmovable.length > 0) {
    lines.push(
      'These can never be moved, their destination is longer than S3 allows; upload them under a shorter key:',
    );
    lines.push(...unmovable.map((key) => `  ${printable(key)}`));
  }
  return lines.join('\n');
}

/** The command that goes on after a key (undefined: at the beginning), quoted for a POSIX shell. */
export function resumeCommand(args: readonly string[], after: string | undefined): string {
  const others = args.filter(
    (arg, i) => arg !== '--after' && args[i - 1] !== '--after' && !arg.startsWith('--after='),
  );
  const position = after === undefined ? [] : ['--after', after];
  return ['npm run sweep --', ...[...others, ...position].map(quote)].join(' ');
}

const quote = (text: string): string =>
  /^[\w./=:-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
