import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { throttleOf } from '../../../handlers/shared/invoke-problems';
import { messageOf } from '../../lib/errors';

/** The outcome of an invocation; `--json` prints it unchanged. */
export type Invocation = { readonly functionName: string } & (
  | {
      readonly outcome: 'answered';
      readonly requestId: string;
      readonly answer: unknown;
      readonly log: readonly string[];
    }
  | { readonly outcome: 'accepted'; readonly requestId: string }
  | {
      readonly outcome: 'functionError';
      readonly requestId: string;
      readonly error: unknown;
      readonly log: readonly string[];
    }
  | { readonly outcome: 'throttled'; readonly message: string }
  | { readonly outcome: 'failed'; readonly message: string }
);

/** The tool's exit codes, as every command has them: 3, something is left to do. */
export const EXIT_CODES: Readonly<Record<Invocation['outcome'], number>> = {
  answered: 0,
  accepted: 0,
  functionError: 1,
  failed: 1,
  throttled: 3,
};

export interface InvocationProps {
  readonly functionName: string;
  /** JSON. */
  readonly payload: string;
  /** Hands the payload over and does not wait for the function. */
  readonly async: boolean;
  readonly send: (input: InvokeCommandInput) => Promise<InvokeCommandOutput>;
}

/** Invokes a function once. Never throws: an error is an outcome too. */
export async function invocation({
  functionName,
  payload,
  async,
  send,
}: InvocationProps): Promise<Invocation> {
  try {
    const output = await send({
      FunctionName: functionName,
      Payload: Buffer.from(payload),
      // The log's tail comes with an answer only.
      ...(async ? { InvocationType: 'Event' } : { InvocationType: 'RequestResponse', LogType: 'Tail' }),
    });
    const requestId = output.$metadata.requestId ?? 'unknown';
    if (async) return { functionName, outcome: 'accepted', requestId };
    const answer = parsed(Buffer.from(output.Payload ?? []).toString());
    const log = linesOf(output.LogResult);
    return output.FunctionError === undefined
      ? { functionName, outcome: 'answered', requestId, answer, log }
      : { functionName, outcome: 'functionError', requestId, error: answer, log };
  } catch (error) {
    const throttle = throttleOf(error);
    if (throttle) {
      const message = `${functionName} has no free execution (${throttle.reason}). It did not run: try again.`;
      return { functionName, outcome: 'throttled', message };
    }
    return { functionName, outcome: 'failed', message: explain(functionName, error) };
  }
}

function explain(functionName: string, error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'ResourceNotFoundException':
      return `There is no function ${functionName}. Is it deployed, and is PIPELINE_ENV the environment that you mean?`;
    case 'AccessDeniedException':
    case 'AccessDenied':
      return `You may not invoke ${functionName}: your own credentials need lambda:InvokeFunction on it.`;
    case 'CredentialsProviderError':
      return 'There are no AWS credentials: sign in first, e.g. with `aws sso login`. On this machine: npm run local -- npm run invoke -- …';
    default:
      return `${functionName} could not be invoked: ${name}: ${messageOf(error)}`;
  }
}

/** JSON as a value; anything else as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The last 4 KB of the function's log, from base64. */
const linesOf = (logResult: string | undefined): string[] =>
  Buffer.from(logResult ?? '', 'base64')
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '');
