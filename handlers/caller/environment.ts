import { LOG_LEVELS, oneOf, readVariables, text, type LogLevel } from '../shared/read-variables';

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
  const variables = readVariables<EnvironmentVariables>(env, {
    INVOKED_FUNCTION_NAME: text('the name of a function, which `grantInvoke` gives', (value) => value !== ''),
    LOG_LEVEL: oneOf(LOG_LEVELS),
  });
  return { invokedFunctionName: variables.INVOKED_FUNCTION_NAME, logLevel: variables.LOG_LEVEL };
}
