import { styleText } from 'node:util';

/** What a tool writes to: `process.stdout`, or a stand-in that collects. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Paint = (text: string) => string;

/** Colours by what they mean. On anything but a terminal, and where NO_COLOR is set, they change nothing. */
export interface Colours {
  readonly heading: Paint;
  readonly quiet: Paint;
  readonly good: Paint;
  readonly warning: Paint;
  readonly bad: Paint;
}

/** The colours for an output. https://no-color.org */
export function coloursFor(output: Output, env: Readonly<NodeJS.ProcessEnv> = process.env): Colours {
  const coloured = output.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  // `validateStream` would ask process.stdout, which need not be this output.
  const paint =
    (format: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      coloured ? styleText(format, text, { validateStream: false }) : text;
  return {
    heading: paint('bold'),
    quiet: paint('dim'),
    good: paint('green'),
    warning: paint('yellow'),
    bad: paint('red'),
  };
}

/**
 * Rows as left-aligned columns with two spaces between them and two before them.
 * @param rows cells without line breaks; a row may be shorter than others
 */
export function table(rows: readonly (readonly string[])[]): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

/** Text with every line moved to the right. */
export const indent = (text: string, by = '  '): string => text.replace(/^(?=.)/gmu, by);

/** A duration as people say it: `850 ms`, `4.2 s`, `33 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** UTC, to the second. */
export const utcTime = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 19);

/** Text without control characters: a key may hold some that would break the line, or the terminal. */
export const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));

/** `1 record`, `2,000 records`. */
export const count = (number: number, what: string, plural = `${what}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? what : plural}`;
