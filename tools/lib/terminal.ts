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

const ESCAPES = {
  heading: [1, 22],
  quiet: [2, 22],
  good: [32, 39],
  warning: [33, 39],
  bad: [31, 39],
} as const;

/** The colours for an output. https://no-color.org */
export function coloursFor(output: Output, env: Readonly<NodeJS.ProcessEnv> = process.env): Colours {
  const coloured = output.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  const paint = ([on, off]: readonly [number, number]): Paint =>
    coloured ? (text) => `\u001b[${on}m${text}\u001b[${off}m` : (text) => text;
  return {
    heading: paint(ESCAPES.heading),
    quiet: paint(ESCAPES.quiet),
    good: paint(ESCAPES.good),
    warning: paint(ESCAPES.warning),
    bad: paint(ESCAPES.bad),
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
