import { z } from 'zod';

/** What is said of each setting, in `docs/settings.md` and in the error when a value is refused. */
export interface About {
  /** One sentence. */
  readonly description: string;
  /** The values that are accepted, in words. */
  readonly allowed: string;
  /** The unit of a number. */
  readonly unit?: string;
}

/** Attaches what is said of a setting to its schema, where `config/describe.ts` finds it. */
export const about = <Schema extends z.ZodType>(schema: Schema, said: About): Schema =>
  schema.meta({ ...said });

/** An integer within limits, said in the same words everywhere. */
export const integer = (minimum: number, maximum: number): z.ZodNumber => z.int().min(minimum).max(maximum);

export const range = (minimum: number, maximum: number): string =>
  `an integer from ${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`;

/** A setting that is an integer with limits, a unit and a default. */
export const number = (minimum: number, maximum: number, fallback: number, said: Omit<About, 'allowed'>) =>
  about(integer(minimum, maximum).default(fallback), { ...said, allowed: range(minimum, maximum) });

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
