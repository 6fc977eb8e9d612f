import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { uploadEvent, type ListedObject } from '../shared/upload-event';

/**
 * Puts an object into the queue that S3 notifies, as S3 would: the queue decides when the mover looks at it.
 * @throws Error unless SQS names the message that it has taken
 */
export async function resubmitToQueue(
  client: Pick<SQSClient, 'send'>,
  queueUrl: string,
  bucket: string,
  object: ListedObject,
  abortSignal?: AbortSignal,
): Promise<void> {
  const { MessageId } = await client.send(
    new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(uploadEvent(bucket, object)) }),
    { abortSignal },
  );
  if (MessageId === undefined) throw new Error(`SQS named no message that it put into ${queueUrl}`);
}
