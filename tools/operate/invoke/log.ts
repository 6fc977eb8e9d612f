import { fields, parsed, text } from '../../../handlers/shared/fields';
import { indent, type Colours } from '../../lib/terminal';
import { readEntries, type Entry } from '../../logs/entries';
import { errorText, thrownError } from '../../logs/line';
import { entryText } from '../../logs/print';
import { isTraceOf, traceText, type ToSource } from '../../logs/trace';
import type { Invocation } from './invocation';

export interface ReadableOptions {
  readonly colours: Colours;
  readonly columns: number;
  readonly toSource: () => Promise<ToSource | undefined>;
}

/** What an invocation told, for people. */
export interface Readable {
  /** The log's last entries, without the error. */
  readonly log: readonly string[];
  /** The error, with the lines in TypeScript where it began; undefined where no stack is known. */
  readonly error: string | undefined;
}

/** The log of an invocation and the stack of its error, as `npm run logs` shows them. */
export async function readable(result: Invocation, options: ReadableOptions): Promise<Readable> {
  if (!('log' in result)) return { log: [], error: undefined };
  const entries = readEntries(eventsOf(result.functionName, result.log));
  const failure = result.outcome === 'functionError' ? result.error : undefined;
  const message = text(fields(failure).errorMessage);
  // The local engine answers without class and stack: they are in the log alone.
  const thrown = thrownError(failure) ?? entries.findLast(({ trace }) => isTraceOf(trace, message))?.trace;
  const isThatError = ({ line, trace }: Entry): boolean =>
    trace?.message === message && (line.plain === true || line.by === 'runtime');
  const log: string[] = [];
  for (const entry of entries) {
    if (!isThatError(entry)) log.push(await entryText(entry, { ...options, namePrefix: '' }));
  }
  if (thrown === undefined) return { log, error: undefined };
  const frames = traceText(thrown, await options.toSource(), options.colours);
  return { log, error: [errorText(thrown), ...(frames === '' ? [] : [indent(frames)])].join('\n') };
}

/** The lines as events of one invocation; a line without a time has that of the line before. */
function eventsOf(functionName: string, lines: readonly string[]) {
  let time = Date.now();
  return lines.map((message, index) => {
    const own = Date.parse(text(fields(parsed(message)).timestamp));
    if (!Number.isNaN(own)) time = own;
    return { id: String(index), time, functionName, stream: '', message };
  });
}
