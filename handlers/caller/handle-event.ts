import { readAnswer, type InvokedAnswer } from '../invoked/contract';
import { invoke, invokeAsync, type InvokeDependencies } from '../shared/invoke';
import { unwrap } from '../shared/invoke-envelope';
import type { Environment } from './environment';

/** What handling an event needs from outside. */
export interface Dependencies {
  readonly environment: Environment;
  /** Of this invocation. */
  readonly requestId: string;
  readonly log: {
    /** On every later line of this invocation. */
    appendKeys(keys: Record<string, unknown>): void;
    info(message: string, fields: Record<string, unknown>): void;
  };
  readonly calls: (correlationId: string) => InvokeDependencies;
}

/** What the callee answered, or that Lambda has taken the event and will run it. */
export type Outcome =
  | { readonly mode: 'sync'; readonly answer: InvokedAnswer }
  | { readonly mode: 'async'; readonly accepted: true; readonly requestId: string };

/** An event that cannot be worked on, however often it is tried. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/**
 * Calls the other function, and waits for its answer (`sync`) or not (`async`).
 * @param event `{"mode": "sync" | "async", "payload": …}`, with or without an envelope
 * @throws {RequestError} where the event says neither
 * @throws one of shared/invoke-errors.ts
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
