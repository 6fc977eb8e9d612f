import { unwrap } from '../shared/invoke-envelope';
import { readRequest, type InvokedAnswer } from './contract';
import type { Environment } from './environment';
import { jobKey, type Guard } from './guard';

/** What handling an event needs from outside. */
export interface Dependencies {
  readonly environment: Environment;
  /** Of this invocation. */
  readonly requestId: string;
  /** Of a job that brings none in an envelope. @default the request's */
  readonly correlationId?: string;
  /** How the source knows the job, at each attempt. @default the request's ID, which Lambda's own retries keep */
  readonly identity?: string;
  /** Keeps a job that comes again from being done again. */
  readonly guard: Guard;
  readonly log: {
    /** On every later line of this invocation. */
    appendKeys(keys: Record<string, unknown>): void;
    info(message: string, fields: Record<string, unknown>): void;
  };
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** What was asked to fail. */
export class RequestedFailure extends Error {
  override readonly name = 'RequestedFailure';
}

/**
 * Answers the caller. The function cannot know how it was called, or whether somebody waits.
 * @throws what went wrong; a caller that waits gets it as a `CalleeError`, an event that nobody waits for is tried again
 */
export async function handleEvent(event: unknown, dependencies: Dependencies): Promise<InvokedAnswer> {
  const { environment, requestId, guard, log, sleep } = dependencies;
  const { payload, envelope } = unwrap(event);
  const { correlationId = dependencies.correlationId ?? requestId, deadline = null } = envelope;
  log.appendKeys({ correlationId, deadline });

  const { echo = null, sleepMs = 0, fail } = readRequest(payload);
  const key = jobKey({ envelope, payload, identity: dependencies.identity ?? requestId });
  return guard(key, async () => {
    log.info('Working', { sleepMs });
    await sleep(sleepMs);
    if (fail !== undefined) throw new RequestedFailure(fail);
    return { echo, requestId, correlationId, deadline, logLevel: environment.logLevel };
  });
}
