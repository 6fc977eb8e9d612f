import { isLogLevel, LOG_LEVEL_RULE, readVariables, type LogLevel } from '../shared/read-variables';

/** The function's environment variables, as Lambda wants them: all strings. */
export type EnvironmentVariables = Readonly<{
  /** The name of the function to call; `invoked.grantInvoke(caller)` in the stack sets it. */
  INVOKED_FUNCTION_NAME: string;
  /** The least severe level that is written. */
  LOG_LEVEL: LogLevel;
}>;

/** The same, read and checked. */
export interface Environment {
  readonly invokedFunctionName: string;
  readonly logLevel: LogLevel;
}

/** @throws Error that names every variable that is wrong */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const { INVOKED_FUNCTION_NAME, LOG_LEVEL } = readVariables(env, {
    INVOKED_FUNCTION_NAME: {
      allowed: 'the name of a function, which `grantInvoke` gives',
      fits: (value) => value !== '',
    },
    LOG_LEVEL: LOG_LEVEL_RULE,
  });
  return {
    invokedFunctionName: INVOKED_FUNCTION_NAME,
    logLevel: isLogLevel(LOG_LEVEL) ? LOG_LEVEL : 'INFO',
  };
}
