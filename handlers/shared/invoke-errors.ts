/** Why a call of another function has no answer. Each name is a string, because minification renames the classes. */
export abstract class InvokeError extends Error {
  /** The name or ARN of the callee. */
  readonly functionName: string;

  constructor(functionName: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.functionName = functionName;
  }
}

/** Lambda's report on the callee that failed. */
export interface CalleeFailure {
  /** The name of the callee's error, e.g. `TypeError` or `Sandbox.Timedout`. */
  readonly errorType: string;
  readonly errorMessage: string;
  /** The stack of the error in the callee, one line per frame; empty if Lambda ended the callee. */
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

/** The callee had no free execution for as long as the caller could wait. It did not run. */
export class ThrottledError extends InvokeError {
  override readonly name = 'ThrottledError';

  constructor(
    functionName: string,
    /** The limit that throttled the call, e.g. `ReservedFunctionConcurrentInvocationLimitExceeded`. */
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
      ? `before ${functionName} answered; it may still run`
      : `before ${functionName} was called`;
    super(functionName, `The caller's time was up ${where}.`, options);
  }
}

/** The payload exceeds the limit of Lambda, or of the failure record. It was not sent. */
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

/** The answer of the callee breaks the contract. */
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
      `The answer of ${functionName} cannot be read: ${why} (its request ID: ${requestId}).`,
      options,
    );
  }
}

/** There is no such function, version or alias. */
export class CalleeMissingError extends InvokeError {
  override readonly name = 'CalleeMissingError';

  constructor(functionName: string, options?: ErrorOptions) {
    super(
      functionName,
      `Function ${functionName} does not exist in the caller's account and region.`,
      options,
    );
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

/** Lambda or the network failed. The callee may have run. */
export class InvocationFailedError extends InvokeError {
  override readonly name = 'InvocationFailedError';

  constructor(functionName: string, why: string, options?: ErrorOptions) {
    super(functionName, `The call of ${functionName} failed; the function may have run: ${why}.`, options);
  }
}
