import { readStreamFailure, type StreamFailure } from './stream-failure';
import { keysIn, readUndelivered, type UndeliveredUpload } from './undelivered';

/** A message of the failure queue, as SQS gives it. */
export interface Message {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly sentAt: number;
}

/** An event that failed for good, as Lambda's failure destination tells of it, or the way to the function. */
export interface FailureRecord {
  readonly kind: 'failure';
  /** The function's ARN, with a qualifier where it was invoked with one. */
  readonly functionArn: string;
  /** The function's name alone. */
  readonly functionName: string;
  /**
   * e.g. `RetriesExhausted`, `EventAgeExceeded`; `GivenUpBy` a way that left the event itself, such as
   * `GivenUpByQueue`; undefined where the record does not say.
   */
  readonly condition: string | undefined;
  /** Class and message of the error that the function threw; undefined where it never ran. */
  readonly errorType: string | undefined;
  readonly errorMessage: string | undefined;
  /** Whether the function itself says that another attempt cannot help. */
  readonly permanent: boolean;
  /** Keys of the uploads that the event is about. */
  readonly keys: readonly string[];
  /** The event, to send again as it was. */
  readonly payload: unknown;
  /** When it failed, in milliseconds since 1970. */
  readonly failedAt: number;
}

/** Records of a stream that Lambda gave up: they are in the stream, until they expire. */
export interface StreamBatch {
  readonly kind: 'stream';
  readonly functionArn: string;
  readonly functionName: string;
  /** Where they are. */
  readonly place: StreamFailure;
  readonly failedAt: number;
}

/** A message that is no failure record: someone else's, or a kind that is not known here. */
export interface ForeignMessage {
  readonly kind: 'foreign';
  /** Why it is none. */
  readonly why: string;
  /** The beginning of the message. */
  readonly excerpt: string;
  readonly failedAt: number;
}

export type Failure = FailureRecord | StreamBatch | ForeignMessage;

/** The class that process-upload throws where another attempt cannot help (handlers/process-upload/errors.ts). */
const PERMANENT = 'PermanentError';

/** What the local engine says instead of the class. */
const CLASS_LOST = 'Runtime.HandlerError';

/** The verdict ends the message of its errors: elsewhere a key or a step's own words may say the same. */
const PERMANENT_VERDICT = /Trying again cannot help\.$/u;

const EXCERPT_CHARACTERS = 200;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads what Lambda puts into a failure destination, and what the ways to process-upload leave there themselves. Only the function and the event are needed; the rest may be
 * missing (the local engine leaves out version, timestamp and request id).
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * @param mover name of process-upload, which takes an upload's event however it came
 */
export function readMessage({ body, sentAt }: Pick<Message, 'body' | 'sentAt'>, mover: string): Failure {
  const foreign = (why: string): ForeignMessage => ({
    kind: 'foreign',
    why,
    excerpt: body.slice(0, EXCERPT_CHARACTERS),
    failedAt: sentAt,
  });
  let record: Fields;
  try {
    record = fields(JSON.parse(body));
  } catch {
    return foreign('it is not JSON');
  }
  const context = fields(record.requestContext);
  const functionArn = text(context.functionArn);
  const undelivered = readUndelivered(body);
  if (undelivered !== undefined) return givenUp(undelivered, mover, sentAt);
  if (functionArn === undefined) return foreign('it names no function (requestContext.functionArn)');
  const timestamp = Date.parse(text(record.timestamp) ?? '');
  const failedAt = Number.isNaN(timestamp) ? sentAt : timestamp;
  const place = readStreamFailure(body);
  if (place !== undefined) {
    return { kind: 'stream', functionArn, functionName: nameOf(functionArn), place, failedAt };
  }
  if (record.requestPayload === undefined) return foreign('it holds no event (requestPayload)');

  const answer = fields(record.responsePayload);
  const errorType = text(answer.errorType);
  const errorMessage = text(answer.errorMessage);
  return {
    kind: 'failure',
    functionArn,
    functionName: nameOf(functionArn),
    condition: text(context.condition),
    errorType,
    errorMessage,
    permanent:
      errorType === PERMANENT || (errorType === CLASS_LOST && PERMANENT_VERDICT.test(errorMessage ?? '')),
    keys: keysIn(record.requestPayload),
    payload: record.requestPayload,
    failedAt,
  };
}

const CONDITIONS = {
  queue: 'GivenUpByQueue',
  eventbridge: 'GivenUpByEventBridge',
  topic: 'GivenUpByTopic',
} as const;

/** What a way to process-upload gave up: why, only the function's log tells, if it ran at all. */
const givenUp = ({ way, keys, event }: UndeliveredUpload, mover: string, sentAt: number): FailureRecord => ({
  kind: 'failure',
  functionArn: mover,
  functionName: mover,
  condition: CONDITIONS[way],
  errorType: undefined,
  errorMessage: undefined,
  permanent: false,
  keys,
  payload: event,
  failedAt: sentAt,
});

/** `arn:aws:lambda:eu-west-1:123456789012:function:NAME:QUALIFIER` -> `NAME`; a bare name stays. */
function nameOf(functionArn: string): string {
  const parts = functionArn.split(':');
  return parts[0] === 'arn' ? (parts[6] ?? functionArn) : (parts[0] ?? functionArn);
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
