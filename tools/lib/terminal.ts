import { styleText } from 'node:util';

/** The output of a tool: `process.stdout`, or a collecting stand-in. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Paint = (text: string) => string;

/** Colours by meaning. Without a terminal, or with NO_COLOR set, they leave text unchanged. */
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

/** Text with every line indented. */
export const indent = (text: string, by = '  '): string => text.replace(/^(?=.)/gmu, by);

/** A readable duration: `850 ms`, `4.2 s`, `33 s`, `2 min 5 s`. */
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

/** Text without control characters: those of a key would break the line or the terminal. */
export const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));

/** `1 record`, `2,000 records`. */
export const count = (number: number, what: string, plural = `${what}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? what : plural}`;

/** A long text without its middle: beginning and end tell keys apart. */
export function shortened(text: string, columns: number): string {
  if (text.length <= columns) return text;
  const end = Math.max(1, Math.floor((columns - 1) / 2));
  return `${text.slice(0, Math.max(1, columns - 1 - end))}…${text.slice(-end)}`;
}

/** How wide an output is; no limit where it is no terminal, for what reads it may want all. */
export const widthOf = ({ isTTY, columns }: Output): number =>
  isTTY === true && columns !== undefined && columns > 0 ? columns : Infinity;
