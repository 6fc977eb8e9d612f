import type { Colours } from '../lib/terminal';
import type { Entry } from './entries';
import { formatLine } from './line';
import { placeOf, traceText, type ToSource } from './trace';
import { indent } from '../lib/terminal';

export interface PrintOptions {
  readonly colours: Colours;
  /** The width of the terminal. */
  readonly columns: number;
  /** The start of every function's name, which is not shown. */
  readonly namePrefix: string;
  readonly toSource: (functionName: string, version: string | undefined) => Promise<ToSource | undefined>;
}

/** An entry for people: its line, and below it where in TypeScript its error began. */
export async function entryText(entry: Entry, options: PrintOptions): Promise<string> {
  const { event, line } = entry;
  const { colours, columns, namePrefix } = options;
  const functionName = withoutPrefix(event.functionName, namePrefix);
  const text = formatLine({ ...event, functionName }, line, colours, columns);
  const trace = await mappedTrace(entry, options);
  return trace === '' ? text : `${text}\n${indent(trace, '    ')}`;
}

async function mappedTrace({ event, trace }: Entry, { toSource, colours }: PrintOptions): Promise<string> {
  if (trace === undefined) return '';
  // Only a frame in the package needs its map, and Lambda is asked for nothing else.
  const needed = trace.frames.some((frame) => placeOf(frame) !== undefined);
  const map = needed ? await toSource(event.functionName, versionIn(event.stream)) : undefined;
  return traceText(trace, map, colours);
}

export const withoutPrefix = (functionName: string, namePrefix: string): string =>
  functionName.startsWith(`${namePrefix}-`) ? functionName.slice(namePrefix.length + 1) : functionName;

/** `2026/11/24/[7]0123…`: the version that ran. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html */
export const versionIn = (stream: string): string | undefined => /\[(\d+)\]/u.exec(stream)?.[1];

/** An entry for programs. */
export const entryJson = ({ event, line, trace }: Entry): object => ({
  time: new Date(event.time).toISOString(),
  functionName: event.functionName,
  level: line.level,
  message: line.text,
  ...Object.fromEntries(line.fields),
  ...(trace && { errorType: trace.errorType, errorMessage: trace.message, trace: trace.frames }),
});
