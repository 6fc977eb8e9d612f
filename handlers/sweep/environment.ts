import {
  isLogLevel,
  LOG_LEVEL_RULE,
  readVariables,
  type LogLevel,
  type Rule,
} from '../shared/read-variables';

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
  /** The function that moves uploads; `processUpload.grantInvoke(sweep)` in the stack sets it. */
  PROCESS_UPLOAD_FUNCTION_NAME: string;
  /** Uploads younger than this are left alone, in minutes. */
  OLDER_THAN_MINUTES: string;
  /** How many uploads are announced at most, a second. */
  MAXIMUM_PER_SECOND: string;
  /** Where the sweep notes how far it came: a key that starts no function (`noteKey`). */
  NOTE_KEY: string;
  /** Where Powertools publishes the metrics. */
  POWERTOOLS_METRICS_NAMESPACE: string;
  /** The least severe level that is written. */
  LOG_LEVEL: LogLevel;
}>;

/** The same, read and checked. */
export interface Environment {
  readonly bucket: string;
  readonly uploadPrefix: string;
  readonly processedPrefix: string;
  readonly processUploadFunction: string;
  readonly olderThanMinutes: number;
  readonly maximumPerSecond: number;
  readonly noteKey: string;
  readonly logLevel: LogLevel;
}

const NOTE = '.upload-pipeline/sweep';

/** A key for the sweep's note that is no upload: outside the upload prefix, or else where everything is processed. */
export function noteKey(uploadPrefix: string, processedPrefix: string): string {
  return NOTE.startsWith(uploadPrefix) ? `${processedPrefix}${NOTE}` : NOTE;
}

const TEXT: Rule = { allowed: 'a text that is not empty', fits: (value) => value !== '' };
const POSITIVE: Rule = { allowed: 'a number above 0', fits: (value) => Number(value) > 0 };

/** @throws Error that names every variable that is wrong */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const variables = readVariables(env, {
    UPLOAD_BUCKET: TEXT,
    UPLOAD_PREFIX: { allowed: 'a key prefix, or an empty string for the whole bucket', fits: () => true },
    PROCESSED_PREFIX: TEXT,
    PROCESS_UPLOAD_FUNCTION_NAME: {
      ...TEXT,
      allowed: 'the name of a function, which `grantInvoke` gives',
    },
    OLDER_THAN_MINUTES: POSITIVE,
    MAXIMUM_PER_SECOND: POSITIVE,
    NOTE_KEY: TEXT,
    LOG_LEVEL: LOG_LEVEL_RULE,
  });
  return {
    bucket: variables.UPLOAD_BUCKET,
    uploadPrefix: variables.UPLOAD_PREFIX,
    processedPrefix: variables.PROCESSED_PREFIX,
    processUploadFunction: variables.PROCESS_UPLOAD_FUNCTION_NAME,
    olderThanMinutes: Number(variables.OLDER_THAN_MINUTES),
    maximumPerSecond: Number(variables.MAXIMUM_PER_SECOND),
    noteKey: variables.NOTE_KEY,
    logLevel: isLogLevel(variables.LOG_LEVEL) ? variables.LOG_LEVEL : 'INFO',
  };
}
