import { keptBytes } from '../shared/failure-record';
import { LOG_LEVELS, oneOf, readVariables, text, type LogLevel } from '../shared/read-variables';

/** The function's environment variables. Lambda accepts only strings. */
export type EnvironmentVariables = Readonly<{
  /** The name of the function to call; `invoked.grantInvoke(caller)` in the stack sets it. */
  INVOKED_FUNCTION_NAME: string;
  /** The largest message that the failure queue takes, in bytes. */
  FAILURE_MESSAGE_BYTES: string;
  /** The least severe log level that is written. */
  LOG_LEVEL: LogLevel;
}>;

/** The environment variables, parsed and checked. */
export interface Environment {
  readonly invokedFunctionName: string;
  /** The largest event of which the failure queue can keep the record. */
  readonly maxEventBytes: number;
  readonly logLevel: LogLevel;
}

/** @throws Error that names every wrong variable */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const variables = readVariables<EnvironmentVariables>(env, {
    INVOKED_FUNCTION_NAME: text('the name of a function, which `grantInvoke` sets', (value) => value !== ''),
    FAILURE_MESSAGE_BYTES: text('a number of bytes', (value) => keptBytes(Number(value)) > 0),
    LOG_LEVEL: oneOf(LOG_LEVELS),
  });
  return {
    invokedFunctionName: variables.INVOKED_FUNCTION_NAME,
    maxEventBytes: keptBytes(Number(variables.FAILURE_MESSAGE_BYTES)),
    logLevel: variables.LOG_LEVEL,
  };
}
