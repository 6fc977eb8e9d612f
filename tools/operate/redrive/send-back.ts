import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Dependencies } from './dependencies';
import { reasonOf } from './invoke';

/**
 * Sends a message back to its queue, with the attributes it had.
 * @param failureQueueUrl of the queue it is in: a dead-letter queue lies in the account and region of those that use it,
 * so their URLs differ in the name alone.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
export const sendBackBy =
  (client: Pick<SQSClient, 'send'>, failureQueueUrl: string): Dependencies['sendBack'] =>
  async ({ source, payload, attributes, fifo }) => {
    try {
      const { MessageId } = await client.send(
        new SendMessageCommand({
          QueueUrl: failureQueueUrl.replace(/[^/]+$/u, () => source.name),
          MessageBody: payload,
          MessageAttributes: attributes && { ...attributes },
          // By the id of what was given up, so that a redrive that was killed after this sends no second one.
          // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
          ...(fifo && { MessageGroupId: fifo.groupId, MessageDeduplicationId: fifo.deduplicationId }),
        }),
      );
      return MessageId === undefined ? { refused: 'SQS answered without a message ID' } : 'accepted';
    } catch (error) {
      return { refused: reasonOf(error) };
    }
  };
