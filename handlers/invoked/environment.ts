import { LOG_LEVELS, oneOf, readVariables, text, type LogLevel } from '../shared/read-variables';

/** The function's environment variables. Lambda accepts only strings. */
export type EnvironmentVariables = Readonly<{
  /** The least severe log level that is written. */
  LOG_LEVEL: LogLevel;
}>;

/** Variables of the idempotency guard; left out without a guard. */
export type GuardVariables = Readonly<{
  /** The table of completed jobs. */
  IDEMPOTENCY_TABLE_NAME: string;
  /** How long the table keeps a completed job, in hours. */
  IDEMPOTENCY_EXPIRES_AFTER_HOURS: string;
}>;

export interface GuardEnvironment {
  readonly tableName: string;
  readonly expiresAfterHours: number;
}

/** The environment variables, parsed and checked. */
export interface Environment {
  readonly logLevel: LogLevel;
  /** Set if repeated jobs are guarded against. */
  readonly guard?: GuardEnvironment;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws Error that names every wrong variable */
export function readEnvironment(env: Variables): Environment {
  const { LOG_LEVEL: logLevel } = readVariables<EnvironmentVariables>(env, { LOG_LEVEL: oneOf(LOG_LEVELS) });
  return env.IDEMPOTENCY_TABLE_NAME === undefined ? { logLevel } : { logLevel, guard: readGuard(env) };
}

function readGuard(env: Variables): GuardEnvironment {
  const variables = readVariables<GuardVariables>(env, {
    IDEMPOTENCY_TABLE_NAME: text('the name of a table', (value) => value !== ''),
    IDEMPOTENCY_EXPIRES_AFTER_HOURS: text('a number of hours, 1 or more', (value) =>
      /^[1-9]\d*$/u.test(value),
    ),
  });
  return {
    tableName: variables.IDEMPOTENCY_TABLE_NAME,
    expiresAfterHours: Number(variables.IDEMPOTENCY_EXPIRES_AFTER_HOURS),
  };
}
