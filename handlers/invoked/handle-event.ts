import { unwrap } from '../shared/invoke-envelope';
import { readRequest, type InvokedAnswer } from './contract';
import type { Environment } from './environment';
import { jobKey, type Guard } from './guard';

/** The dependencies of `handleEvent`. */
export interface Dependencies {
  readonly environment: Environment;
  /** The ID of this invocation. */
  readonly requestId: string;
  /** The correlation ID of a job without an envelope. @default the request ID */
  readonly correlationId?: string;
  /** The ID that the source gives the job at each attempt. @default the request ID, which Lambda's retries keep */
  readonly identity?: string;
  /** Prevents a repeated job from running twice. */
  readonly guard: Guard;
  readonly log: {
    /** Adds keys to every later log line of this invocation. */
    appendKeys(keys: Record<string, unknown>): void;
    info(message: string, fields: Record<string, unknown>): void;
  };
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** The failure that the request asked for. */
export class RequestedFailure extends Error {
  override readonly name = 'RequestedFailure';
}

/**
 * Answers the caller. The function cannot tell a synchronous call from an asynchronous one.
 * @throws every error of the work: a synchronous caller gets it as a `CalleeError`; Lambda retries an asynchronous event
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
