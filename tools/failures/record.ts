import { decodeKey } from '../../handlers/process-upload/keys';

/** A message of the failure queue, as SQS gives it. */
export interface Message {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly sentAt: number;
}

/** An event that failed for good, as Lambda's failure destination tells of it. */
export interface FailureRecord {
  readonly kind: 'failure';
  /** The function's ARN, with a qualifier where it was invoked with one. */
  readonly functionArn: string;
  /** The function's name alone. */
  readonly functionName: string;
  /** e.g. `RetriesExhausted`, `EventAgeExceeded`; undefined where the record does not say. */
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

/** A message that is no failure record: someone else's, or a kind that is not known here. */
export interface ForeignMessage {
  readonly kind: 'foreign';
  /** Why it is none. */
  readonly why: string;
  /** The beginning of the message. */
  readonly excerpt: string;
  readonly failedAt: number;
}

export type Failure = FailureRecord | ForeignMessage;

/** The class that process-upload throws where another attempt cannot help (handlers/process-upload/errors.ts). */
const PERMANENT = 'PermanentError';

/** The verdict in the message of its errors. One about several uploads gives its own first, then that of each. */
const VERDICT = /Trying again (can|cannot) help\./u;

const EXCERPT_CHARACTERS = 200;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads what Lambda puts into a failure destination. Only the function and the event are needed; the rest may be
 * missing (the local engine leaves out version, timestamp and request id).
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function readMessage({ body, sentAt }: Pick<Message, 'body' | 'sentAt'>): Failure {
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
  if (functionArn === undefined) return foreign('it names no function (requestContext.functionArn)');
  if (record.requestPayload === undefined) return foreign('it holds no event (requestPayload)');

  const answer = fields(record.responsePayload);
  const errorType = text(answer.errorType);
  const errorMessage = text(answer.errorMessage);
  const timestamp = Date.parse(text(record.timestamp) ?? '');
  return {
    kind: 'failure',
    functionArn,
    functionName: nameOf(functionArn),
    condition: text(context.condition),
    errorType,
    errorMessage,
    // The local engine may have forgotten the class.
    permanent: errorType === PERMANENT || VERDICT.exec(errorMessage ?? '')?.[1] === 'cannot',
    keys: keysOf(record.requestPayload),
    payload: record.requestPayload,
    failedAt: Number.isNaN(timestamp) ? sentAt : timestamp,
  };
}

/** `arn:aws:lambda:eu-west-1:123456789012:function:NAME:QUALIFIER` -> `NAME`; a bare name stays. */
function nameOf(functionArn: string): string {
  const parts = functionArn.split(':');
  return parts[0] === 'arn' ? (parts[6] ?? functionArn) : (parts[0] ?? functionArn);
}

/** The keys in an S3 event; none where the event is of another kind. */
function keysOf(payload: unknown): string[] {
  const { Records: records } = fields(payload);
  if (!Array.isArray(records)) return [];
  return records.flatMap((record: unknown) => {
    const key = text(fields(fields(fields(record).s3).object).key);
    return key === undefined ? [] : [readableKey(key)];
  });
}

function readableKey(encoded: string): string {
  try {
    return decodeKey(encoded);
  } catch {
    return encoded; // that may be the very reason why it failed
  }
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
