/** What a variable may hold. */
export interface Rule {
  /** In words, to read after "expected". */
  readonly allowed: string;
  readonly fits: (value: string) => boolean;
}

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const isLogLevel = (value: string): value is LogLevel => LOG_LEVELS.some((level) => level === value);

export const LOG_LEVEL_RULE: Rule = { allowed: `one of ${LOG_LEVELS.join(', ')}`, fits: isLogLevel };

/**
 * Reads a function's variables once, at init: a function that is set up wrongly must not take a single event.
 * @throws Error that names every variable that is wrong, what it holds and what it may hold
 */
export function readVariables<Name extends string>(
  env: Readonly<Record<string, string | undefined>>,
  rules: Readonly<Record<Name, Rule>>,
): Record<Name, string> {
  const problems: string[] = [];
  const entries = Object.entries<Rule>(rules).map(([name, { allowed, fits }]) => {
    const value = env[name];
    if (value === undefined || !fits(value)) {
      problems.push(
        `${name}: got ${value === undefined ? 'nothing' : JSON.stringify(value)}; expected ${allowed}`,
      );
    }
    return [name, value ?? ''] as const;
  });
  if (problems.length > 0) throw new Error(`Wrong environment variables:\n${problems.join('\n')}`);
  return Object.fromEntries(entries) as Record<Name, string>;
}
