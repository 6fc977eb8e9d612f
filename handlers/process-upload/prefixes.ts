import { PermanentError } from './errors';
import { checkLength } from './keys';

/** Where uploads arrive and where they are moved to. Each ends with `/`; an empty upload prefix is the whole bucket. */
export interface PrefixPair {
  readonly upload: string;
  readonly processed: string;
}

/** The prefixes of a pipeline, as its functions and tools know them. docs/adr/0011-former-prefixes.md */
export interface Prefixes {
  readonly uploadPrefix: string;
  readonly processedPrefix: string;
  /** The pairs of before a change, which are served until nothing is left below them. @default none */
  readonly formerPrefixes?: readonly PrefixPair[];
}

/** Every pair that is served, the present one first. */
export const pairsOf = ({
  uploadPrefix,
  processedPrefix,
  formerPrefixes = [],
}: Prefixes): readonly PrefixPair[] => [
  { upload: uploadPrefix, processed: processedPrefix },
  ...formerPrefixes,
];

/** Whether a key lies below a processed prefix, a former one too: where the whole bucket is watched, nothing else says so. */
export const isProcessed = (key: string, prefixes: Prefixes): boolean =>
  pairsOf(prefixes).some(({ processed }) => key.startsWith(processed));

/** The pair that serves a key: of several upload prefixes that it lies below, the longest. */
export const pairOf = (key: string, prefixes: Prefixes): PrefixPair | undefined =>
  pairsOf(prefixes)
    .filter(({ upload }) => key.startsWith(upload))
    .sort((one, other) => other.upload.length - one.upload.length)[0];

/**
 * Where an upload goes: the whole path below the upload prefix is kept, so that no two uploads of a pair share a
 * destination.
 * @throws PermanentError when the key lies below none, or the destination is longer than S3 allows
 */
export function destinationOf(key: string, prefixes: Prefixes): string {
  const pair = pairOf(key, prefixes);
  if (pair !== undefined) return checkLength(pair.processed + key.slice(pair.upload.length));
  const { uploadPrefix, formerPrefixes = [] } = prefixes;
  const former = formerPrefixes.map(({ upload }) => upload);
  // Thrown, not ignored: after a change of prefixes this may be an upload that still waits.
  throw new PermanentError(
    `The key lies below no prefix that uploads arrive under: ${uploadPrefix}${former.length > 0 ? `; formerly ${former.join(', ')}` : ''}`,
    `If it is an upload, name its prefix in formerPrefixes (docs/operations.md), or move it below ${uploadPrefix} yourself; ` +
      'then redrive the event.',
  );
}

/**
 * The upload prefixes to watch: those that lie below no other, in the order of their bytes. S3 refuses filters that
 * overlap. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
export function watchedPrefixes(prefixes: Prefixes): string[] {
  const uploads = [...new Set(pairsOf(prefixes).map(({ upload }) => upload))];
  return uploads
    .filter((upload) => !uploads.some((other) => other !== upload && upload.startsWith(other)))
    .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

/** Every processed prefix, once. */
export const processedPrefixes = (prefixes: Prefixes): string[] => [
  ...new Set(pairsOf(prefixes).map(({ processed }) => processed)),
];

/** Reads the pairs of an environment variable or an output: a list in JSON. Undefined: it is none. */
export function parsePairs(json: string): PrefixPair[] | undefined {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) && list.every(isPair) ? list : undefined;
  } catch {
    return undefined;
  }
}

function isPair(value: unknown): value is PrefixPair {
  const { upload, processed } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof upload === 'string' && typeof processed === 'string' && processed !== '';
}
