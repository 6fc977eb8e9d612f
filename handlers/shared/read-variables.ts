/** The allowed values of a variable. */
export interface Rule<Value extends string> {
  /** A phrase that follows "expected". */
  readonly allowed: string;
  readonly fits: (value: string) => value is Value;
}

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One of these words. */
export const oneOf = <Value extends string>(values: readonly Value[]): Rule<Value> => ({
  allowed: `one of ${values.join(', ')}`,
  fits: (value): value is Value => values.some((known) => known === value),
});

/** Any text that `fits` accepts. */
export const text = (allowed: string, fits: (value: string) => boolean = () => true): Rule<string> => ({
  allowed,
  fits: (value): value is string => fits(value),
});

/**
 * Reads a function's variables once, at init, so that a wrongly configured function fails before its first event.
 * @throws Error that names every wrong variable, its value and the allowed values
 */
export function readVariables<Values extends Readonly<Record<string, string>>>(
  env: Readonly<Record<string, string | undefined>>,
  rules: { readonly [Name in keyof Values]: Rule<Values[Name]> },
): Values {
  const wrong = Object.entries<Rule<string>>(rules).filter(([name, { fits }]) => {
    const value = env[name];
    return value === undefined || !fits(value);
  });
  if (wrong.length > 0) {
    const problems = wrong.map(([name, { allowed }]) => {
      const value = env[name];
      return `${name}: got ${value === undefined ? 'nothing' : JSON.stringify(value)}; expected ${allowed}`;
    });
    throw new Error(`Wrong environment variables:\n${problems.join('\n')}`);
  }
  return Object.fromEntries(Object.keys(rules).map((name) => [name, env[name]])) as Values;
}
