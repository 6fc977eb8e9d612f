import { fields, text as textOf, type Fields } from '../../handlers/shared/fields';
import { type Colours, duration, printable, shortened } from '../lib/terminal';
import { readStack, type Trace } from './trace';

/** An event of a log group. */
export interface LogEvent {
  readonly id: string;
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly functionName: string;
  /** The log stream: one execution environment; on the local engine one invocation. */
  readonly stream: string;
  readonly message: string;
}

/** A line of a log, for people. */
export interface LogLine {
  readonly level: string;
  readonly text: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The invocation, where the line tells it. */
  readonly request?: string | undefined;
  /** The stack of the error that the line tells of. */
  readonly trace?: Trace | undefined;
  /** Not JSON: one line of a text that may have several. */
  readonly plain?: true;
  /** By whom, where not by the function: the runtime, about an error that was thrown; Lambda, about an invocation. */
  readonly by?: 'runtime' | 'lambda';
}

/** Fields that the logger puts into every line: shown once, or not at all. */
const USUAL = new Set([
  'bucket',
  'cold_start',
  'decision',
  'error',
  'function_arn',
  'function_memory_size',
  'function_name',
  'function_request_id',
  'level',
  'message',
  'sampling_rate',
  'service',
  'stack',
  'timestamp',
  'xray_trace_id',
]);

/**
 * Reads a line of a function's log: JSON of the logger or of Lambda itself, or plain text.
 * @returns undefined for metrics and Lambda's own book-keeping, which say nothing to a person
 */
export function readLine(message: string): LogLine | undefined {
  const json = parse(message);
  if (json === undefined) {
    const text = message.trimEnd();
    if (text === '' || /^(START|END|REPORT|INIT_START) /u.test(text)) return undefined;
    return { level: /error|timed out/iu.test(text) ? 'ERROR' : 'INFO', text, fields: [], plain: true };
  }
  if ('_aws' in json) return undefined; // metrics in the embedded format
  if (typeof json.type === 'string' && json.type.startsWith('platform.')) return platformLine(json);
  const thrown = thrownError(json.message);
  if (thrown !== undefined) {
    return {
      level: 'ERROR',
      text: errorText(thrown),
      fields: [],
      request: requestOf(json),
      trace: thrown,
      by: 'runtime',
    };
  }
  const { level, message: text } = json;
  const error = errorIn(json);
  const others = Object.entries(json)
    .filter(([name, value]) => !USUAL.has(name) && value !== undefined)
    .map(([name, value]) => [name, shown(name, value)] as const);
  return {
    level: typeof level === 'string' ? level : 'INFO',
    text: plainText(text),
    fields: [
      ...others,
      ...(json.error === undefined ? [] : [['error', error?.told ?? plainText(json.error)] as const]),
    ],
    request: requestOf(json),
    trace: error?.trace,
  };
}

const requestOf = (json: Fields): string | undefined =>
  [json.function_request_id, json.requestId].find((id) => typeof id === 'string');

/** `RetryableError: …`, as far as it is known. */
export const errorText = ({ errorType, message }: Trace): string =>
  [errorType, message].filter(Boolean).join(': ');

/**
 * The error that a function threw, in the runtime's line. Its `errorType` is the class's name after minification: the
 * stack begins with the name that the error gives itself. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export function thrownError(value: unknown): Trace | undefined {
  const error = fields(value);
  const stack = [error.stackTrace, error.trace].find((lines) => Array.isArray(lines));
  if (!Array.isArray(stack) || stack.length === 0) return undefined;
  const trace = readStack(stack.map(String).join('\n'));
  return {
    ...trace,
    errorType: trace.errorType ?? textOf(error.errorType),
    message: textOf(error.errorMessage),
  };
}

/** The error in a line of the function's own: a `stack`, or an error as the logger writes it, with its causes. */
function errorIn(json: Fields): { readonly told?: string; readonly trace: Trace } | undefined {
  if (typeof json.stack === 'string') return { trace: readStack(json.stack) };
  const error = fields(json.error);
  if (typeof error.stack !== 'string') return undefined;
  let origin = error;
  while (typeof fields(origin.cause).stack === 'string') origin = fields(origin.cause);
  return { told: `${textOf(error.name)}: ${textOf(error.message)}`, trace: readStack(textOf(origin.stack)) };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html */
function platformLine(json: Fields): LogLine | undefined {
  const record = json.record as Fields | undefined;
  if (json.type !== 'platform.report' || record === undefined) return undefined;
  if (record.status === 'success' || record.status === undefined) return undefined;
  const { errorType, metrics } = record as { errorType?: unknown; metrics?: Fields };
  const milliseconds = metrics?.durationMs;
  return {
    level: 'ERROR',
    text: `Lambda: ${plainText(record.status)}${errorType === undefined ? '' : ` (${plainText(errorType)})`}`,
    fields: typeof milliseconds === 'number' ? [['after', duration(milliseconds)]] : [],
    request: requestOf(record),
    by: 'lambda',
  };
}

/** Whether a line reports an error. */
export const isFailure = ({ level }: LogLine): boolean => ['ERROR', 'CRITICAL', 'FATAL'].includes(level);

/**
 * A line for people: time (UTC), function, level, message, fields.
 * @param columns what is longer, a key or a message, is shortened in its middle. @default no limit
 */
export function formatLine(event: LogEvent, line: LogLine, colours: Colours, columns = Infinity): string {
  const paint = isFailure(line) ? colours.bad : (text: string) => text;
  const time = new Date(event.time).toISOString().slice(11, 23);
  const fields = line.fields.map(
    ([name, value]) => `${colours.quiet(`${name}=`)}${shortened(printable(value), columns)}`,
  );
  return [
    colours.quiet(time),
    colours.heading(event.functionName),
    paint(`${line.level.padEnd(5)} ${shortened(printable(line.text), columns)}`),
    ...fields,
  ].join('  ');
}

function parse(message: string): Fields | undefined {
  try {
    const json: unknown = JSON.parse(message);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function shown(name: string, value: unknown): string {
  if (name === 'durationMs' && typeof value === 'number') return duration(value);
  return plainText(value);
}

const plainText = (value: unknown): string => {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
