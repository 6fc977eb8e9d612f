import { indent, type Colours } from '../../lib/terminal';
import type { Invocation } from './invocation';
import type { Readable } from './log';

/** The report for people: the answer goes to the standard output, everything about it to the standard error. */
export interface Report {
  readonly stdout: string;
  readonly stderr: string;
}

export interface ReportOptions extends Readable {
  /** How long it took, in words. */
  readonly took: string;
  readonly colours: Colours;
}

export function report(result: Invocation, { took, colours, log, error }: ReportOptions): Report {
  const { functionName } = result;
  switch (result.outcome) {
    case 'answered':
      return {
        stdout: pretty(result.answer),
        stderr: `${colours.good('✓')} ${functionName} answered in ${took} (request ID ${result.requestId})${logOf(log, colours)}`,
      };
    case 'accepted':
      return {
        stdout: '',
        stderr: `${colours.good('✓')} Lambda has taken the event for ${functionName} (request ID ${result.requestId}); after its last attempt it goes to the failure queue.`,
      };
    case 'functionError':
      return {
        stdout: '',
        stderr: `${colours.bad('✗')} ${functionName} failed after ${took} (request ID ${result.requestId})\n${indent(error ?? pretty(result.error))}${logOf(log, colours)}`,
      };
    case 'throttled':
    case 'failed':
      return { stdout: '', stderr: `${colours.bad('✗')} ${result.message}` };
  }
}

const pretty = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);

const logOf = (lines: readonly string[], colours: Colours): string =>
  lines.length === 0 ? '' : `\n${colours.heading('Log, its last 4 KB')}\n${indent(lines.join('\n'))}`;
