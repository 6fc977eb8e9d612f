import { pairsOf, parsePairs, type PrefixPair, type Prefixes } from '../../handlers/process-upload/prefixes';
import { ToolError } from './errors';

/**
 * The pairs of prefixes that are served until they are empty (setting `formerPrefixes`), as the stack outputs them.
 * @param json undefined for an older stack without this output
 */
export function readFormerPrefixes(json: string | undefined): readonly PrefixPair[] {
  if (json === undefined) return [];
  const pairs = parsePairs(json);
  if (pairs !== undefined) return pairs;
  throw new ToolError(
    `Former prefixes: got ${JSON.stringify(json)}; expected JSON: [{"upload": "uploads/", "processed": "processed/"}].`,
  );
}

/** Every prefix that process-upload takes uploads from or moves them to. */
export const knownPrefixes = (prefixes: Prefixes): readonly string[] =>
  pairsOf(prefixes).flatMap(({ upload, processed }) => [upload, processed]);
