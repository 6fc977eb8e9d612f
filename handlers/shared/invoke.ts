import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { backOffMilliseconds } from './back-off';
import { MAX_KEPT_BYTES } from './failure-record';
import { fields, parsed } from './fields';
import { wrap, type Envelope } from './invoke-envelope';
import {
  CalleeError,
  DeadlineError,
  InvocationFailedError,
  PayloadNotJsonError,
  PayloadTooLargeError,
  ThrottledError,
  UnreadableAnswerError,
} from './invoke-errors';
import { explain, throttleOf } from './invoke-problems';

/** Payload limits of Lambda, in bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_SYNC_BYTES = 6 * 1024 * 1024;

/** A function, and the reader of its answers. */
export interface Callee<Answer> {
  /** Its name, or its ARN. */
  readonly functionName: string;
  /** Checks an answer; throws if it breaks the contract. */
  readonly readAnswer: (answer: unknown) => Answer;
}

/** The dependencies of a call. */
export interface InvokeDependencies {
  /** Sends one request to Lambda, without retries: a retry may run the callee twice. */
  readonly send: (input: InvokeCommandInput, signal: AbortSignal) => Promise<InvokeCommandOutput>;
  /** The largest event that the failure queue can keep, in bytes. @default MAX_KEPT_BYTES, for a queue of 1 MiB */
  readonly maxEventBytes?: number;
  /** Sent with the call; the callee logs it. */
  readonly correlationId: string;
  /** When the caller stops waiting, in milliseconds since 1970. */
  readonly deadline: number;
  /** Aborted at the deadline. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. @default Math.random */
  readonly random?: () => number;
}

/**
 * Calls a function and waits for its answer, until the caller's time is up.
 * @param request anything JSON can hold; up to 6 MB with its envelope
 * @throws an error of invoke-errors.ts; a `CalleeError` if the callee ran and failed
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-sync.html
 */
export async function invoke<Answer>(
  callee: Callee<Answer>,
  request: unknown,
  dependencies: InvokeDependencies,
): Promise<Answer> {
  const { functionName } = callee;
  const { correlationId, deadline } = dependencies;
  const envelope = { correlationId, deadline: new Date(deadline).toISOString() };
  const Payload = serialize(functionName, request, envelope, MAX_SYNC_BYTES);
  const output = await sendUntilTaken(
    { FunctionName: functionName, InvocationType: 'RequestResponse', Payload },
    dependencies,
  );
  const requestId = output.$metadata.requestId ?? 'unknown';
  const json = Buffer.from(output.Payload ?? []).toString();
  if (output.FunctionError !== undefined) {
    throw new CalleeError(functionName, {
      ...failureOf(json),
      requestId,
      handled: output.FunctionError === 'Handled',
    });
  }
  const answer = parseAnswer(functionName, requestId, json);
  try {
    return callee.readAnswer(answer);
  } catch (error) {
    throw new UnreadableAnswerError(functionName, requestId, clause(error), { cause: error });
  }
}

/**
 * Queues an event for a function and does not wait. Lambda runs it at least once, retries it when it fails, and then
 * sends it to the function's failure destination. The envelope has no deadline, because no caller waits.
 * @param request anything JSON can hold; up to `maxEventBytes` with its envelope
 * @returns the request ID of the queued invocation
 * @throws an error of invoke-errors.ts if Lambda did not accept the event; never a `CalleeError`
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 */
export async function invokeAsync(
  { functionName }: Pick<Callee<never>, 'functionName'>,
  request: unknown,
  dependencies: InvokeDependencies,
): Promise<{ requestId: string }> {
  const Payload = serialize(
    functionName,
    request,
    { correlationId: dependencies.correlationId },
    dependencies.maxEventBytes ?? MAX_KEPT_BYTES,
    'if it fails, its record must fit into the failure queue',
  );
  const output = await sendUntilTaken(
    { FunctionName: functionName, InvocationType: 'Event', Payload },
    dependencies,
  );
  if (output.StatusCode !== 202) {
    throw new InvocationFailedError(
      functionName,
      `Lambda answered ${output.StatusCode ?? 'nothing'}, not 202`,
    );
  }
  return { requestId: output.$metadata.requestId ?? 'unknown' };
}

/** Retries while Lambda throttles the call and time is left. A throttled callee did not run. */
async function sendUntilTaken(
  input: InvokeCommandInput,
  dependencies: InvokeDependencies,
): Promise<InvokeCommandOutput> {
  const { send, signal, now, wait, random, deadline } = dependencies;
  const functionName = input.FunctionName ?? '';
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted || now() >= deadline) throw new DeadlineError(functionName, false);
    try {
      return await send(input, signal);
    } catch (error) {
      const throttle = throttleOf(error);
      if (!throttle) throw explain(functionName, error, signal);
      const pause = throttle.retryAfterMilliseconds + backOffMilliseconds(attempt, random);
      // A sleep past the deadline would replace the throttling error by a DeadlineError.
      const tooLate = now() + pause >= deadline || !(await waited(wait(pause, signal)));
      if (tooLate) throw new ThrottledError(functionName, throttle.reason, attempt, { cause: error });
    }
  }
}

/** Waits. @returns false if the signal ended the wait */
const waited = (wait: Promise<void>): Promise<boolean> =>
  wait.then(
    () => true,
    () => false,
  );

function serialize(
  functionName: string,
  request: unknown,
  envelope: Envelope,
  limit: number,
  why = 'the limit of Lambda',
): Uint8Array {
  // JSON.stringify would drop it silently, and the callee would get an envelope without a payload.
  if (JSON_LESS.has(typeof request)) throw new PayloadNotJsonError(functionName, `got ${typeof request}`);
  let text: string;
  try {
    text = JSON.stringify(wrap(request, envelope));
  } catch (error) {
    throw new PayloadNotJsonError(functionName, clause(error), { cause: error });
  }
  const bytes = Buffer.from(text);
  if (bytes.length > limit) throw new PayloadTooLargeError(functionName, bytes.length, limit, why);
  return bytes;
}

const JSON_LESS = new Set(['undefined', 'function', 'symbol']);

function parseAnswer(functionName: string, requestId: string, json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new UnreadableAnswerError(functionName, requestId, 'it is not JSON', { cause: error });
  }
}

/**
 * The error in the payload of a failed call; the whole payload if it is not Lambda's JSON, e.g. after a runtime crash.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
function failureOf(json: string): Pick<CalleeError, 'errorType' | 'errorMessage' | 'calleeStack'> {
  const { errorType, errorMessage, trace } = fields(parsed(json));
  return {
    errorType: typeof errorType === 'string' ? errorType : 'Unknown',
    errorMessage: typeof errorMessage === 'string' ? errorMessage : json || 'nothing',
    calleeStack: Array.isArray(trace) ? trace.map(String) : [],
  };
}

/** An error's message, to be put inside a sentence. */
const clause = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/u, '');
