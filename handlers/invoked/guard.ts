import type { Envelope } from '../shared/invoke-envelope';
import type { InvokedAnswer } from './contract';

/** What makes a job the same job when it comes again, as JSON has it. */
export type JobKey = Readonly<Record<string, unknown>>;

/**
 * Does a job that comes again no second time, but answers as the first did.
 * @throws where the job is being worked on at this moment, so that its source tries again; and what the work throws
 */
export type Guard = (key: JobKey, work: () => Promise<InvokedAnswer>) => Promise<InvokedAnswer>;

/** For work that may be done twice without harm: it needs no guard. */
export const unguarded: Guard = (_, work) => work();

/** A job was done before, but its answer was too large to keep. */
export class AnswerNotKept extends Error {
  override readonly name = 'AnswerNotKept';
}

/** By its name: the guard is a file of its own, with its own copy of the class. */
export const isAnswerNotKept = (error: unknown): boolean =>
  error instanceof Error && error.name === 'AnswerNotKept';

/** By which a job is known. */
export interface JobOrigin {
  readonly envelope: Partial<Envelope>;
  readonly payload: unknown;
  /** How its source knows it: the same at every attempt of the source, and no longer. */
  readonly identity: string;
}

/**
 * A sender's own ID outlives what the source gives: a sender that is not sure sends the job again, which gets
 * another message ID then. It counts together with the request, because one ID goes through all the calls that are
 * made for one thing. A job without it is known by its source: message ID, shard and sequence number, request ID.
 */
export const jobKey = ({ envelope: { correlationId }, payload, identity }: JobOrigin): JobKey =>
  correlationId === undefined ? { identity } : { correlationId, payload };
