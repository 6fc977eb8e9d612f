import { MAX_KEPT_BYTES } from '../../../handlers/shared/failure-record';
import { invoke, invokeAsync, MAX_SYNC_BYTES } from '../../../handlers/shared/invoke';
import { ENVELOPE } from '../../../handlers/shared/invoke-envelope';
import {
  CalleeError,
  CalleeMissingError,
  DeadlineError,
  InvocationFailedError,
  NotPermittedError,
  PayloadNotJsonError,
  PayloadTooLargeError,
  ThrottledError,
  UnreadableAnswerError,
} from '../../../handlers/shared/invoke-errors';
import { accepted, answered, fakeInvokes, payloadOf, sdkError, throttled } from '../../support/lambda-fakes';

/** Answers with a number. */
const callee = {
  functionName: 'test-invoked',
  readAnswer: (answer: unknown): number => {
    if (typeof answer === 'number') return answer;
    throw new Error('it is not a number.');
  },
};

/** What a promise is rejected with. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'not rejected',
    (error: unknown) => error,
  );

/** A payload of exactly so many bytes once it is in its envelope. */
function payloadOfBytes(bytes: number, envelope: object): string {
  const around = Buffer.byteLength(JSON.stringify({ [ENVELOPE]: envelope, payload: '' }));
  return 'x'.repeat(bytes - around);
}

const SYNC_ENVELOPE = { correlationId: 'correlation-1', deadline: '2026-01-01T00:00:10.000Z' };
const ASYNC_ENVELOPE = { correlationId: 'correlation-1' };

describe('invoke', () => {
  it('answers what the callee answered, as its type says', async () => {
    const { dependencies, sent } = fakeInvokes([answered(42)]);

    await expect(invoke(callee, { n: 1 }, dependencies)).resolves.toBe(42);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ FunctionName: 'test-invoked', InvocationType: 'RequestResponse' });
  });

  it('carries the correlation ID and the deadline to the callee, which Lambda does not', async () => {
    const { dependencies, sent } = fakeInvokes([answered(1)]);

    await invoke(callee, { n: 1 }, dependencies);

    expect(payloadOf(sent[0])).toEqual({ [ENVELOPE]: SYNC_ENVELOPE, payload: { n: 1 } });
  });

  it("throws the callee's error although Lambda answered 200", async () => {
    const failure = {
      errorType: 'RangeError',
      errorMessage: 'too far',
      trace: ['RangeError: too far', 'at x'],
    };
    const { dependencies } = fakeInvokes([answered(failure, { FunctionError: 'Unhandled' })]);

    const error = await rejection(invoke(callee, {}, dependencies));

    expect(error).toBeInstanceOf(CalleeError);
    expect(error).toMatchObject({
      name: 'CalleeError',
      message: 'test-invoked failed with RangeError: too far (its request ID: callee-request).',
      errorType: 'RangeError',
      errorMessage: 'too far',
      calleeStack: ['RangeError: too far', 'at x'],
      requestId: 'callee-request',
      handled: false,
      functionName: 'test-invoked',
    });
  });

  it.each([
    ['Handled', true],
    ['Unhandled', false],
  ])('tells an error that is %s by its own flag', async (FunctionError, handled) => {
    const { dependencies } = fakeInvokes([answered({ errorMessage: 'x' }, { FunctionError })]);

    await expect(invoke(callee, {}, dependencies)).rejects.toMatchObject({ handled });
  });

  it('makes a CalleeError of whatever a callee of another runtime reports', async () => {
    const { dependencies } = fakeInvokes([answered('gone', { FunctionError: 'Unhandled' })]);

    await expect(invoke(callee, {}, dependencies)).rejects.toMatchObject({
      errorType: 'Unknown',
      errorMessage: '"gone"',
      calleeStack: [],
    });
  });

  it.each([
    ['Runtime exited', 'Runtime exited'],
    ['', 'nothing'],
  ])('makes a CalleeError of a failure whose payload is not JSON: %j', async (text, errorMessage) => {
    const failed = answered(null, { FunctionError: 'Unhandled', Payload: Buffer.from(text) as never });
    const { dependencies } = fakeInvokes([failed]);

    const error = await rejection(invoke(callee, {}, dependencies));

    expect(error).toBeInstanceOf(CalleeError);
    expect(error).toMatchObject({ errorType: 'Unknown', errorMessage, requestId: 'callee-request' });
  });

  describe('throttled', () => {
    it('tries again with full jitter while the caller has time, and takes the answer', async () => {
      const { dependencies, sent, waits } = fakeInvokes([throttled(), throttled(), answered(7)], {
        random: () => 1,
      });

      await expect(invoke(callee, {}, dependencies)).resolves.toBe(7);
      expect(sent).toHaveLength(3);
      expect(waits).toEqual([50, 100]);
    });

    it('gives up with reason and attempts when the next attempt would come too late', async () => {
      const { dependencies, sent, waits } = fakeInvokes([throttled()], {
        remainingMilliseconds: 200,
        random: () => 1,
      });

      const error = await rejection(invoke(callee, {}, dependencies));

      expect(error).toBeInstanceOf(ThrottledError);
      expect(error).toMatchObject({
        reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        attempts: 3,
        message:
          'test-invoked was throttled in all of 3 attempts (ReservedFunctionConcurrentInvocationLimitExceeded).',
      });
      expect(sent).toHaveLength(3);
      expect(waits).toEqual([50, 100]);
    });

    it('waits at least as long as Lambda asks', async () => {
      const { dependencies, waits } = fakeInvokes([throttled({ retryAfterSeconds: '2' }), answered(7)], {
        random: () => 0,
      });

      await invoke(callee, {}, dependencies);

      expect(waits).toEqual([2_000]);
    });

    it('does not wait for what Lambda asks when that is past the deadline', async () => {
      const { dependencies, waits } = fakeInvokes([throttled({ retryAfterSeconds: '60' })]);

      await expect(invoke(callee, {}, dependencies)).rejects.toMatchObject({
        name: 'ThrottledError',
        attempts: 1,
      });
      expect(waits).toEqual([]);
    });
  });

  it.each([
    ['ServiceException', InvocationFailedError],
    ['EC2ThrottledException', InvocationFailedError],
    ['TimeoutError', InvocationFailedError],
    ['ECONNRESET', InvocationFailedError],
  ])('after %s does not try again: the callee may have run', async (name, expected) => {
    const { dependencies, sent } = fakeInvokes([sdkError(name), answered(1)]);

    await expect(invoke(callee, {}, dependencies)).rejects.toBeInstanceOf(expected);
    expect(sent).toHaveLength(1);
  });

  it.each([
    [
      'ResourceNotFoundException',
      CalleeMissingError,
      "Function test-invoked does not exist in the caller's account and region.",
    ],
    [
      'AccessDeniedException',
      NotPermittedError,
      "The caller's role may not invoke test-invoked: grant it lambda:InvokeFunction on that function (`grantInvoke` in the stack).",
    ],
    [
      'ServiceException',
      InvocationFailedError,
      'The call of test-invoked failed; the function may have run: ServiceException: ServiceException of the service.',
    ],
  ])('says %s in one sentence, and keeps it as the cause', async (name, expected, message) => {
    const cause = sdkError(name);
    const { dependencies } = fakeInvokes([cause]);

    const error = await rejection(invoke(callee, {}, dependencies));

    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ message, cause, functionName: 'test-invoked' });
  });

  it('ends the call when the time is up, and says that the callee may still run', async () => {
    const { dependencies, sent, abort } = fakeInvokes(['silence']);
    const call = rejection(invoke(callee, {}, dependencies));

    abort();

    const error = await call;
    expect(error).toBeInstanceOf(DeadlineError);
    expect(error).toMatchObject({
      sent: true,
      message: "The caller's time was up before test-invoked answered; it may still run.",
    });
    expect(sent).toHaveLength(1);
  });

  it('does not begin a call when the time is up', async () => {
    const { dependencies, sent } = fakeInvokes([answered(1)], { remainingMilliseconds: 0 });

    await expect(invoke(callee, {}, dependencies)).rejects.toMatchObject({
      name: 'DeadlineError',
      sent: false,
      message: "The caller's time was up before test-invoked was called.",
    });
    expect(sent).toEqual([]);
  });

  it('takes a payload of 6 MB with its envelope, and refuses one byte more before it is sent', async () => {
    const { dependencies, sent } = fakeInvokes([answered(1)]);

    await invoke(callee, payloadOfBytes(MAX_SYNC_BYTES, SYNC_ENVELOPE), dependencies);
    const error = await rejection(
      invoke(callee, payloadOfBytes(MAX_SYNC_BYTES + 1, SYNC_ENVELOPE), dependencies),
    );

    expect(sent).toHaveLength(1);
    expect(sent[0]?.Payload).toHaveLength(6_291_456);
    expect(error).toBeInstanceOf(PayloadTooLargeError);
    expect(error).toMatchObject({
      bytes: 6_291_457,
      limitBytes: 6_291_456,
      message:
        'The payload for test-invoked has 6291457 bytes with its envelope; 6291456 are allowed (the limit of Lambda). Put it in a bucket and send its key.',
    });
  });

  it('counts bytes, not characters', async () => {
    const { dependencies, sent } = fakeInvokes([answered(1)]);

    await expect(invoke(callee, 'ü'.repeat(MAX_SYNC_BYTES / 2), dependencies)).rejects.toBeInstanceOf(
      PayloadTooLargeError,
    );
    expect(sent).toEqual([]);
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  it.each([
    ['nothing', undefined],
    ['a function', () => 1],
    ['a BigInt', { n: 1n }],
    ['a cycle', cycle],
  ])('refuses %s before it is sent: JSON cannot hold it', async (_, request) => {
    const { dependencies, sent } = fakeInvokes([answered(1)]);

    const error = await rejection(invoke(callee, request, dependencies));

    expect(error).toBeInstanceOf(PayloadNotJsonError);
    expect(String(error)).toContain('The payload for test-invoked cannot be written as JSON: ');
    expect(sent).toEqual([]);
  });

  it.each([
    ['not JSON', Buffer.from('<html>'), 'it is not JSON'],
    ['nothing', undefined, 'it is not JSON'],
    ['not what was agreed on', Buffer.from('"seven"'), 'it is not a number'],
  ])('says so when the answer is %s', async (_, Payload, why) => {
    const { dependencies } = fakeInvokes([answered(0, { Payload: Payload as never })]);

    const error = await rejection(invoke(callee, {}, dependencies));

    expect(error).toBeInstanceOf(UnreadableAnswerError);
    expect(error).toMatchObject({
      message: `The answer of test-invoked cannot be read: ${why} (its request ID: callee-request).`,
    });
  });
});

describe('invokeAsync', () => {
  it('only hands over: it never waits for the callee, and invoke never does otherwise', async () => {
    const waiting = fakeInvokes([answered(1)]);
    const handing = fakeInvokes([accepted]);

    await invoke(callee, {}, waiting.dependencies);
    const outcome = await invokeAsync(callee, {}, handing.dependencies);

    expect(waiting.sent.map(({ InvocationType }) => InvocationType)).toEqual(['RequestResponse']);
    expect(handing.sent.map(({ InvocationType }) => InvocationType)).toEqual(['Event']);
    expect(outcome).toEqual({ requestId: 'callee-request' });
  });

  it('carries the correlation ID, and no deadline: nobody waits', async () => {
    const { dependencies, sent } = fakeInvokes([accepted]);

    await invokeAsync(callee, { n: 1 }, dependencies);

    expect(payloadOf(sent[0])).toEqual({ [ENVELOPE]: ASYNC_ENVELOPE, payload: { n: 1 } });
  });

  it('takes a payload whose failure record can be kept, and refuses one byte more before it is sent', async () => {
    const { dependencies, sent } = fakeInvokes([accepted]);

    await invokeAsync(callee, payloadOfBytes(MAX_KEPT_BYTES, ASYNC_ENVELOPE), dependencies);
    await expect(
      invokeAsync(callee, payloadOfBytes(MAX_KEPT_BYTES + 1, ASYNC_ENVELOPE), dependencies),
    ).rejects.toMatchObject({
      name: 'PayloadTooLargeError',
      bytes: MAX_KEPT_BYTES + 1,
      limitBytes: MAX_KEPT_BYTES,
      message: expect.stringContaining('if it fails, its record must fit into the failure queue') as string,
    });

    expect(sent).toHaveLength(1);
    expect(sent[0]?.Payload).toHaveLength(MAX_KEPT_BYTES);
  });

  it('takes less where the failure queue does', async () => {
    const { dependencies, sent } = fakeInvokes([accepted]);
    const smaller = { ...dependencies, maxEventBytes: 1_000 };

    await invokeAsync(callee, payloadOfBytes(1_000, ASYNC_ENVELOPE), smaller);
    await expect(invokeAsync(callee, payloadOfBytes(1_001, ASYNC_ENVELOPE), smaller)).rejects.toMatchObject({
      bytes: 1_001,
      limitBytes: 1_000,
    });
    expect(sent).toHaveLength(1);
  });

  it('throws when Lambda did not take the event', async () => {
    const { dependencies } = fakeInvokes([answered(null)]);

    await expect(invokeAsync(callee, {}, dependencies)).rejects.toMatchObject({
      name: 'InvocationFailedError',
      message: 'The call of test-invoked failed; the function may have run: Lambda answered 200, not 202.',
    });
  });
});
