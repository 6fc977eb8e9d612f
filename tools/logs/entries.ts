import { errorText, isFailure, readLine, type LogEvent, type LogLine } from './line';
import { isFrame, isHeader, readStack, type Trace } from './trace';

/** What a person reads as one: a line, with the stack of its error. */
export interface Entry {
  readonly event: LogEvent;
  readonly line: LogLine;
  readonly trace: Trace | undefined;
}

type Open = { -readonly [Name in keyof Entry]: Entry[Name] } & {
  /** The invocation, where the line tells it. */
  readonly request: string | undefined;
  /** Lines of a stack that were logged one by one: the local engine does so. */
  stack?: string[];
};

/**
 * Reads events, oldest first, as entries. A function that fails tells it twice, in a line of its own and by the error
 * that it throws, and Lambda a third time in its report: they are one entry, the function's own line with the stack.
 */
export function readEntries(events: readonly LogEvent[]): readonly Entry[] {
  const streams = new Map<string, Open[]>();
  const runs: Open[][] = [];
  const all: Open[] = [];
  const dropped = new Set<Open>();
  for (const event of events) {
    const key = `${event.functionName} ${event.stream}`;
    const known = event.message.startsWith('START ') ? undefined : streams.get(key);
    const before = known ?? [];
    if (known === undefined) runs.push(before);
    streams.set(key, before);
    if (isFrame(event.message) && joinStack(before, event, dropped)) continue;
    const entry = readEntry(event);
    if (entry === undefined || repeats(entry, before)) continue;
    before.push(entry);
    all.push(entry);
  }
  for (const entries of runs) for (const entry of entries) settle(entry, entries, dropped);
  return all.filter((entry) => !dropped.has(entry));
}

function readEntry(event: LogEvent): Open | undefined {
  const line = readLine(event.message);
  return line && { event, line, trace: line.trace, request: line.request };
}

/** Adds a frame to the stack that the lines before have begun. */
function joinStack(before: Open[], event: LogEvent, dropped: Set<Open>): boolean {
  const last = before.at(-1);
  if (last?.stack !== undefined) {
    last.stack.push(event.message);
    return true;
  }
  // The header is the last line that may be one; what follows it belongs to the message.
  let start = before.length - 1;
  while (start >= 0 && before[start]?.line.plain === true && !isHeader(before[start]?.event.message ?? ''))
    start -= 1;
  const head = before[start];
  if (head?.line.plain !== true) return false;
  const rest = before.splice(start + 1);
  for (const part of rest) dropped.add(part);
  head.stack = [head, ...rest].map((part) => part.event.message.trimEnd());
  head.stack.push(event.message);
  return true;
}

/** Gives a stack to the failure that it is of, or makes an entry of it. */
function settle(entry: Open, stream: readonly Open[], dropped: Set<Open>): void {
  const trace = entry.stack === undefined ? entry.trace : readStack(entry.stack.join('\n'));
  if (trace === undefined || (entry.stack === undefined && entry.line.by !== 'runtime')) return;
  const own = stream
    .slice(0, stream.indexOf(entry))
    .findLast(
      (line) =>
        isFailure(line.line) &&
        line.line.by === undefined &&
        line.stack === undefined &&
        (line.request === undefined || entry.request === undefined || line.request === entry.request),
    );
  if (own !== undefined) {
    own.trace ??= trace;
    dropped.add(entry);
    return;
  }
  entry.trace = trace;
  entry.line = {
    ...entry.line,
    level: 'ERROR',
    text: errorText(trace),
  };
}

/** Lambda's report of a failure that the function has told itself. */
const repeats = (entry: Open, before: readonly Open[]): boolean =>
  entry.line.by === 'lambda' &&
  before.some((line) => isFailure(line.line) && line.request !== undefined && line.request === entry.request);
