import { at, changed, type Change, type State } from '../explore';
import type { RecordKind } from './records';

/** A small world of a failure queue, as data. */
export interface RedriveSetting {
  readonly records: readonly RecordKind[];
  /** How many redrives there are, two at a time at most; one more, undisturbed, begins when all else is quiet. */
  readonly redrives: number;
  /** How many redrives are killed. @default 0 */
  readonly kills?: number;
  /** How many answers never arrive. @default 0 */
  readonly lostAnswers?: number;
  /** How many records are visible again while a redrive works on them, or are handed out twice. @default 0 */
  readonly timeouts?: number;
  /** How many deleted records SQS hands out once more. @default 0 */
  readonly reappearances?: number;
  /** How many times SQS hands out nothing although a record is visible. @default 0 */
  readonly emptyAnswers?: number;
  /** How many events are not accepted. @default 0 */
  readonly refusals?: number;
  /** SQS deletes a record by an older receipt than its newest: it may, or may not. @default false */
  readonly obeysOldReceipts?: boolean;
}

/** What a state of a RedriveWorld holds, by its place. How often something may still happen: see RedriveSetting. */
export const KILLS = 0;
export const LOST_ANSWERS = 1;
export const TIMEOUTS = 2;
export const REAPPEARANCES = 3;
export const EMPTY_ANSWERS = 4;
export const REFUSALS = 5;
/** Redrives that are still to come. */
export const REDRIVES = 6;
/** The redrives that are under way. */
export const RUNS = [7, 8] as const;
const FIRST_RECORD = 9;

/** At a run's place: nobody. */
export const FREE = 0;

/** What a state holds of a record, by its place among the record's own. */
export const WHERE = 0;
/** How often it was received: its newest receipt. */
const RECEIPTS = 1;
/** The place of the redrive that has that receipt; 0: none. */
const HOLDER = 2;
/** 1: its event was accepted, once or more often. */
const ACCEPTED = 3;
const WIDTH = 4;

export const DELETED = 0;
export const VISIBLE = 1;
export const HIDDEN = 2;

export const initialOf = ({ records, redrives, ...budgets }: RedriveSetting): State => {
  const { kills = 0, lostAnswers = 0, timeouts = 0, reappearances = 0 } = budgets;
  const { emptyAnswers = 0, refusals = 0 } = budgets;
  const counters = [kills, lostAnswers, timeouts, reappearances, emptyAnswers, refusals, redrives + 1];
  return [...counters, FREE, FREE, ...records.flatMap(() => [VISIBLE, 0, 0, 0])];
};

const place = (record: number, field: number): number => FIRST_RECORD + record * WIDTH + field;

export const recordsIn = (state: State, where: number): number[] =>
  [...Array((state.length - FIRST_RECORD) / WIDTH).keys()].filter(
    (record) => at(state, place(record, WHERE)) === where,
  );

export const isAccepted = (state: State, record: number): boolean => at(state, place(record, ACCEPTED)) > 0;
export const newestReceipt = (state: State, record: number): number => at(state, place(record, RECEIPTS));
/** The hidden records that a redrive has the newest receipts of. */
export const heldIn = (state: State, run: number): number[] =>
  recordsIn(state, HIDDEN).filter((record) => at(state, place(record, HOLDER)) === run);

export const accepting = (record: number): Change => [place(record, ACCEPTED), 1];
export const deleting = (record: number): Change => [place(record, WHERE), DELETED];
export const showing = (record: number): Change[] => [
  [place(record, WHERE), VISIBLE],
  [place(record, HOLDER), 0],
];
/** Nobody has the newest receipts of these. */
export const forgetting = (records: readonly number[]): Change[] =>
  records.map((record) => [place(record, HOLDER), 0]);
export const handingOut = (state: State, record: number, run: number): Change[] => [
  [place(record, WHERE), HIDDEN],
  [place(record, RECEIPTS), newestReceipt(state, record) + 1],
  [place(record, HOLDER), run],
];

/** Something happens once less often from now on. */
export const spending = (state: State, counter: number, ...changes: readonly Change[]): State =>
  changed(state, [counter, at(state, counter) - 1], ...changes);

/** Nothing goes wrong any more: the redrive that is under way is the last one. */
export const isLast = (state: State): boolean => at(state, REDRIVES) === 0;

export const may = (state: State, counter: number): boolean => at(state, counter) > 0 && !isLast(state);
