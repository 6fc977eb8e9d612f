import path from 'node:path';
import { originStack } from '../../../handlers/process-upload/errors';
import { count, duration, indent, printable, type Colours } from '../../lib/terminal';
import { readStack, traceText, type Place } from '../../logs/trace';
import type { StepLine, Tried } from './try-step';

/** A line that the step logs. */
export const lineText = ({ message, fields }: StepLine, colours: Colours): string =>
  [
    printable(message),
    ...Object.entries(fields).map(
      ([name, value]) =>
        `${colours.quiet(`${name}=`)}${printable(typeof value === 'string' ? value : JSON.stringify(value))}`,
    ),
  ].join('  ');

export interface Outcome {
  readonly key: string;
  /** The key after the move. */
  readonly destination: string;
  /** The setting `onExisting`. */
  readonly onExisting: string;
  /** The project's folder. */
  readonly root: string;
}

/** What the step came to, and what the function would do then. */
export function outcomeText(
  { error, opened, durationMs }: Tried,
  { key, destination, onExisting, root }: Outcome,
  colours: Colours,
): string {
  const times = opened === 0 ? 'never opened the upload' : `opened the upload ${count(opened, 'time')}`;
  const how = `after ${duration(durationMs)}; it ${times}`;
  if (error === undefined) {
    return [
      `${colours.good('✓')} The step returned ${how}.`,
      `  The move: ${printable(key)} → ${printable(destination)} (onExisting ${onExisting}).`,
    ].join('\n');
  }
  const next = error.permanent
    ? 'Lambda would try twice more, then the failure queue gets it; redrive leaves it there.'
    : 'Lambda would try twice more, then the failure queue gets it; redrive tries again.';
  return [
    `${colours.bad('✗')} The step failed ${how}.`,
    indent(`${error.name}: ${printable(error.message)}`),
    indent(
      traceText(readStack(originStack(error)), (place) => place, colours, ownPlace(root)),
      '    ',
    ),
    `  ${next}`,
  ].join('\n');
}

/** The place of a frame in the project, its tools apart: the stack is mapped already. */
const ownPlace =
  (root: string) =>
  (frame: string): Place | undefined => {
    const [, file = '', line, column] = /\(?(?:file:\/\/)?(\/[^()]+?):(\d+):(\d+)\)?$/u.exec(frame) ?? [];
    const relative = path.relative(root, file);
    return file === '' || /^(?:\.\.|tools)(?:\/|$)/u.test(relative)
      ? undefined
      : { file: relative, line: Number(line), column: Number(column) };
  };
