import { type Colours, printable, table } from '../../lib/terminal';
import type { Run } from './history';

/** The runs as a table, newest first. */
export function historyReport(runs: readonly Run[], colours: Colours): string {
  if (runs.length === 0) return 'No redrive of this pipeline is on record.';
  const rows = runs.map((run) => [
    run.began.replace('T', ' ').slice(0, 19),
    printable(run.name ?? '–'),
    String(run.redriven),
    cameOfIt(run),
    printable(run.by.replace(/^arn:[\w-]+:\w+::\d+:/u, '')),
    printable(run.options.join(' ')),
  ]);
  return table([
    ['began (UTC)', 'name', 'redriven', 'came of it', 'by', 'options'].map(colours.heading),
    ...rows,
  ]);
}

/** What came of a run, in a few words. */
export function cameOfIt({ ended: time, outcome }: Run): string {
  if (time === undefined) return 'did not end: runs still, or was killed';
  if (outcome === undefined) return 'not waited for';
  const { moved, gone, failedAgain, waiting } = outcome;
  const parts = [
    [moved, 'moved'],
    [gone, 'gone'],
    [failedAgain, 'failed again'],
    [waiting, 'waiting'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return told.length === 0 ? 'no uploads' : told.join(', ');
}
