import { at, changed, type Change, type State } from './explore';
import type { MoveSetting } from './move-setting';

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
export const LOST_EVENTS = 9;
export const SWEEPS = 10;
/** Deployments that are still to come: 1 or none. */
export const DEPLOYMENTS = 11;
/** How many events there are of the first upload; those of the others follow, and after them the runs. */
export const EVENTS = 12;

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

/** How often things may happen in a setting, in the order of their places. */
export const countersOf = ({
  crashes = 0,
  lostAnswers = 0,
  duplicates = 0,
  coalesced = 0,
  conflicts = 0,
  refused = 0,
  consumed = 0,
  lostEvents = 0,
  sweeps = 0,
  newPrefixes = false,
}: MoveSetting): number[] => [
  crashes,
  lostAnswers,
  duplicates,
  coalesced,
  conflicts,
  refused,
  consumed,
  lostEvents,
  sweeps,
  newPrefixes ? 1 : 0,
];
