import type { Readable } from 'node:stream';
import type { Client } from './quick-client';

/** One bucket, and the signal that ends every request to it. */
export interface Bucket {
  readonly client: Client;
  readonly bucket: string;
  readonly signal: AbortSignal;
  /** What is left of the function's time, in milliseconds. @default without an end */
  readonly timeLeft?: () => number;
}

/** One state of an object. ETags are without quotes everywhere but on the wire. */
export interface Version {
  readonly etag: string;
  /** In bytes. */
  readonly size: number;
}

/** An object's present state. */
export interface ObjectInfo extends Version {
  /** The ETag is the MD5 of the content: another such ETag belongs to another content. */
  readonly etagIsMd5: boolean;
  /** Checksums over the whole object, by algorithm as the SDK names it: `ChecksumSHA256`. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** An object's content and what was uploaded with it. */
export interface OpenedObject {
  readonly body: Readable;
  readonly contentType: string | undefined;
  /** User metadata, names in lower case without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface CopyRequest {
  readonly from: string;
  /** Copy only while the source still is this. */
  readonly version: Version;
  readonly to: string;
  /** The ETag of what the copy may replace; undefined: nothing may be there. */
  readonly replacing: string | undefined;
}

/**
 * The requests that a move sends to a bucket. A state that others may have caused is an
 * outcome, not an exception: the mover has to decide on each. Everything else is thrown as one of errors.ts.
 */
export interface ObjectStore {
  /** The object's present state; undefined when it is gone. */
  head(key: string): Promise<ObjectInfo | undefined>;
  copy(request: CopyRequest): Promise<CopyOutcome>;
  /** Finishes a copy that an earlier run may have left without what is written only after it: its annotations. */
  finishCopy(request: CopyRequest, copy: ObjectInfo): Promise<void>;
  /** Removes the object while it still is `etag`. */
  remove(key: string, etag: string): Promise<RemoveOutcome>;
  /** Opens the object while it still is `etag`. */
  open(key: string, etag: string): Promise<OpenedObject | 'gone' | 'changed'>;
}

/** `destinationChanged`: the destination does not hold `replacing`. `conflict`: someone else is writing right now. */
export type CopyOutcome = 'copied' | 'sourceGone' | 'sourceChanged' | 'destinationChanged' | 'conflict';

export type RemoveOutcome = 'removed' | 'gone' | 'changed' | 'conflict';
