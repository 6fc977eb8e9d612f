/** Where uploads arrive and where they are moved to. */
export interface PrefixPair {
  /** Ends with `/`; empty only with `watchWholeBucket`. */
  readonly upload: string;
  /** Ends with `/`. */
  readonly processed: string;
  /** States that every key is watched on purpose. @default false */
  readonly watchWholeBucket?: boolean;
}

/**
 * Refuses prefixes with which a processed object would count as a new upload: the function's own output would
 * start it again. S3 event filters can include a prefix but not exclude one, so the prefixes must keep apart.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 * @throws Error that explains the loop and the ways out
 */
export function refuseLoop({ upload, processed, watchWholeBucket = false }: PrefixPair): void {
  if (processed === '') {
    throw new Error(
      'prefixes.processed: got ""; expected a prefix such as "processed/": without one nothing would move.',
    );
  }
  if (upload === '') {
    if (watchWholeBucket) return;
    throw new Error(
      'prefixes.upload: got "", which watches every key of the bucket, the processed ones too. ' +
        'Give a prefix such as "uploads/", or state watchWholeBucket: true; the handler then ignores what is under ' +
        JSON.stringify(processed) +
        '.',
    );
  }
  const explanation = processed.startsWith(upload)
    ? `what is moved to ${JSON.stringify(processed)} lies under the upload prefix ${JSON.stringify(upload)}, so each move would count as a new upload and start the function again`
    : upload.startsWith(processed)
      ? `uploads under ${JSON.stringify(upload)} lie under the processed prefix ${JSON.stringify(processed)}, where everything counts as processed, so no upload would ever be moved`
      : undefined;
  if (explanation !== undefined) {
    throw new Error(
      `prefixes.processed: ${explanation}. Expected two prefixes of which neither starts with the other, such as "uploads/" and "processed/".`,
    );
  }
}

/**
 * Refuses a pair beside the others of the same bucket: what is moved must be no upload of another pair; and two functions
 * may neither share a destination nor be started by one upload, which S3 refuses.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 * @param sameFunction whether one function moves what is under both
 * @throws Error that names both prefixes and what would happen
 */
export function refuseOverlap(
  pair: PrefixPair,
  others: readonly PrefixPair[],
  { sameFunction = false } = {},
): void {
  for (const other of others) {
    const problem =
      loopOf(pair, other) ??
      (sameFunction ? noteTaken(pair, other) : (overlapOf(pair, other) ?? sharedDestination(pair, other)));
    if (problem === undefined) continue;
    throw new Error(
      `prefixes: ${problem}. Expected prefixes of which none starts with another, in all pipelines of a bucket, such as "uploads/" and "processed/" beside "invoices/" and "invoices-done/".`,
    );
  }
}

const overlap = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one);

const overlapOf = (one: PrefixPair, other: PrefixPair): string | undefined =>
  overlap(one.upload, other.upload)
    ? `the upload prefixes ${quoted(one.upload)} and ${quoted(other.upload)} overlap, and S3 refuses two notifications for one upload`
    : undefined;

/** What one of the pairs moves counts as an upload of the other. */
function loopOf(one: PrefixPair, other: PrefixPair): string | undefined {
  const loop = [
    [one.processed, other.upload],
    [other.processed, one.upload],
  ].find(([processed = '', upload = '']) => upload !== '' && overlap(processed, upload));
  return (
    loop &&
    `what is moved to ${quoted(loop[0])} would count as an upload under ${quoted(loop[1])} and be moved again, which may never end`
  );
}

const sharedDestination = (one: PrefixPair, other: PrefixPair): string | undefined =>
  overlap(one.processed, other.processed)
    ? `the processed prefixes ${quoted(one.processed)} and ${quoted(other.processed)} overlap, so uploads of two functions could share a destination`
    : undefined;

/** Watching the whole bucket, the sweep's note lies under the processed prefix, where no upload of another pair may go. */
const noteTaken = (one: PrefixPair, other: PrefixPair): string | undefined =>
  (one.upload === '') !== (other.upload === '') && overlap(one.processed, other.processed)
    ? `uploads of the whole bucket and of one prefix are both moved under ${quoted(one.processed)}, where an upload could take the place of the sweep's note`
    : undefined;

const quoted = (prefix: string | undefined): string => JSON.stringify(prefix);

/** Those of some prefixes that lie under no other, each once: S3 refuses filters that overlap. */
export const outermost = (prefixes: readonly string[]): string[] =>
  [...new Set(prefixes)].filter(
    (prefix, _, all) => !all.some((other) => other !== prefix && prefix.startsWith(other)),
  );
