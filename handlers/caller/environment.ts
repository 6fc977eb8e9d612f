import { LOG_LEVELS, oneOf, readVariables, text, type LogLevel } from '../shared/read-variables';

/** The function's environment variables. Lambda accepts only strings. */
export type EnvironmentVariables = Readonly<{
  /** The name of the function to call; `invoked.grantInvoke(caller)` in the stack sets it. */
  INVOKED_FUNCTION_NAME: string;
  /** The least severe log level that is written. */
  LOG_LEVEL: LogLevel;
}>;

/** The environment variables, parsed and checked. */
export interface Environment {
  readonly invokedFunctionName: string;
  readonly logLevel: LogLevel;
}

/** @throws Error that names every wrong variable */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const variables = readVariables<EnvironmentVariables>(env, {
    INVOKED_FUNCTION_NAME: text('the name of a function, which `grantInvoke` sets', (value) => value !== ''),
    LOG_LEVEL: oneOf(LOG_LEVELS),
  });
  return { invokedFunctionName: variables.INVOKED_FUNCTION_NAME, logLevel: variables.LOG_LEVEL };
}
