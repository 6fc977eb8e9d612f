/**
 * What the function and its stack must agree on. The stack imports this file for the names and the types, so
 * nothing that costs time to load belongs here.
 */

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The function's environment variables, as Lambda wants them: all strings. */
export type EnvironmentVariables = Readonly<{
  UPLOAD_BUCKET: string;
  /** Keys below this prefix are looked at. Empty: the whole bucket, except what is below `PROCESSED_PREFIX`. */
  UPLOAD_PREFIX: string;
  PROCESSED_PREFIX: string;
  /** The function that moves uploads. */
  PROCESS_UPLOAD_FUNCTION: string;
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

/**
 * Reads the variables once, at init: a function that is set up wrongly must not begin.
 * @throws Error that names every variable that is wrong, what it holds and what it may hold
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const problems: string[] = [];
  const read = (name: keyof EnvironmentVariables, allowed: string, fits: (value: string) => boolean) => {
    const value = env[name];
    if (value !== undefined && fits(value)) return value;
    const got = value === undefined ? 'nothing' : JSON.stringify(value);
    problems.push(`${name}: got ${got}; expected ${allowed}`);
    return '';
  };
  const text = (name: keyof EnvironmentVariables, what: string) => read(name, what, (value) => value !== '');
  const positive = (name: keyof EnvironmentVariables) =>
    Number(read(name, 'a number above 0', (value) => Number(value) > 0));
  const logLevel = read('LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`, (value) =>
    LOG_LEVELS.some((known) => known === value),
  );

  const environment: Environment = {
    bucket: text('UPLOAD_BUCKET', 'the name of a bucket'),
    uploadPrefix: read('UPLOAD_PREFIX', 'a key prefix, or an empty string for the whole bucket', () => true),
    processedPrefix: text('PROCESSED_PREFIX', 'a key prefix'),
    processUploadFunction: text('PROCESS_UPLOAD_FUNCTION', 'the name of a function'),
    olderThanMinutes: positive('OLDER_THAN_MINUTES'),
    maximumPerSecond: positive('MAXIMUM_PER_SECOND'),
    noteKey: text('NOTE_KEY', 'a key'),
    logLevel: LOG_LEVELS.find((known) => known === logLevel) ?? 'INFO',
  };
  if (problems.length > 0) throw new Error(`Wrong environment variables:\n${problems.join('\n')}`);
  return environment;
}
