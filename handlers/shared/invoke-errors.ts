/** Why a call of another function has no answer. Names are given as text, because the minified classes have others. */
export abstract class InvokeError extends Error {
  /** What was called: a name, or an ARN. */
  readonly functionName: string;

  constructor(functionName: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.functionName = functionName;
  }
}

/** What Lambda reports of a function that failed; all of it is the callee's. */
export interface CalleeFailure {
  /** The name of the callee's error, e.g. `TypeError` or `Sandbox.Timedout`. */
  readonly errorType: string;
  readonly errorMessage: string;
  /** Where the callee threw it, a line a frame; empty where Lambda ended it. */
  readonly calleeStack: readonly string[];
  /** The callee's request ID: its log lines carry it. */
  readonly requestId: string;
  /** The function reported the error itself; false: it threw, timed out or crashed. Node.js functions always throw. */
  readonly handled: boolean;
}

/** The callee ran and failed. Lambda answers 200 to that: only `FunctionError` tells. */
export class CalleeError extends InvokeError implements CalleeFailure {
  override readonly name = 'CalleeError';
  readonly errorType: string;
  readonly errorMessage: string;
  readonly calleeStack: readonly string[];
  readonly requestId: string;
  readonly handled: boolean;

  constructor(functionName: string, failure: CalleeFailure) {
    const { errorType, errorMessage, requestId } = failure;
    super(
      functionName,
      `${functionName} failed with ${errorType}: ${errorMessage} (its request ID: ${requestId}).`,
    );
    this.errorType = errorType;
    this.errorMessage = errorMessage;
    this.calleeStack = failure.calleeStack;
    this.requestId = requestId;
    this.handled = failure.handled;
  }
}

/** Every execution that the callee may have at a time was taken, for as long as the caller could wait. It did not run. */
export class ThrottledError extends InvokeError {
  override readonly name = 'ThrottledError';

  constructor(
    functionName: string,
    /** Which limit it was, e.g. `ReservedFunctionConcurrentInvocationLimitExceeded`. */
    readonly reason: string,
    readonly attempts: number,
    options?: ErrorOptions,
  ) {
    super(functionName, `${functionName} was throttled in all of ${attempts} attempts (${reason}).`, options);
  }
}

/** The caller's time is up. */
export class DeadlineError extends InvokeError {
  override readonly name = 'DeadlineError';

  constructor(
    functionName: string,
    /** The call was under way: the callee may have run, or still run. */
    readonly sent: boolean,
    options?: ErrorOptions,
  ) {
    const where = sent
      ? `before ${functionName} answered, which may still run`
      : `before ${functionName} was called`;
    super(functionName, `The caller's time was up ${where}.`, options);
  }
}

/** The payload is over what Lambda takes, or what could be kept of it after a failure. It was not sent. */
export class PayloadTooLargeError extends InvokeError {
  override readonly name = 'PayloadTooLargeError';

  constructor(
    functionName: string,
    readonly bytes: number,
    readonly limitBytes: number,
    why: string,
  ) {
    super(
      functionName,
      `The payload for ${functionName} has ${bytes} bytes with its envelope; ${limitBytes} are allowed (${why}). Put it in a bucket and send its key.`,
    );
  }
}

/** The payload cannot be written as JSON (undefined, a BigInt, a cycle). It was not sent. */
export class PayloadNotJsonError extends InvokeError {
  override readonly name = 'PayloadNotJsonError';

  constructor(functionName: string, why: string, options?: ErrorOptions) {
    super(functionName, `The payload for ${functionName} cannot be written as JSON: ${why}.`, options);
  }
}

/** The callee answered, but not what was agreed on. */
export class UnreadableAnswerError extends InvokeError {
  override readonly name = 'UnreadableAnswerError';

  constructor(
    functionName: string,
    readonly requestId: string,
    why: string,
    options?: ErrorOptions,
  ) {
    super(
      functionName,
      `${functionName} answered what cannot be read: ${why} (its request ID: ${requestId}).`,
      options,
    );
  }
}

/** There is no such function, version or alias. */
export class CalleeMissingError extends InvokeError {
  override readonly name = 'CalleeMissingError';

  constructor(functionName: string, options?: ErrorOptions) {
    super(functionName, `There is no function ${functionName} in the caller's account and region.`, options);
  }
}

/** The caller's role may not invoke the callee. */
export class NotPermittedError extends InvokeError {
  override readonly name = 'NotPermittedError';

  constructor(functionName: string, options?: ErrorOptions) {
    super(
      functionName,
      `The caller's role may not invoke ${functionName}: grant it lambda:InvokeFunction on that function (\`grantInvoke\` in the stack).`,
      options,
    );
  }
}

/** Anything else between the two: Lambda failed, or the network did. Nobody knows whether the callee ran. */
export class InvocationFailedError extends InvokeError {
  override readonly name = 'InvocationFailedError';

  constructor(functionName: string, why: string, options?: ErrorOptions) {
    super(functionName, `The call of ${functionName} failed, and it may have run or not: ${why}.`, options);
  }
}
