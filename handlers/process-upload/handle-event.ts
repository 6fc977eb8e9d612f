import type { BatchResponse } from '../shared/batch-response';
import { mapConcurrent } from '../shared/map-concurrent';
import { rejectOnAbort, type Deadline } from '../shared/deadline';
import { batchResponse } from './batch';
import type { Environment } from './environment';
import { asMoveError, combine, originStack, RetryableError, type Failure } from './errors';
import { move, type MoveResult } from './move';
import type { ObjectStore } from './object-store';
import { destinationOf } from './prefixes';
import type { ProcessUpload } from './process-upload';
import { readRecords, type EventRecord, type UploadRecord } from './records';
import { runStep } from './step';
import type { UploadMetrics } from './upload-metrics';

/** S3 sends one record an event. A queue or a redrive may send more: they are handled side by side. */
const RECORDS_AT_ONCE = 32;

type Write = (message: string, fields: Record<string, unknown>) => void;

/** What handling an event needs from outside. */
export interface Dependencies {
  readonly environment: Environment;
  readonly openStore: (bucket: string, signal: AbortSignal) => ObjectStore;
  readonly processUpload: ProcessUpload;
  readonly log: Readonly<Record<'info' | 'error', Write>>;
  readonly uploadMetrics: UploadMetrics;
  readonly deadline: Deadline;
  /** Waits after the `nth` conflict. */
  readonly backOff: (nth: number, signal: AbortSignal) => Promise<void>;
  /** In milliseconds. */
  readonly now: () => number;
}

/**
 * Handles every record of an event; the failure of one does not stop another.
 * @returns for a batch of queue messages, which of them go back; the queue keeps count and gives up in the end
 * @throws otherwise, one error that names all that failed, so that Lambda tries again and then keeps the event in the
 * failure queue
 */
export async function handleEvent(
  event: unknown,
  dependencies: Dependencies,
): Promise<BatchResponse | undefined> {
  const records = readRecords(event, dependencies.environment);
  // A step of the team's own may not heed its signal: the error must be ours all the same, not Lambda's time-out.
  const timeUp = rejectOnAbort(dependencies.deadline.giveUp, () => timeWasUp('before this upload was done'));
  const failed = await mapConcurrent(records, RECORDS_AT_ONCE, (record) =>
    handleRecord(record, dependencies, timeUp),
  );
  const response = batchResponse(
    records,
    records.filter((_, index) => failed[index] !== undefined),
  );
  if (response !== undefined) return response;
  const failures = failed.filter((failure) => failure !== undefined);
  // Returning means that the event is never tried again: only when nothing failed. A retry leaves moved uploads alone.
  if (failures.length > 0) throw combine(failures, records.length);
  return undefined;
}

const timeWasUp = (when: string): RetryableError =>
  new RetryableError(
    `The function's time was up ${when}`,
    'If it stays, raise the timeout of the function, or send fewer records at a time.',
  );

/** Never throws: one bad record must not stop another. */
async function handleRecord(
  record: EventRecord,
  dependencies: Dependencies,
  timeUp: Promise<never>,
): Promise<Failure | undefined> {
  const { log, uploadMetrics, now } = dependencies;
  const { bucket, key } = record;
  const start = now();
  try {
    if (record.kind === 'upload' && dependencies.deadline.stop.aborted) {
      throw timeWasUp('before this upload was begun');
    }
    const result = await Promise.race([decide(record, dependencies), timeUp]);
    uploadMetrics.result(result);
    log.info(result.decision, { bucket, key, ...result, durationMs: now() - start });
    return undefined;
  } catch (thrown) {
    const error = asMoveError(thrown);
    uploadMetrics.failed();
    log.error('failed', {
      bucket,
      key,
      decision: 'failed',
      why: error.message,
      permanent: error.permanent,
      // Ours needs none; that of a step or of the SDK says where to look. A batch's failure is thrown to nobody.
      ...(error.cause instanceof Error && { stack: originStack(error) }),
      durationMs: now() - start,
    });
    return { bucket, key, error };
  }
}

async function decide(record: EventRecord, dependencies: Dependencies): Promise<MoveResult> {
  switch (record.kind) {
    case 'ignored':
      return { decision: 'ignored', why: record.why };
    case 'unreadable':
      throw record.error;
    case 'upload':
      return moveUpload(record, dependencies);
  }
}

async function moveUpload(
  { bucket, key, etag, size }: UploadRecord,
  dependencies: Dependencies,
): Promise<MoveResult> {
  const { environment, log, uploadMetrics } = dependencies;
  const signal = dependencies.deadline.stop;
  const store = dependencies.openStore(bucket, signal);
  let destination: string;
  try {
    destination = destinationOf(key, environment);
  } catch (error) {
    // Someone put the upload under another key: so its record can be redriven and the matter ends. A refusal
    // does not show that it is gone.
    const there = await store.head(key).catch(() => 'refused');
    if (there === undefined) return { decision: 'ignored', why: 'it is gone already' };
    throw error;
  }
  return move(
    {
      key,
      destination,
      version: etag === undefined || size === undefined ? undefined : { etag, size },
    },
    {
      store,
      onExisting: environment.onExisting,
      prepare: (version) =>
        runStep(dependencies.processUpload, { bucket, key, ...version }, { store, signal, log }),
      backOff: (nth) => {
        uploadMetrics.conflict();
        return dependencies.backOff(nth, signal);
      },
    },
  );
}
