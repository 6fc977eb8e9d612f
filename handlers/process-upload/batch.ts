/** What a queue's poller is told: these messages go back to the queue, the others are done. */
export interface BatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

interface InMessage {
  readonly messageId?: string;
}

/**
 * The answer to a batch of queue messages: exactly the messages that hold a failed record go back, and count one
 * attempt more; an empty list tells the poller that all are done.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 * @returns undefined where a record came in no message: then only an error can say that something failed
 */
export function batchResponse(
  records: readonly InMessage[],
  failed: readonly InMessage[],
): BatchResponse | undefined {
  if (records.some(({ messageId }) => messageId === undefined)) return undefined;
  const back = new Set(failed.flatMap(({ messageId = [] }) => messageId));
  return { batchItemFailures: [...back].map((itemIdentifier) => ({ itemIdentifier })) };
}
