import { failedItems, type BatchResponse } from '../shared/batch-response';

interface InMessage {
  readonly messageId?: string;
}

/**
 * The answer to a batch of queue messages: exactly the messages that hold a failed record go back, and count one
 * attempt more; an empty list tells the poller that all are done.
 * @returns undefined where a record came in no message: then only an error can say that something failed
 */
export function batchResponse(
  records: readonly InMessage[],
  failed: readonly InMessage[],
): BatchResponse | undefined {
  if (records.some(({ messageId }) => messageId === undefined)) return undefined;
  return failedItems([...new Set(failed.flatMap(({ messageId = [] }) => messageId))]);
}
