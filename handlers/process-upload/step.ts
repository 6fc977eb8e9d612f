import { describe, PermanentError, RetryableError } from './errors';
import type { ObjectStore, OpenedObject, Version } from './object-store';
import type { ProcessUpload, StepContext } from './process-upload';

/**
 * Runs the team's own step for one version of an upload.
 * @returns `lost` when the step found that version gone or overwritten: no failure, even if the step threw
 * @throws the step's own error, as one of errors.ts
 */
export async function runStep(
  step: ProcessUpload,
  upload: Version & { bucket: string; key: string },
  context: StepContext & { store: Pick<ObjectStore, 'open'> },
): Promise<'ready' | 'lost'> {
  const { store, ...stepContext } = context;
  const { bucket, key, etag, size } = upload;
  const openings: Promise<OpenedObject>[] = [];
  let outcome = 'ready' as 'ready' | 'lost';

  const openVersion = async (): Promise<OpenedObject> => {
    const object = await store.open(key, etag);
    if (object === 'gone' || object === 'changed') {
      outcome = 'lost';
      throw new RetryableError(`The upload with ETag ${etag} is ${object}`);
    }
    // The step gets the stream's error where it reads. Without a listener Node.js would end the process.
    object.body.on('error', () => undefined);
    return object;
  };
  const open = (): Promise<OpenedObject> => {
    const opening = openVersion();
    openings.push(opening);
    return opening;
  };

  try {
    await step({ bucket, key, etag, size, open }, stepContext);
  } catch (error) {
    if (outcome === 'ready') throw stepError(error);
  } finally {
    for (const opening of openings) letGo(opening);
  }
  return outcome;
}

/** A body that is not read to its end holds its connection; nobody may be waiting for it, or for the error. */
function letGo(opening: Promise<OpenedObject>): void {
  opening.then(
    ({ body }) => body.destroy(),
    () => undefined,
  );
}

function stepError(error: unknown): PermanentError | RetryableError {
  if (error instanceof PermanentError || error instanceof RetryableError) return error;
  return new RetryableError(
    `The step before the move failed with ${describe(error)}`,
    'If it stays, see handlers/process-upload/process.ts.',
    { cause: error },
  );
}
