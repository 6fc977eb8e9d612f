import {
  CalleeMissingError,
  DeadlineError,
  InvocationFailedError,
  NotPermittedError,
  type InvokeError,
} from './invoke-errors';

/** What Lambda says of a call for which there was no free execution. */
export interface Throttle {
  readonly reason: string;
  /** How long Lambda asks to wait; 0 where it does not say. */
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

/** Any other SDK error as one of ours. */
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
