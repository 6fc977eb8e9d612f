/** One entry of a bucket's version listing. */
export interface Entry {
  readonly versionId: string;
  /** In milliseconds since 1970; S3 gives whole seconds. */
  readonly at: number;
  /** Nothing is above it: it is what the key shows now. */
  readonly isLatest: boolean;
}

/** Content that was stored under a key. */
export interface StoredVersion extends Entry {
  readonly etag: string;
  readonly size: number;
}

/** All that the bucket keeps of one key, each list newest first. */
export interface KeyHistory {
  readonly key: string;
  readonly versions: readonly StoredVersion[];
  /** What a delete leaves in a versioned bucket. */
  readonly deleteMarkers: readonly Entry[];
}

/** The order in which S3 lists keys: by the bytes of their UTF-8. JavaScript compares UTF-16, which differs above U+FFFF. */
export const byUtf8 = (one: string, other: string): number =>
  one === other ? 0 : Buffer.compare(Buffer.from(one), Buffer.from(other));
