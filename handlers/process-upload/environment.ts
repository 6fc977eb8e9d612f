import { LOG_LEVELS, oneOf, readVariables, text, type LogLevel } from '../shared/read-variables';
import { parsePairs, type Prefixes } from './prefixes';

/**
 * What the function and its stack must agree on. The stack imports this file for the names and the types, so
 * nothing that costs time to load belongs here.
 */

/** What becomes of an upload whose destination already holds something else. */
export const ON_EXISTING = ['replace', 'keepBoth'] as const;
export type OnExisting = (typeof ON_EXISTING)[number];

/** The function's environment variables, as Lambda wants them: all strings. */
export type EnvironmentVariables = Readonly<{
  /** Keys below this prefix are moved. Empty: the whole bucket, except what is below `PROCESSED_PREFIX`. */
  UPLOAD_PREFIX: string;
  /** Where they are moved to. */
  PROCESSED_PREFIX: string;
  /** Pairs of before a change, which are served as well: `[{"upload":"uploads/","processed":"processed/"}]`. */
  FORMER_PREFIXES: string;
  /**
   * `replace`: the newest upload takes the plain name; a versioned bucket keeps what was there as an older version.
   * `keepBoth`: the later upload gets a second name, `<name>.~<ETag>`; nothing is ever replaced.
   */
  ON_EXISTING: OnExisting;
  /** Where Powertools publishes the metrics. */
  POWERTOOLS_METRICS_NAMESPACE: string;
  /** The least severe level that is written. */
  LOG_LEVEL: LogLevel;
}>;

/** Powertools reads its own. */
type ReadVariables = Omit<EnvironmentVariables, 'POWERTOOLS_METRICS_NAMESPACE'>;

/** The same, read and checked. */
export interface Environment extends Prefixes {
  readonly onExisting: OnExisting;
  readonly logLevel: LogLevel;
}

/** What FORMER_PREFIXES may hold. */
export const PAIRS = text(
  'a list of pairs in JSON, such as [{"upload":"uploads/","processed":"processed/"}]',
  (json) => parsePairs(json) !== undefined,
);

/**
 * Reads the variables once, at init: a function that is set up wrongly must not take a single event.
 * @throws Error that names every variable that is wrong, what it holds and what it may hold
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const variables = readVariables<ReadVariables>(
    { FORMER_PREFIXES: '[]', ...env },
    {
      UPLOAD_PREFIX: text('a key prefix, or an empty string for the whole bucket'),
      PROCESSED_PREFIX: text(
        'a key prefix that is not empty and that UPLOAD_PREFIX does not start with (nothing would ever be moved)',
        (prefix) => prefix !== '' && env.UPLOAD_PREFIX?.startsWith(prefix) !== true,
      ),
      FORMER_PREFIXES: PAIRS,
      ON_EXISTING: oneOf(ON_EXISTING),
      LOG_LEVEL: oneOf(LOG_LEVELS),
    },
  );
  return {
    uploadPrefix: variables.UPLOAD_PREFIX,
    processedPrefix: variables.PROCESSED_PREFIX,
    formerPrefixes: parsePairs(variables.FORMER_PREFIXES) ?? [],
    onExisting: variables.ON_EXISTING,
    logLevel: variables.LOG_LEVEL,
  };
}
