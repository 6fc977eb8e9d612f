/**
 * What a message may hold: how many of an event's failures, and how much of each. A failure record carries the message,
 * and the stack with it again, beside the event, and SQS takes 1 MiB of all.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const MOST_NAMED = 10;
const MOST_CHARACTERS = 2_500;

/**
 * The two ways a move fails. Their names are a contract: Lambda writes them as `errorType` into the failure record,
 * where redrive tools and alarms tell what is worth another attempt from what is not.
 */
abstract class MoveError extends Error {
  abstract readonly permanent: boolean;
  /** What happened, in one clause without a full stop. */
  readonly what: string;
  /** What a person can do about it, in sentences. Empty: nothing is known. */
  readonly remedy: string;

  /** The verdict comes last: there no key or message of another can pass for it (tools/operate/failures/record.ts). */
  constructor(what: string, verdict: string, remedy: string, options?: ErrorOptions) {
    const [shortWhat, shortRemedy] = [cut(what, MOST_CHARACTERS), cut(remedy, MOST_NAMED * MOST_CHARACTERS)];
    super([`${shortWhat}.`, shortRemedy, verdict].filter(Boolean).join(' '), options);
    this.what = shortWhat;
    this.remedy = shortRemedy;
  }
}

/** Trying again cannot help: someone has to change the object, its key or the configuration first. */
export class PermanentError extends MoveError {
  // Given as text, because the minified class has another name.
  override readonly name = 'PermanentError';
  readonly permanent = true;

  constructor(what: string, remedy = '', options?: ErrorOptions) {
    super(what, 'Trying again cannot help.', remedy, options);
  }
}

/** This may pass by itself: Lambda's retry, or a redrive later, can succeed. */
export class RetryableError extends MoveError {
  override readonly name = 'RetryableError';
  readonly permanent = false;

  constructor(what: string, remedy = '', options?: ErrorOptions) {
    super(what, 'Trying again can help.', remedy, options);
  }
}

/** Any error as one of the two. What we know nothing about may pass: to give up wrongly is the worse mistake. */
export function asMoveError(error: unknown): PermanentError | RetryableError {
  if (error instanceof PermanentError || error instanceof RetryableError) return error;
  return new RetryableError(describe(error), '', { cause: error });
}

/** An error in a clause: its name and its message. */
export function describe(error: unknown): string {
  const clause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return clause.replace(/\.$/, '');
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}… (${(text.length - most).toLocaleString('en')} more characters)`;
}

/** What failed, and for which object. */
export interface Failure {
  readonly bucket: string;
  readonly key: string;
  readonly error: PermanentError | RetryableError;
}

/** An error's stack with the frames of its first cause: where it began, and not where it was wrapped. */
export function originStack(error: Error, cause = error.cause): string {
  let origin = cause instanceof Error ? cause : error;
  while (origin.cause instanceof Error) origin = origin.cause;
  const { stack = '' } = origin;
  const frames = stack.indexOf('\n    at ');
  return `${error.name}: ${error.message}${frames < 0 ? '' : stack.slice(frames)}`;
}

/**
 * One error for all that failed in an event. It is permanent only if every failure is: otherwise another attempt
 * can still move something, and does no harm to what is moved already. Lambda records its stack, and no cause's: it gets
 * that of the first failure.
 */
export function combine(failures: readonly Failure[], records: number): PermanentError | RetryableError {
  const error = combined(failures, records);
  const [first] = failures;
  if (first) error.stack = originStack(error, first.error);
  return error;
}

function combined(failures: readonly Failure[], records: number): PermanentError | RetryableError {
  const [first, ...others] = failures;
  if (first !== undefined && others.length === 0) {
    const { what, remedy, permanent } = first.error;
    const options = { cause: first.error };
    return permanent
      ? new PermanentError(`${at(first)}: ${what}`, remedy, options)
      : new RetryableError(`${at(first)}: ${what}`, remedy, options);
  }
  const what = `${failures.length} of the event's ${records} records failed`;
  const named = failures
    .slice(0, MOST_NAMED)
    .map((failure, i) => `(${i + 1}) ${cut(`${at(failure)}: ${failure.error.message}`, MOST_CHARACTERS)}`);
  const more = failures.length - named.length;
  const list = [...named, ...(more > 0 ? [`and ${more} more, each in the function's log.`] : [])].join(' ');
  const options = { cause: failures.map(({ error }) => error) };
  return failures.every(({ error }) => error.permanent)
    ? new PermanentError(what, list, options)
    : new RetryableError(what, list, options);
}

const at = ({ bucket, key }: Failure): string => (bucket === '' ? 'The event' : `s3://${bucket}/${key}`);
