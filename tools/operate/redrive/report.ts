import { count } from '../failures/report';
import type { Skipped } from './decide';
import type { Summary } from './redrive';

const WHY: Readonly<Record<Skipped, string>> = {
  foreign: 'no failure record',
  otherFunction: 'another function',
  noMatch: 'no match',
  permanent: 'trying again cannot mend it (--include-permanent sends it all the same)',
  tooLarge: 'larger than the 1 MB that Lambda accepts asynchronously: mend the upload, then sweep',
};

/** What became of the records, in a few lines. */
export function redriveReport(summary: Summary, dryRun: boolean): string {
  const { redriven, skipped, refused, failedAgain, arrived } = summary;
  const lines = [`${count(redriven, 'record')} ${dryRun ? 'would be redriven' : 'redriven'}`];
  for (const [why, number] of Object.entries(skipped))
    lines.push(`${count(number, 'record')} skipped: ${WHY[why as Skipped]}`);
  for (const [reason, number] of Object.entries(refused))
    lines.push(`${count(number, 'record')} not accepted: ${reason}`);
  if (failedAgain > 0) lines.push(`${count(failedAgain, 'record')} failed again already: npm run failures`);
  if (arrived > 0) lines.push(`${count(arrived, 'record')} arrived meanwhile: left for the next time`);
  return lines.join('\n');
}

/** 0: nothing is left; 1: something still fails; 3: something was skipped. */
export function exitCode({ skipped, refused, failedAgain }: Summary): 0 | 1 | 3 {
  if (failedAgain > 0 || Object.keys(refused).length > 0) return 1;
  const { permanent, tooLarge, foreign } = skipped; // the others were not asked for
  return permanent === undefined && tooLarge === undefined && foreign === undefined ? 0 : 3;
}
