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
