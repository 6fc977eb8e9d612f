import { count, printable } from '../../lib/terminal';
import { HELD } from '../failures/report';
import type { Skipped } from './decide';
import type { Summary } from './dependencies';
import type { Outcomes } from './outcome';

const WHY: Readonly<Record<Skipped, string>> = {
  foreign: 'nothing says where it came from',
  otherSource: 'of another function or queue (--function)',
  otherTime: 'from another time (--since, --until)',
  noMatch: 'of another error or key (--error, --key, --match)',
  permanent: 'trying again cannot help (--include-permanent sends it anyway)',
  unserved:
    'its upload is under no prefix that process-upload serves: name that one in formerPrefixes and deploy, or move the upload yourself (--include-permanent sends it anyway)',
  tooLarge:
    'so large that the record might not fit into the queue if they failed again: put the data in a bucket and send its key',
};

const UNSEEN: Readonly<Record<Summary['ended'], string>> = {
  empty: HELD,
  stale:
    'SQS handed out only known ones in the end. Give a longer --hold, so that skipped records stay hidden until the end is reached',
  stopped: 'this stopped before',
};

/** What became of the records, in a few lines. */
export function redriveReport(summary: Summary, dryRun: boolean): string {
  const { redriven, skipped, refused, failedAgain, arrived, unseen, ended } = summary;
  const lines = [`${count(redriven, 'record')} ${dryRun ? 'would be redriven' : 'redriven'}`];
  for (const [why, number] of Object.entries(skipped))
    lines.push(`${count(number, 'record')} skipped: ${WHY[why as Skipped]}`);
  for (const [reason, number] of Object.entries(refused))
    lines.push(`${count(number, 'record')} not accepted: ${reason}`);
  if (failedAgain > 0) lines.push(`${count(failedAgain, 'record')} failed again already: npm run failures`);
  if (arrived > 0) lines.push(`${count(arrived, 'record')} arrived meanwhile: left for the next time`);
  if (unseen > 0) lines.push(`${count(unseen, 'record')} not seen: ${UNSEEN[ended]}`);
  return lines.join('\n');
}

/** How many uploads that still wait, or failed again, are named. */
const NAMED = 10;

/** What came of the uploads, in a few lines. */
export function outcomeReport({ moved, gone, failedAgain, waiting }: Outcomes): string {
  const lines = [
    `${count(moved.length, 'upload')} moved`,
    ...(gone.length > 0
      ? [`${count(gone.length, 'upload')} gone, and not under the processed name: npm run audit`]
      : []),
    ...(failedAgain.length > 0 ? [`${count(failedAgain.length, 'upload')} failed again:`] : []),
    ...failedAgain.slice(0, NAMED).map(({ key, error }) => `  ${printable(key)}  ${printable(error)}`),
    ...(waiting.length > 0 ? [`${count(waiting.length, 'upload')} still waiting: npm run status`] : []),
    ...waiting.slice(0, NAMED).map((key) => `  ${printable(key)}`),
  ];
  return lines.join('\n');
}

/** The same with what came of the uploads: one that failed again counts as failed, one that waits as left. */
export function exitCodeWith(summary: Summary, outcomes: Outcomes | undefined): 0 | 1 | 3 {
  const code = exitCode(summary);
  if (code === 1 || (outcomes?.failedAgain.length ?? 0) > 0) return 1;
  return (outcomes?.waiting.length ?? 0) > 0 ? 3 : code;
}

/** 0: nothing is left of what was selected; 1: something still fails; 3: something is left. */
export function exitCode({ skipped, refused, failedAgain, arrived, unseen }: Summary): 0 | 1 | 3 {
  if (failedAgain > 0 || Object.keys(refused).length > 0) return 1;
  const { permanent, unserved, tooLarge, foreign } = skipped; // the others were not selected
  const left = [permanent, unserved, tooLarge, foreign].some((number) => number !== undefined);
  return left || arrived > 0 || unseen > 0 ? 3 : 0;
}
