import {
  readMessage,
  type FailureRecord,
  type ForeignMessage,
  type Message,
  type StreamBatch,
} from './record';

/** Failures that have the same cause, as far as their records tell. */
export interface FailureGroup {
  readonly functionName: string;
  readonly condition: string | undefined;
  readonly errorType: string | undefined;
  readonly permanent: boolean;
  /** The newest record's message. */
  readonly errorMessage: string | undefined;
  readonly records: number;
  /** Keys of the uploads, each once, those of the newest record first. */
  readonly keys: readonly string[];
  /** In milliseconds since 1970. */
  readonly newest: number;
  readonly oldest: number;
}

export interface FailureList {
  /** Newest first. */
  readonly groups: readonly FailureGroup[];
  /** Batches of streams, newest first. */
  readonly streams: readonly StreamBatch[];
  /** Messages that are no failure records, newest first. */
  readonly foreign: readonly ForeignMessage[];
}

/**
 * The messages of a failure queue by function, condition and error, newest first.
 * @param mover name of process-upload
 */
export function listFailures(messages: readonly Message[], mover: string): FailureList {
  const failures = messages
    .map((message) => readMessage(message, mover))
    .sort((one, other) => other.failedAt - one.failedAt);
  return {
    groups: byCause(failures.filter((failure) => failure.kind === 'failure')).map(asGroup),
    streams: failures.filter((failure) => failure.kind === 'stream'),
    foreign: failures.filter((failure) => failure.kind === 'foreign'),
  };
}

function byCause(records: readonly FailureRecord[]): FailureRecord[][] {
  const groups = new Map<string, FailureRecord[]>();
  for (const record of records) {
    const cause = JSON.stringify([record.functionName, record.condition, record.errorType, record.permanent]);
    const group = groups.get(cause);
    if (group) group.push(record);
    else groups.set(cause, [record]);
  }
  return [...groups.values()];
}

/** @param records not empty, newest first */
function asGroup(records: readonly FailureRecord[]): FailureGroup {
  const [newest] = records;
  if (newest === undefined) throw new Error('A group of failures holds at least one');
  const { functionName, condition, errorType, permanent, errorMessage } = newest;
  return {
    functionName,
    condition,
    errorType,
    permanent,
    errorMessage,
    records: records.length,
    keys: [...new Set(records.flatMap(({ keys }) => keys))],
    newest: newest.failedAt,
    oldest: records.at(-1)?.failedAt ?? newest.failedAt,
  };
}
