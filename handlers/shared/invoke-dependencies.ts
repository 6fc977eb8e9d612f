import { setTimeout } from 'node:timers/promises';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { deadline, marginsOf } from './deadline';
import type { InvokeDependencies } from './invoke';

/**
 * The dependencies for the calls of one invocation. They end shortly before the caller's own time is up, so that the
 * caller throws its own error before Lambda's "Task timed out".
 * @param remainingMilliseconds what `context.getRemainingTimeInMillis()` says
 * @param maxEventBytes what the failure queue can keep. @default for a queue of 1 MiB
 */
export function invokeDependencies(
  client: LambdaClient,
  correlationId: string,
  remainingMilliseconds: number,
  maxEventBytes?: number,
): InvokeDependencies {
  return {
    send: (input, abortSignal) => client.send(new InvokeCommand(input), { abortSignal }),
    correlationId,
    ...(maxEventBytes !== undefined && { maxEventBytes }),
    deadline: Date.now() + marginsOf(remainingMilliseconds).stopAfter,
    signal: deadline(remainingMilliseconds).stop,
    now: Date.now,
    wait: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
  };
}
