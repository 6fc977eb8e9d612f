import type { Envelope } from '../shared/invoke-envelope';
import type { InvokedAnswer } from './contract';

/** The JSON value that identifies a job: two deliveries of one job have the same identity. */
export type JobKey = Readonly<Record<string, unknown>>;

/**
 * Runs each job once. A repeated job gets the answer of the first run.
 * @throws if another attempt is running the job, so that the source retries it; and every error of the work
 */
export type Guard = (key: JobKey, work: () => Promise<InvokedAnswer>) => Promise<InvokedAnswer>;

/** No guard: for work that may run twice without harm. */
export const unguarded: Guard = (_, work) => work();

/** The job was completed before, but its answer was too large to keep. */
export class AnswerNotKept extends Error {
  override readonly name = 'AnswerNotKept';
}

/** Compares the name, not the class: the bundle of the guard holds its own copy of the class. */
export const isAnswerNotKept = (error: unknown): boolean =>
  error instanceof Error && error.name === 'AnswerNotKept';

/** Sources of a job’s identity. */
export interface JobOrigin {
  readonly envelope: Partial<Envelope>;
  readonly payload: unknown;
  /** The ID that the source gives the job. It stays the same for all attempts of one delivery. */
  readonly identity: string;
}

/**
 * The sender's correlation ID outlives the source's ID: when a sender is unsure and sends a job again, the source gives
 * it another message ID. The key combines the correlation ID with the request, because all calls for one thing share
 * the correlation ID. A job without one is identified by its source: message ID, shard and sequence number, request ID.
 */
export const jobKey = ({ envelope: { correlationId }, payload, identity }: JobOrigin): JobKey =>
  correlationId === undefined ? { identity } : { correlationId, payload };
