import { UsageError } from './errors';

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
