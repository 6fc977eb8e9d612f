import { Token } from 'cdktf';

/** What an integer property accepts. */
export interface IntegerRange {
  /** Where the property stands, e.g. `NodeFunction.memorySizeMb`. */
  readonly property: string;
  readonly minimum: number;
  /** Left out: no upper limit. */
  readonly maximum?: number;
  /** How to fix a refused value, where that is not obvious. */
  readonly hint?: string;
}

/**
 * Refuses, at synth, what AWS would refuse in the middle of a deployment.
 * A value that is left out, or known only at deploy (a token), passes.
 * @throws Error naming the property, what it got and what is allowed
 */
export function requireInteger(value: number | undefined, range: IntegerRange): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  const { property, minimum, maximum = Number.MAX_SAFE_INTEGER, hint } = range;
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  const allowed =
    range.maximum === undefined
      ? `an integer of ${minimum} or more`
      : `an integer from ${minimum} to ${maximum}`;
  throw new Error(`${property}: got ${value}; expected ${allowed}${hint === undefined ? '' : `, ${hint}`}.`);
}
