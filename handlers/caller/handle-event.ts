import { readAnswer, type InvokedAnswer } from '../invoked/contract';
import { invoke, invokeAsync, type InvokeDependencies } from '../shared/invoke';
import { unwrap } from '../shared/invoke-envelope';
import type { Environment } from './environment';

/** The dependencies of `handleEvent`. */
export interface Dependencies {
  readonly environment: Environment;
  /** The ID of this invocation. */
  readonly requestId: string;
  readonly log: {
    /** Adds keys to every later log line of this invocation. */
    appendKeys(keys: Record<string, unknown>): void;
    info(message: string, fields: Record<string, unknown>): void;
  };
  readonly calls: (correlationId: string) => InvokeDependencies;
}

/** The callee's answer, or Lambda's confirmation that it has queued the event. */
export type Outcome =
  | { readonly mode: 'sync'; readonly answer: InvokedAnswer }
  | { readonly mode: 'async'; readonly accepted: true; readonly requestId: string };

/** The event is invalid; another attempt would fail in the same way. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/**
 * Calls the other function and waits for its answer (`sync`), or queues the event and returns (`async`).
 * @param event `{"mode": "sync" | "async", "payload": …}`, with or without an envelope
 * @throws {RequestError} if `mode` is neither
 * @throws an error of shared/invoke-errors.ts
 */
export async function handleEvent(event: unknown, dependencies: Dependencies): Promise<Outcome> {
  const { environment, requestId, log, calls } = dependencies;
  const { payload, envelope } = unwrap(event);
  const { correlationId = requestId } = envelope;
  log.appendKeys({ correlationId });

  const callee = { functionName: environment.invokedFunctionName, readAnswer };
  const { mode, payload: request } = (payload ?? {}) as Readonly<Record<string, unknown>>;
  log.info('Calling', { mode, functionName: callee.functionName });
  switch (mode) {
    case 'sync':
      return { mode, answer: await invoke(callee, request, calls(correlationId)) };
    case 'async':
      return { mode, accepted: true, ...(await invokeAsync(callee, request, calls(correlationId))) };
    default:
      throw new RequestError(
        `mode: got ${mode === undefined ? 'nothing' : JSON.stringify(mode)}; expected "sync" or "async".`,
      );
  }
}
