import { LOG_LEVELS, oneOf, readVariables, type LogLevel } from '../shared/read-variables';

/** The function's environment variables, as Lambda wants them: all strings. They are its own, whoever calls it. */
export type EnvironmentVariables = Readonly<{
  /** The least severe level that is written. */
  LOG_LEVEL: LogLevel;
}>;

/** The same, read and checked. */
export interface Environment {
  readonly logLevel: LogLevel;
}

/** @throws Error that names every variable that is wrong */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const { LOG_LEVEL: logLevel } = readVariables<EnvironmentVariables>(env, { LOG_LEVEL: oneOf(LOG_LEVELS) });
  return { logLevel };
}
