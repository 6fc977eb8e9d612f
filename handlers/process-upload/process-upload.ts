import type { OpenedObject } from './object-store';

/** An upload, before it is moved. */
export interface Upload {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes. Names this version of the upload: a good key for remembering what was done. */
  readonly etag: string;
  /** In bytes. */
  readonly size: number;
  /**
   * Opens the object: one GetObject, sent only when this is called, for this very version. Let its error pass when
   * the version is gone or overwritten: the mover then looks again and runs the step for what is there now.
   */
  readonly open: () => Promise<OpenedObject>;
}

export interface StepContext {
  /** Aborted shortly before the function's time is up: pass it on to whatever waits. */
  readonly signal: AbortSignal;
  readonly log: { info(message: string, fields: Record<string, unknown>): void };
}

/**
 * The team's own step. It runs before the move, at least once for every version that is moved, and again after a
 * crash or a retry: make its effects idempotent by `bucket`, `key` and `etag`. An error stops the move and is tried
 * again; throw a `PermanentError` (errors.ts) where another attempt cannot help.
 */
export type ProcessUpload = (upload: Upload, context: StepContext) => Promise<void> | void;
