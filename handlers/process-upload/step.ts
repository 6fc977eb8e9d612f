import { describe, PermanentError, RetryableError } from './errors';
import type { ObjectStore, OpenedObject, Version } from './object-store';
import type { ProcessUpload, StepContext } from './process';

/**
 * Runs the team's own step for one version of an upload.
 * @returns `lost` when the step found that version gone or overwritten, whatever it made of it: not a failure
 * @throws the step's own error, as one of errors.ts
 */
export async function runStep(
  step: ProcessUpload,
  upload: Version & { bucket: string; key: string },
  context: StepContext & { store: ObjectStore },
): Promise<'ready' | 'lost'> {
  const { store, ...stepContext } = context;
  const { bucket, key, etag, size } = upload;
  const opened: OpenedObject[] = [];
  let outcome = 'ready' as 'ready' | 'lost';

  const open = async (): Promise<OpenedObject> => {
    const object = await store.open(key, etag);
    if (object === 'gone' || object === 'changed') {
      outcome = 'lost';
      throw new RetryableError(`The upload with ETag ${etag} is ${object}`);
    }
    opened.push(object);
    return object;
  };

  try {
    await step({ bucket, key, etag, size, open }, stepContext);
  } catch (error) {
    if (outcome === 'ready') throw stepError(error);
  } finally {
    // A body that was not read to its end would hold its connection.
    for (const { body } of opened) body.destroy();
  }
  return outcome;
}

function stepError(error: unknown): PermanentError | RetryableError {
  if (error instanceof PermanentError || error instanceof RetryableError) return error;
  return new RetryableError(
    `The step before the move failed with ${describe(error)}`,
    'If it stays, see handlers/process-upload/process.ts.',
    { cause: error },
  );
}
