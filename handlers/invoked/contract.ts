/**
 * The function's request and answer, shared by the function, its callers and its HTTP endpoint.
 * The stack imports this file too, so keep its imports small.
 */

/** The request. Replace it, `readRequest` and `REQUEST_SCHEMA` with your own. */
export interface InvokedRequest {
  /** Returned unchanged in the answer; over HTTP a text. */
  readonly echo?: unknown;
  /** Milliseconds to wait before the answer; 0–900,000. */
  readonly sleepMs?: number;
  /** Fail with this message; up to 1,000 characters. */
  readonly fail?: string;
}

/** The answer. */
export interface InvokedAnswer {
  readonly echo: unknown;
  /** The request ID of this invocation; its log lines carry it. */
  readonly requestId: string;
  /** The caller's correlation ID; the request ID of this invocation if the event had none. */
  readonly correlationId: string;
  /** When the caller stops waiting (ISO 8601); null if no caller waits. */
  readonly deadline: string | null;
  /** The remaining time of this invocation, not of its caller. */
  readonly logLevel: string;
}

const MAX_SLEEP_MS = 900_000;
/** The message comes back in the failure record, beside the request and twice (the stack repeats it): both must fit. */
const MAX_FAIL_CHARACTERS = 1_000;

/** Over HTTP; a character may take six bytes, and the smallest queue keeps 244,000. */
const MAX_ECHO_CHARACTERS = 39_000;

/** The request as a JSON schema of draft 4, which is what API Gateway validates with. */
export const REQUEST_SCHEMA = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  properties: {
    // Everything has a limit, or a job might be accepted whose failure record fits into no queue: docs/http.md.
    echo: { type: 'string', maxLength: MAX_ECHO_CHARACTERS },
    sleepMs: { type: 'integer', minimum: 0, maximum: MAX_SLEEP_MS },
    fail: { type: 'string', minLength: 1, maxLength: MAX_FAIL_CHARACTERS },
  },
  additionalProperties: false,
} as const;

/** The request is invalid; another attempt would fail in the same way. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/**
 * Checks a request. Direct callers bypass the check of the HTTP endpoint.
 * @throws {RequestError} naming the field, what it got and what is allowed
 */
export function readRequest(payload: unknown): InvokedRequest {
  if (!isObject(payload)) throw new RequestError(`The request: got ${show(payload)}; expected an object.`);
  const { echo, sleepMs, fail, ...others } = payload;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new RequestError(`${unknown}: unknown field; expected echo, sleepMs or fail.`);
  }
  if (sleepMs !== undefined && !isSleep(sleepMs)) {
    throw new RequestError(
      `sleepMs: got ${show(sleepMs)}; expected an integer from 0 to ${MAX_SLEEP_MS} (milliseconds).`,
    );
  }
  if (fail !== undefined && (typeof fail !== 'string' || fail === '' || fail.length > MAX_FAIL_CHARACTERS)) {
    throw new RequestError(
      `fail: got ${show(fail)}; expected a message of 1 to ${MAX_FAIL_CHARACTERS} characters.`,
    );
  }
  return { echo, ...(sleepMs !== undefined && { sleepMs }), ...(fail !== undefined && { fail }) };
}

/** Checks an answer. @throws Error that names the first wrong field */
export function readAnswer(answer: unknown): InvokedAnswer {
  if (!isObject(answer)) throw new Error(`the answer is ${show(answer)}, not an object`);
  const { echo, requestId, correlationId, deadline, logLevel } = answer;
  const text = (name: string, value: unknown): string => {
    if (typeof value === 'string') return value;
    throw new Error(`${name} is ${show(value)}, not a string`);
  };
  return {
    echo,
    requestId: text('requestId', requestId),
    correlationId: text('correlationId', correlationId),
    deadline: deadline === null ? null : text('deadline', deadline),
    logLevel: text('logLevel', logLevel),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSleep = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_SLEEP_MS;

/** The start of a value, for an error message. */
const show = (value: unknown): string =>
  value === undefined ? 'undefined' : JSON.stringify(value).slice(0, 40);
