import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  asMoveError,
  type PermanentError,
  type RetryableError,
} from '../../../handlers/process-upload/errors';
import type { ObjectStore } from '../../../handlers/process-upload/object-store';
import type { ProcessUpload } from '../../../handlers/process-upload/process-upload';
import { runStep } from '../../../handlers/process-upload/step';

/** A file, as if it had been uploaded. */
export interface TriedUpload {
  readonly key: string;
  readonly content: string | Uint8Array;
  /** @default pipeline */
  readonly bucket?: string;
  readonly contentType?: string | undefined;
  /** User metadata, names in lower case without `x-amz-meta-`. @default none */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface TryOptions {
  readonly signal?: AbortSignal;
  /** Called with each line that the step logs. */
  readonly onLine?: (line: StepLine) => void;
}

export interface StepLine {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The outcome of a step. */
export interface Tried {
  /** The step's error as the mover has it; undefined: the upload may move. */
  readonly error: PermanentError | RetryableError | undefined;
  readonly lines: readonly StepLine[];
  /** How often it opened the upload. */
  readonly opened: number;
  readonly durationMs: number;
}

/** Runs a step on an upload that exists nowhere, with the mover's own code around it (handlers/process-upload/step.ts). */
export async function tryStep(
  step: ProcessUpload,
  { key, content, bucket = 'pipeline', contentType, metadata = {} }: TriedUpload,
  { signal = new AbortController().signal, onLine }: TryOptions = {},
): Promise<Tried> {
  const bytes = Buffer.from(content);
  const lines: StepLine[] = [];
  let opened = 0;
  const store: Pick<ObjectStore, 'open'> = {
    open: () => {
      opened += 1;
      return Promise.resolve({ body: Readable.from(chunks(bytes)), contentType, metadata });
    },
  };
  const log = {
    info: (message: string, fields: Record<string, unknown>) => {
      lines.push({ message, fields });
      onLine?.({ message, fields });
    },
  };
  const started = performance.now();
  const upload = { bucket, key, etag: etagOf(bytes), size: bytes.length };
  const error = await runStep(step, upload, { store, signal, log }).then(() => undefined, asMoveError);
  return { error, lines, opened, durationMs: performance.now() - started };
}

/** S3's ETag of an upload in one part. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html */
export const etagOf = (content: Uint8Array): string => createHash('md5').update(content).digest('hex');

const CHUNK_BYTES = 64 * 1024;

/** In pieces, as a network delivers them: a step that reads the first one alone is wrong about larger files. */
function* chunks(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES)
    yield bytes.subarray(start, start + CHUNK_BYTES);
}
