import { ToolError } from './errors';
import type { Target } from './target';

/** Where uploads arrive, and where they go. */
export interface PrefixPair {
  readonly upload: string;
  readonly processed: string;
}

/**
 * The pairs of prefixes that are served until they are empty (setting `formerPrefixes`), as the stack puts them out.
 * @param json undefined: an older stack, which had none
 */
export function readFormerPrefixes(json: string | undefined): readonly PrefixPair[] {
  if (json === undefined) return [];
  try {
    return JSON.parse(json) as PrefixPair[];
  } catch (error) {
    throw new ToolError(
      `Former prefixes: got ${JSON.stringify(json)}; expected JSON: [{"upload": "uploads/", "processed": "processed/"}].`,
      { cause: error },
    );
  }
}

/** Every prefix that process-upload takes uploads from or moves them to. */
export const knownPrefixes = ({
  uploadPrefix,
  processedPrefix,
  formerPrefixes,
}: Prefixes): readonly string[] => [
  uploadPrefix,
  processedPrefix,
  ...formerPrefixes.flatMap(({ upload, processed }) => [upload, processed]),
];

export type Prefixes = Pick<Target, 'uploadPrefix' | 'processedPrefix' | 'formerPrefixes'>;
