import { messageOf, UsageError } from './errors';

/** The allowed range of a number on the command line. */
export interface NumberLimits {
  /** The option with its hyphens: `--rate`. */
  readonly option: string;
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * An integer on the command line.
 * @throws {UsageError} naming the option, what it got and what is allowed
 */
export function integerOption(text: string, { option, minimum, maximum }: NumberLimits): number {
  const number = Number(text);
  if (/^\d+$/u.test(text) && number >= minimum && number <= maximum) return number;
  throw new UsageError(
    `${option}: got ${JSON.stringify(text)}; expected an integer from ${minimum} to ${maximum}.`,
  );
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A duration on the command line: `30s`, `15m`, `2h`, `7d`.
 * @returns milliseconds
 * @throws {UsageError} naming the option, what it got and what is allowed
 */
export function durationOption(text: string, option: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smhd])$/u.exec(text) ?? [];
  const milliseconds = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (milliseconds > 0) return milliseconds;
  throw new UsageError(
    `${option}: got ${JSON.stringify(text)}; expected a number with s, m, h or d, such as 15m.`,
  );
}

const ABSOLUTE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/u;

/**
 * A time on the command line: `2026-01-31`, `2026-01-31T04:30Z`, or how long ago: `2h`. Times without a zone are UTC.
 * @returns milliseconds since 1970
 * @throws {UsageError} naming the option, what it got and what is allowed
 */
export function timeOption(text: string, option: string, now: number): number {
  if (/^\d{1,6}[smhd]$/u.test(text)) return now - durationOption(text, option);
  const zoned = /T.*(Z|[+-]\d\d:\d\d)$/u.test(text) || !text.includes('T') ? text : `${text}Z`;
  const time = ABSOLUTE.test(text) ? Date.parse(zoned) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError(
    `${option}: got ${JSON.stringify(text)}; expected a time such as 2026-01-31 or 2026-01-31T04:30Z (UTC where it has no zone), or how long ago, such as 2h.`,
  );
}

/**
 * A regular expression on the command line.
 * @throws {UsageError} naming the option, what it got and what is wrong with it
 */
export function patternOption(text: string, option: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw new UsageError(
      `${option}: got ${JSON.stringify(text)}; expected a regular expression of JavaScript (${messageOf(error)}).`,
    );
  }
}

/**
 * A pattern for whole keys: `*` stands for any text, slashes included, and `?` for one character.
 * @throws {UsageError} for an empty one, which no key fits
 */
export function globOption(text: string, option: string): RegExp {
  if (text === '') throw new UsageError(`${option}: got ""; expected a key, with * for any text.`);
  const pattern = text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, (character) =>
    character === '*' ? '.*' : character === '?' ? '.' : `\\${character}`,
  );
  return new RegExp(`^${pattern}$`, 'su');
}
