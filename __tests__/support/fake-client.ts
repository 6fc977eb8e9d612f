import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { S3ModelError, type S3Model } from './s3-model';
import { perform, straight, type Gate, type Operation } from './s3-operations';

/** The connection broke: nobody knows whether the request took effect. */
export class NetworkError extends Error {
  override readonly name = 'TimeoutError';
}

/** How often the SDK sends a request in all: it repeats what the network lost and what S3 answered with a 5xx. */
const SDK_ATTEMPTS = 2;

export interface FakeClient {
  readonly client: S3Client;
  /** Every request that was sent, in order. */
  readonly sent: Operation[];
}

/** The SDK's client with the model behind it: same commands, same errors, same habit of trying again. */
export function fakeClient(model: S3Model, gate: Gate = straight): FakeClient {
  const sent: Operation[] = [];

  const send = async (
    command: { input: Record<string, unknown> },
    options: { abortSignal?: AbortSignal } = {},
  ) => {
    const operation = { name: command.constructor.name.replace(/Command$/, ''), input: command.input };
    for (let attempt = 1; ; attempt += 1) {
      if (options.abortSignal?.aborted === true) {
        throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
      }
      sent.push(operation);
      try {
        const { content, ...output } = (await perform(model, operation, gate)) as { content?: string };
        return operation.name === 'GetObject' ? { ...output, Body: Readable.from([content]) } : output;
      } catch (error) {
        const passing =
          error instanceof NetworkError || (error instanceof S3ModelError && error.status >= 500);
        if (!passing || attempt === SDK_ATTEMPTS) throw asSdkError(error, operation);
      }
    }
  };
  return { client: { send } as unknown as S3Client, sent };
}

function asSdkError(error: unknown, { name }: Operation): unknown {
  if (!(error instanceof S3ModelError)) return error;
  // The answer to a HEAD has no body: the SDK knows the status and nothing else.
  const bare = name === 'HeadObject';
  return Object.assign(new Error(error.message), {
    name: bare && error.status === 404 ? 'NotFound' : error.code,
    $metadata: { httpStatusCode: error.status },
    ...(error.condition === undefined || bare ? {} : { Condition: error.condition }),
  });
}
