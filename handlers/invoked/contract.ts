/**
 * What the function takes and answers: the one place that it, its callers and its HTTP endpoint agree on.
 * The stack imports this file, so nothing that costs time to load belongs here.
 */

/** What it is asked. Replace it, with `readRequest` and `REQUEST_SCHEMA`, by your own. */
export interface InvokedRequest {
  /** Comes back as it is. */
  readonly echo?: unknown;
  /** How long to take, in milliseconds; 0–900,000. */
  readonly sleepMs?: number;
  /** Fail with this message; up to 1,000 characters. */
  readonly fail?: string;
}

/** What it answers. */
export interface InvokedAnswer {
  readonly echo: unknown;
  /** Under which it ran: its log lines carry it. */
  readonly requestId: string;
  /** The one that its caller works under; its own request ID where the event had none. */
  readonly correlationId: string;
  /** When its caller stops waiting (ISO 8601); null where nobody waits. */
  readonly deadline: string | null;
  /** Its own, not its caller's. */
  readonly logLevel: string;
}

const MAX_SLEEP_MS = 900_000;
/** The message comes back in the failure record, beside the request and twice (the stack repeats it): both must fit. */
const MAX_FAIL_CHARACTERS = 1_000;

/** The request as a JSON schema of draft 4, which is what API Gateway validates with. */
export const REQUEST_SCHEMA = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  properties: {
    echo: {},
    sleepMs: { type: 'integer', minimum: 0, maximum: MAX_SLEEP_MS },
    fail: { type: 'string', minLength: 1, maxLength: MAX_FAIL_CHARACTERS },
  },
  additionalProperties: false,
} as const;

/** A request that cannot be worked on, however often it is tried. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/**
 * Checks a request; not every caller comes through the endpoint.
 * @throws {RequestError} naming the field, what it got and what is allowed
 */
export function readRequest(payload: unknown): InvokedRequest {
  if (!isObject(payload)) throw new RequestError(`The request: got ${show(payload)}; expected an object.`);
  const { echo, sleepMs, fail, ...others } = payload;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new RequestError(`${unknown}: there is no such field; there are echo, sleepMs and fail.`);
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

/** Checks an answer. @throws Error naming the field that is not as agreed */
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

/** A value in a message: its start is enough to know it by. */
const show = (value: unknown): string =>
  value === undefined ? 'undefined' : JSON.stringify(value).slice(0, 40);
