import type { Trace } from '../../logs/trace';
import type { FailureRecord, ForeignMessage, Source, StreamBatch } from './failure';
import { notMeant, type Filter } from './filter';
import type { Message } from './queue';
import { readMessage } from './record';
import { unservedKeys, type Served } from './unserved';

/** Failures that have the same cause, as far as their records say. */
export interface FailureGroup {
  /** What failed at them, and gets them back. */
  readonly source: Pick<Source, 'kind' | 'name'>;
  readonly condition: string | undefined;
  readonly errorType: string | undefined;
  readonly permanent: boolean;
  /** The newest record's message. */
  readonly errorMessage: string | undefined;
  /** The newest record's stack. */
  readonly trace?: Trace | undefined;
  /** The version that it is of, where the function has versions. */
  readonly version?: string | undefined;
  readonly records: number;
  /** Keys of the uploads, each once, those of the newest record first. */
  readonly keys: readonly string[];
  /** How many of them lie under no prefix that process-upload knows. */
  readonly unserved: number;
  /** In milliseconds since 1970. */
  readonly newest: number;
  readonly oldest: number;
}

export interface FailureList {
  /** Newest first. */
  readonly groups: readonly FailureGroup[];
  /** Batches of streams, newest first. */
  readonly streams: readonly StreamBatch[];
  /** Messages with no way back, newest first. */
  readonly foreign: readonly ForeignMessage[];
}

/**
 * The messages of a failure queue by source, condition and error, newest first.
 * @param filter which of them, and how many of the newest; a message without a way back fits no filter
 */
export function listFailures(
  messages: readonly Message[],
  served: Served,
  { max, ...filter }: Filter & { readonly max?: number | undefined } = {},
): FailureList {
  const all = Object.values<unknown>(filter).every((value) => value === undefined);
  const failures = messages
    .map((message) => readMessage(message, served.mover))
    .filter((failure) => all || (failure.kind !== 'foreign' && notMeant(failure, filter) === undefined))
    .sort((one, other) => other.failedAt - one.failedAt)
    .slice(0, max);
  return {
    groups: byCause(failures.filter((failure) => failure.kind === 'failure')).map((records) =>
      asGroup(records, served),
    ),
    streams: failures.filter((failure) => failure.kind === 'stream'),
    foreign: failures.filter((failure) => failure.kind === 'foreign'),
  };
}

/** How many records a list is about. */
export const countOf = ({ groups, streams, foreign }: FailureList): number =>
  groups.reduce((sum, { records }) => sum + records, streams.length + foreign.length);

function byCause(records: readonly FailureRecord[]): FailureRecord[][] {
  const groups = new Map<string, FailureRecord[]>();
  for (const record of records) {
    const { source, condition, errorType, permanent } = record;
    const cause = JSON.stringify([source.kind, source.name, condition, errorType, permanent]);
    const group = groups.get(cause);
    if (group) group.push(record);
    else groups.set(cause, [record]);
  }
  return [...groups.values()];
}

/** @param records not empty, newest first */
function asGroup(records: readonly FailureRecord[], served: Served): FailureGroup {
  const [newest] = records;
  if (newest === undefined) throw new Error('A group of failures holds at least one');
  const { source, condition, errorType, permanent, errorMessage, trace, version } = newest;
  return {
    source: { kind: source.kind, name: source.name },
    condition,
    errorType,
    permanent,
    errorMessage,
    ...(trace && { trace }),
    ...(version !== undefined && { version }),
    records: records.length,
    keys: [...new Set(records.flatMap(({ keys }) => keys))],
    unserved: new Set(records.flatMap((record) => unservedKeys(record, served))).size,
    newest: newest.failedAt,
    oldest: records.at(-1)?.failedAt ?? newest.failedAt,
  };
}
