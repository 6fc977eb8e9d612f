import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import type { InvokeDependencies } from '../../handlers/shared/invoke';

/** When the fake dependencies begins, in milliseconds since 1970. */
export const START = Date.parse('2026-01-01T00:00:00.000Z');

/** Lambda's answer to a call. */
export const answered = (payload: unknown, rest: Partial<InvokeCommandOutput> = {}): InvokeCommandOutput =>
  ({
    StatusCode: 200,
    Payload: Buffer.from(JSON.stringify(payload)),
    $metadata: { requestId: 'callee-request' },
    ...rest,
  }) as InvokeCommandOutput;

/** Lambda's answer to an event that it has queued. */
export const accepted: InvokeCommandOutput = { StatusCode: 202, $metadata: { requestId: 'callee-request' } };

/** An error as the SDK throws it. */
export const sdkError = (name: string, rest: object = {}): Error =>
  Object.assign(new Error(`${name} of the service.`), { name, ...rest });

export const throttled = (rest: object = {}): Error =>
  sdkError('TooManyRequestsException', {
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    ...rest,
  });

/** What a call gets: an answer, an error, or nothing before it is aborted. */
export type Reply = InvokeCommandOutput | Error | 'silence';

export interface FakeInvokes {
  readonly dependencies: InvokeDependencies;
  /** Every request that was sent, in order. */
  readonly sent: InvokeCommandInput[];
  /** How long was waited between them, in milliseconds. */
  readonly waits: number[];
  /** The time is up. */
  readonly abort: () => void;
}

export interface FakeOptions {
  /** Of the caller. @default 10000 */
  readonly remainingMilliseconds?: number;
  /** @default 0.5, always */
  readonly random?: () => number;
}

/**
 * A dependencies in which Lambda gives these replies, the last one again and again, and time passes only while one waits.
 */
export function fakeInvokes(
  replies: readonly Reply[],
  { remainingMilliseconds = 10_000, random = () => 0.5 }: FakeOptions = {},
): FakeInvokes {
  const sent: InvokeCommandInput[] = [];
  const waits: number[] = [];
  const controller = new AbortController();
  let now = START;
  const dependencies: InvokeDependencies = {
    send: async (input, signal) => {
      const reply = replies[Math.min(sent.length, replies.length - 1)] ?? 'silence';
      sent.push(input);
      if (reply === 'silence') return aborted(signal);
      if (reply instanceof Error) throw reply;
      return Promise.resolve(reply);
    },
    correlationId: 'correlation-1',
    deadline: START + remainingMilliseconds,
    signal: controller.signal,
    now: () => now,
    wait: (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
    random,
  };
  return {
    dependencies,
    sent,
    waits,
    abort: () => {
      controller.abort();
    },
  };
}

/** What the SDK does when its signal is aborted. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
    });
  });

/** The payload of a request, parsed. */
export const payloadOf = (input: InvokeCommandInput | undefined): unknown =>
  JSON.parse(Buffer.from(input?.Payload as Uint8Array).toString());
