import { at, changed, type Change, type State } from './explore';

/** What a state of a MoveWorld holds, by its place. */
export const BUCKET = 0;
/** How many uploads there have been. */
export const UPLOADED = 1;
/** How often something may still happen: see MoveSetting. */
export const CRASHES = 2;
export const LOST_ANSWERS = 3;
export const DUPLICATES = 4;
export const COALESCED = 5;
export const CONFLICTS = 6;
export const REFUSED = 7;
export const CONSUMED = 8;
/** How many events there are of the first upload; those of the others follow, and after them the runs. */
export const EVENTS = 9;

/** At a run's place: nobody. */
export const FREE = 0;

/** Something happens once less often from now on. */
export const spending = (state: State, counter: number, ...changes: readonly Change[]): State =>
  changed(state, [counter, at(state, counter) - 1], ...changes);

/** An upload's event is there once more, or once less. */
export const announced = (state: State, upload: number, by: 1 | -1): Change => [
  EVENTS + upload,
  at(state, EVENTS + upload) + by,
];
