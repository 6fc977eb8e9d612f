import type { Mode } from '../promises';
import type { MoveSetting } from './move-setting';

export interface NamedWorld {
  readonly title: string;
  readonly setting: Omit<MoveSetting, 'mode'>;
}

export const MODES: readonly Mode[] = ['replace', 'keepBoth'];

const FAULTS = { runs: 2, crashes: 1, lostAnswers: 1, duplicates: 1 };

/** Walked with every run of the tests: a million states and more, in seconds. */
export const SMALL_WORLDS: readonly NamedWorld[] = [
  { title: 'three uploads', setting: { uploads: 'ABC', ...FAULTS } },
  { title: 'the first bytes once more', setting: { uploads: 'ABA', ...FAULTS } },
  { title: 'three runs, two crashes', setting: { uploads: 'AB', ...FAULTS, runs: 3, crashes: 2 } },
  { title: 'requests that S3 refuses', setting: { uploads: 'AB', ...FAULTS, conflicts: 1, refused: 1 } },
  { title: 'events that stand for others', setting: { uploads: 'ABC', ...FAULTS, runs: 1, coalesced: 2 } },
  {
    title: 'lost events and sweeps',
    setting: { uploads: 'AB', ...FAULTS, lostEvents: 2, sweeps: 2 },
  },
  { title: 'new prefixes', setting: { uploads: 'AB', ...FAULTS, newPrefixes: true } },
  { title: 'a consumer that deletes', setting: { uploads: 'AB', ...FAULTS, consumed: 1 } },
  { title: 'something at the destination', setting: { uploads: 'AB', ...FAULTS, occupied: 'X' } },
  {
    title: 'a 412 that does not say why',
    setting: { uploads: 'AB', ...FAULTS, occupied: 'X', namesConditions: false },
  },
];

/** Walked by `npm run test:schedules -- --exhaustive`: up to 6.5 million states, two minutes and 1.1 GB each. */
export const LARGE_WORLDS: readonly NamedWorld[] = [
  { title: 'four uploads', setting: { uploads: 'ABCD', ...FAULTS } },
  { title: 'the same bytes twice', setting: { uploads: 'ABAB', ...FAULTS } },
];

export function worldOf(title: string): NamedWorld {
  const world = [...SMALL_WORLDS, ...LARGE_WORLDS].find((candidate) => candidate.title === title);
  if (world === undefined) throw new Error(`No world has the title ${title}`);
  return world;
}
