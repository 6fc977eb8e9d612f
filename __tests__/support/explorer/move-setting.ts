import type { Mode } from '../promises';

/** A small world of uploads, as data. */
export interface MoveSetting {
  readonly mode: Mode;
  /** A letter an upload, in their order, all to one key; equal letters are equal bytes. */
  readonly uploads: string;
  /** How many runs there are at a time. */
  readonly runs: number;
  /** How many runs end in the middle of a request. @default 0 */
  readonly crashes?: number;
  /** How many answers never arrive. @default 0 */
  readonly lostAnswers?: number;
  /** How many events come once more. @default 0 */
  readonly duplicates?: number;
  /** How many events never come, because another one stands for them. @default 0 */
  readonly coalesced?: number;
  /** How many events are lost altogether: only a sweep finds their uploads. @default 0 */
  readonly lostEvents?: number;
  /** How many sweeps there are; the last one begins when all else is quiet. @default 0 */
  readonly sweeps?: number;
  /** How many conditional writes S3 refuses with a 409. @default 0 */
  readonly conflicts?: number;
  /** How many requests S3 refuses with a 403, as until a policy has arrived everywhere. @default 0 */
  readonly refused?: number;
  /** How many times a consumer deletes from processed/. @default 0 */
  readonly consumed?: number;
  /** Other prefixes are deployed at some moment, and those of before are former ones from then on. @default false */
  readonly newPrefixes?: boolean;
  /** What is at the destination from the start. @default nothing */
  readonly occupied?: string;
  /** A 412 says which condition did not hold. @default true */
  readonly namesConditions?: boolean;
}
