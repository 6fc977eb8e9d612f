import { SourceMap, type SourceMapPayload } from 'node:module';

/**
 * Where code of a source begins in a bundle that holds its own map, as debuggers look for it: the first place in the body
 * of its first function.
 * @param source the end of its path
 */
export function placeInBundle(code: string, source: string): { lineNumber: number; columnNumber: number } {
  const [, base64 = ''] = /sourceMappingURL=data:application\/json;base64,(\S+)/u.exec(code) ?? [];
  const map = new SourceMap(JSON.parse(Buffer.from(base64, 'base64').toString()) as SourceMapPayload);
  const lines = code.split('\n');
  let inBody = false;
  for (const [lineNumber, line] of lines.entries()) {
    const columnNumber = line.search(/\S/u);
    const entry = columnNumber < 0 ? undefined : map.findEntry(lineNumber, columnNumber);
    const origin = entry !== undefined && 'originalSource' in entry ? String(entry.originalSource) : '';
    const isThere = origin.endsWith(source);
    if (isThere && inBody) return { lineNumber, columnNumber };
    if (isThere && line.trimEnd().endsWith('{')) inBody = true;
  }
  throw new Error(`The bundle holds no code of ${source}.`);
}
