import {
  CalleeMissingError,
  DeadlineError,
  InvocationFailedError,
  NotPermittedError,
  type InvokeError,
} from './invoke-errors';

/** Lambda's answer to a call when no execution is free. */
export interface Throttle {
  readonly reason: string;
  /** The wait that Lambda asks for; 0 if it asks for none. */
  readonly retryAfterMilliseconds: number;
}

/**
 * The throttle in an SDK error, if it is one: the only error after which the callee certainly did not run.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
export function throttleOf(error: unknown): Throttle | undefined {
  const { name, Reason, retryAfterSeconds } = error as Partial<Readonly<Record<string, unknown>>>;
  if (name !== 'TooManyRequestsException') return undefined;
  const seconds = Number(retryAfterSeconds ?? 0);
  return {
    reason: typeof Reason === 'string' ? Reason : 'no reason given',
    retryAfterMilliseconds: seconds > 0 ? seconds * 1_000 : 0,
  };
}

/** Converts any other SDK error to an error of invoke-errors.ts. */
export function explain(functionName: string, error: unknown, signal: AbortSignal): InvokeError {
  const options = { cause: error };
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'AbortError' || signal.aborted) return new DeadlineError(functionName, true, options);
  switch (name) {
    case 'ResourceNotFoundException':
      return new CalleeMissingError(functionName, options);
    case 'AccessDeniedException':
      return new NotPermittedError(functionName, options);
    default:
      return new InvocationFailedError(functionName, `${name}: ${message}`.replace(/\.$/u, ''), options);
  }
}
