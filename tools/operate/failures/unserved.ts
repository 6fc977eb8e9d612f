import { bareName } from '../../lib/lambda';
import type { FailureRecord } from './failure';

/** The pipeline, as far as records are judged by it. */
export interface Served {
  /** Name of process-upload, with its alias. */
  readonly mover: string;
  /** The prefixes that it knows. */
  readonly prefixes: readonly string[];
}

/**
 * The keys of a record of process-upload's that lie under no prefix it knows: it can move none of these uploads. After
 * a change of prefixes, records of before it may hold such keys.
 */
export const unservedKeys = (
  { source, keys }: FailureRecord,
  { mover, prefixes }: Served,
): readonly string[] =>
  source.kind === 'function' && source.name === bareName(mover)
    ? keys.filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)))
    : [];
