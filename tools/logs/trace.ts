import { printable, type Colours } from '../lib/terminal';

/** The stack of an error, as a function reported it. */
export interface Trace {
  /** The error's class; undefined where the trace has none. */
  readonly errorType: string | undefined;
  readonly message: string;
  /** The lines `    at …`. */
  readonly frames: readonly string[];
}

/** A place in a file of a package: `index.js`, counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Finds the place in TypeScript, with a path from the project's folder; undefined where no source has it. */
export type ToSource = (place: Place) => Place | undefined;

/** Class and message before the frames; the message may have several lines. */
const HEADER = /^(?:Uncaught )?([\p{L}_$][\p{L}\p{N}_$.]*)(?:: ([\s\S]*))?$/u;

/** Whether a line may begin a stack: `TypeError: …`, or the class alone. */
export const isHeader = (line: string): boolean =>
  /^(?:Uncaught )?[\p{L}_$][\p{L}\p{N}_$.]*(?:: |Error:?$)/u.test(line);

/** Whether a stack is that of an error with this message: that of an event begins with the upload. */
export const isTraceOf = (trace: Trace | undefined, message: string): boolean =>
  trace !== undefined && trace.message !== '' && message.endsWith(trace.message);

export const isFrame = (line: string): boolean => /^\s+at \S/u.test(line);

/** Reads a stack as V8 writes it. */
export function readStack(stack: string): Trace {
  const lines = stack.trimEnd().split('\n');
  const first = lines.findIndex(isFrame);
  const [header, frames] = first < 0 ? [lines, []] : [lines.slice(0, first), lines.slice(first)];
  const [, errorType, message = ''] = HEADER.exec(header.join('\n')) ?? [];
  return errorType === undefined
    ? { errorType, message: header.join('\n'), frames: frames.filter(isFrame) }
    : { errorType, message, frames: frames.filter(isFrame) };
}

/** Where Lambda, or the local engine, unpacks a package. */
const PACKAGE = /(?:\/var\/task|\/ministack-lambda-[^/]+\/code)\/(.+?):(\d+):(\d+)\)?$/u;

/** The place of a frame in its package; undefined for Node.js's own and the runtime's. */
export function placeOf(frame: string): Place | undefined {
  const [, file, line, column] = PACKAGE.exec(frame) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}

export const NO_MAP =
  'No source map of this code here: `npm run build` of the commit that was deployed makes it (the same commit, the same bytes).';

/** How many frames of the project are shown: where it began, and what called that. */
const OWN_SHOWN = 4;

/**
 * A trace for people: the frames in the project's own sources, and how many there are of others.
 * @param place reads the place of a frame. @default its place in a package
 */
export function traceText(
  { frames }: Trace,
  toSource: ToSource | undefined,
  colours: Colours,
  place = placeOf,
): string {
  if (frames.length === 0) return '';
  const places = frames.map(place);
  const inPackage = places.some((place) => place !== undefined);
  if (toSource === undefined && inPackage) {
    return [...frames.map((frame) => frame.trim()).map(printable), colours.quiet(NO_MAP)].join('\n');
  }
  const ours = places
    .map((place) => place && toSource?.(place))
    .filter((source) => source !== undefined)
    .filter(({ file }) => !file.includes('node_modules/'));
  const hidden = ours.length - OWN_SHOWN;
  const others = frames.length - ours.length;
  const more = [
    ...(hidden > 0 ? [`${hidden} more of ours`] : []),
    ...(others > 0 ? [`${others} of libraries and Node.js`] : []),
  ];
  return [
    ...ours.slice(0, OWN_SHOWN).map(({ file, line, column }) => `at ${printable(file)}:${line}:${column}`),
    ...(more.length > 0 ? [colours.quiet(`… ${more.join(', ')}`)] : []),
  ].join('\n');
}
