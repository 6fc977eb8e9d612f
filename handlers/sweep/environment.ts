import { PAIRS } from '../process-upload/environment';
import { isProcessed, pairOf, pairsOf, parsePairs, type Prefixes } from '../process-upload/prefixes';
import { LOG_LEVELS, oneOf, readVariables, text, type LogLevel } from '../shared/read-variables';

/**
 * What the function and its stack must agree on. The stack imports this file for the names and the types, so
 * nothing that costs time to load belongs here.
 */

/** The function's environment variables, as Lambda wants them: all strings. */
export type EnvironmentVariables = Readonly<{
  UPLOAD_BUCKET: string;
  /** Keys below this prefix are looked at. Empty: the whole bucket, except what is below `PROCESSED_PREFIX`. */
  UPLOAD_PREFIX: string;
  PROCESSED_PREFIX: string;
  /** Pairs of before a change, which are looked at as well; as process-upload's. */
  FORMER_PREFIXES: string;
  /** The function that moves uploads, by its alias where it has one; the grants in the stack set it. */
  PROCESS_UPLOAD_FUNCTION_NAME: string;
  /** Uploads younger than this are left alone, in minutes. */
  OLDER_THAN_MINUTES: string;
  /** How many uploads are resubmitted at most, a second. */
  MAXIMUM_PER_SECOND: string;
  /** Where the sweep notes how far it came: a key that starts no function (`noteKey`). */
  NOTE_KEY: string;
  /** Where Powertools publishes the metrics. */
  POWERTOOLS_METRICS_NAMESPACE: string;
  /** The least severe level that is written. */
  LOG_LEVEL: LogLevel;
}>;

/** Set where uploads come by a queue. */
export type QueueVariables = Readonly<{
  /** The queue that S3 notifies. */
  UPLOAD_QUEUE_URL: string;
}>;

/** Powertools reads its own. */
type ReadVariables = Omit<EnvironmentVariables, 'POWERTOOLS_METRICS_NAMESPACE'>;

/** The same, read and checked. */
export interface Environment extends Prefixes {
  readonly bucket: string;
  readonly processUploadFunction: string;
  /** Undefined: `process-upload` is invoked itself. */
  readonly uploadQueueUrl: string | undefined;
  readonly olderThanMinutes: number;
  readonly maximumPerSecond: number;
  readonly noteKey: string;
  readonly logLevel: LogLevel;
}

const NOTE = '.upload-pipeline/sweep';

/**
 * A key for the sweep's note that starts no function and that no upload is moved to: outside all prefixes, or else,
 * where the whole bucket is watched, below the processed prefix twice. An upload goes there from no key: below the
 * processed prefix once, it is no upload.
 */
export function noteKey(prefixes: Prefixes): string {
  const everywhere = pairsOf(prefixes).find(({ upload }) => upload === '');
  if (everywhere !== undefined) return `${everywhere.processed}${everywhere.processed}${NOTE}`;
  let key = NOTE;
  while (isProcessed(key, prefixes) || pairOf(key, prefixes) !== undefined) key = `.${key}`;
  return key;
}

const filled = (allowed: string) => text(allowed, (value) => value !== '');
const POSITIVE = text('a number above 0', (value) => Number(value) > 0);

/** @throws Error that names every variable that is wrong */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const variables = readVariables<ReadVariables>(
    { FORMER_PREFIXES: '[]', ...env },
    {
      UPLOAD_BUCKET: filled('the name of a bucket'),
      UPLOAD_PREFIX: text('a key prefix, or an empty string for the whole bucket'),
      PROCESSED_PREFIX: filled('a key prefix'),
      FORMER_PREFIXES: PAIRS,
      PROCESS_UPLOAD_FUNCTION_NAME: filled('the name of a function, which `grantInvoke` sets'),
      OLDER_THAN_MINUTES: POSITIVE,
      MAXIMUM_PER_SECOND: POSITIVE,
      NOTE_KEY: filled('a key'),
      LOG_LEVEL: oneOf(LOG_LEVELS),
    },
  );
  const queue =
    env.UPLOAD_QUEUE_URL === undefined
      ? undefined
      : readVariables<QueueVariables>(env, { UPLOAD_QUEUE_URL: filled('the URL of a queue') });
  return {
    bucket: variables.UPLOAD_BUCKET,
    uploadPrefix: variables.UPLOAD_PREFIX,
    processedPrefix: variables.PROCESSED_PREFIX,
    formerPrefixes: parsePairs(variables.FORMER_PREFIXES) ?? [],
    processUploadFunction: variables.PROCESS_UPLOAD_FUNCTION_NAME,
    uploadQueueUrl: queue?.UPLOAD_QUEUE_URL,
    olderThanMinutes: Number(variables.OLDER_THAN_MINUTES),
    maximumPerSecond: Number(variables.MAXIMUM_PER_SECOND),
    noteKey: variables.NOTE_KEY,
    logLevel: variables.LOG_LEVEL,
  };
}
