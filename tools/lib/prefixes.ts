import { fields, parsed } from '../../handlers/shared/fields';
import {
  pairOf,
  pairsOf,
  parsePairs,
  type PrefixPair,
  type Prefixes,
} from '../../handlers/process-upload/prefixes';
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

/** A pipeline of the bucket beside the first. */
export interface FurtherPipeline {
  readonly prefixes: Prefixes;
  /** The name to invoke, with the alias if there is one. */
  readonly processUploadFunction: string;
}

/** The further pipelines, as the stack outputs them: none where it has no such output. */
export function readFurtherPipelines(json = '[]'): readonly FurtherPipeline[] {
  const list = parsed(json);
  return (Array.isArray(list) ? list : [undefined]).map((each: unknown) => {
    const { pairs, function: name } = fields(each);
    const [first, ...former] = parsePairs(JSON.stringify(pairs ?? null)) ?? [];
    if (first === undefined || typeof name !== 'string') {
      throw new ToolError(
        `Further pipelines: got ${JSON.stringify(json)}; expected JSON: [{"pairs": [{"upload": "in/", "processed": "out/"}], "function": "NAME"}].`,
      );
    }
    return {
      prefixes: { uploadPrefix: first.upload, processedPrefix: first.processed, formerPrefixes: former },
      processUploadFunction: name,
    };
  });
}

/** What every pipeline of the bucket serves, as if it were one. */
export const allPrefixes = ({
  furtherPipelines,
  ...first
}: Prefixes & { readonly furtherPipelines: readonly FurtherPipeline[] }): Prefixes => ({
  ...first,
  formerPrefixes: [
    ...(first.formerPrefixes ?? []),
    ...furtherPipelines.flatMap(({ prefixes }) => pairsOf(prefixes)),
  ],
});

/** The pipeline that serves a key: that with the longest upload prefix that it lies below. */
export function pipelineOf(
  key: string,
  first: Prefixes & {
    readonly processUploadFunction: string;
    readonly furtherPipelines: readonly FurtherPipeline[];
  },
): FurtherPipeline {
  const { processUploadFunction } = first;
  const pipelines = [{ prefixes: first, processUploadFunction }, ...first.furtherPipelines];
  const lengthOf = ({ prefixes }: FurtherPipeline): number => pairOf(key, prefixes)?.upload.length ?? -1;
  return pipelines.reduce((best, each) => (lengthOf(each) > lengthOf(best) ? each : best));
}
