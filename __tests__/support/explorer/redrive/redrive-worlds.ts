import type { RedriveSetting } from './redrive-state';

export interface NamedRedrives {
  readonly title: string;
  readonly setting: RedriveSetting;
}

const TIMEOUTS = { records: ['event', 'event'], redrives: 2, timeouts: 2 } as const;

/** Walked with every run of the tests, in seconds. */
export const REDRIVE_WORLDS: readonly NamedRedrives[] = [
  {
    title: 'a redrive is killed, and an answer is lost',
    setting: { records: ['event', 'job', 'permanent'], redrives: 2, kills: 1, lostAnswers: 1 },
  },
  {
    title: 'two redrives are killed',
    setting: { records: ['event', 'foreign'], redrives: 3, kills: 2, timeouts: 1 },
  },
  { title: 'two redrives have one record', setting: TIMEOUTS },
  {
    title: 'two redrives have one record, and SQS obeys old receipts',
    setting: { ...TIMEOUTS, obeysOldReceipts: true },
  },
  {
    title: 'a batch of a stream',
    setting: { records: ['batch', 'permanent'], redrives: 2, kills: 1, lostAnswers: 1, refusals: 1 },
  },
  {
    title: 'refusals and wrong empty answers',
    setting: { records: ['event', 'job'], redrives: 2, kills: 1, refusals: 1, emptyAnswers: 1 },
  },
  {
    title: 'SQS hands out what was deleted',
    setting: { records: ['event', 'permanent'], redrives: 2, timeouts: 1, reappearances: 1 },
  },
];
