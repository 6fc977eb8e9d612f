import type { Fields } from '../../../handlers/shared/fields';
import { type Colours, duration, printable } from '../../lib/terminal';

/** An event of a log group. */
export interface LogEvent {
  readonly id: string;
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly functionName: string;
  readonly message: string;
}

/** A line of a log, for people. */
export interface LogLine {
  readonly level: string;
  readonly text: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Fields that the logger puts into every line: shown once, or not at all. */
const USUAL = new Set([
  'bucket',
  'cold_start',
  'decision',
  'function_arn',
  'function_memory_size',
  'function_name',
  'function_request_id',
  'level',
  'message',
  'sampling_rate',
  'service',
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
    return { level: /error|timed out/iu.test(text) ? 'ERROR' : 'INFO', text, fields: [] };
  }
  if ('_aws' in json) return undefined; // metrics in the embedded format
  if (typeof json.type === 'string' && json.type.startsWith('platform.')) return platformLine(json);
  const { level, message: text } = json;
  const fields = Object.entries(json)
    .filter(([name, value]) => !USUAL.has(name) && value !== undefined)
    .map(([name, value]) => [name, shown(name, value)] as const);
  return { level: typeof level === 'string' ? level : 'INFO', text: plainText(text), fields };
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
  };
}

/** Whether a line reports an error. */
export const isFailure = ({ level }: LogLine): boolean => ['ERROR', 'CRITICAL', 'FATAL'].includes(level);

/** A line for people: time (UTC), function, level, message, fields. */
export function formatLine(event: LogEvent, line: LogLine, colours: Colours): string {
  const paint = isFailure(line) ? colours.bad : (text: string) => text;
  const time = new Date(event.time).toISOString().slice(11, 23);
  const fields = line.fields.map(([name, value]) => `${colours.quiet(`${name}=`)}${printable(value)}`);
  return [
    colours.quiet(time),
    colours.heading(event.functionName),
    paint(`${line.level.padEnd(5)} ${printable(line.text)}`),
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
