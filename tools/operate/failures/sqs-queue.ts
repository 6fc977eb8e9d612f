import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { countMessages } from '../../lib/count';
import type { Message, Queue } from './queue';

export interface SqsQueueProps {
  readonly client: Pick<SQSClient, 'send'>;
  readonly url: string;
  /** How long a received message stays hidden from others, in seconds. 1–43,200. */
  readonly holdSeconds: number;
}

/** Long polling asks all of the queue's servers. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html */
const WAIT_SECONDS = 1;
const BATCH = 10;

/** A queue of SQS. */
export function sqsQueue({ client, url, holdSeconds }: SqsQueueProps): Queue {
  return {
    receive: async (most) => {
      // DeadLetterQueueSourceArn: which queue gave a message up.
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
      const command = new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: most,
        VisibilityTimeout: holdSeconds,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageSystemAttributeNames: ['SentTimestamp', 'DeadLetterQueueSourceArn', 'MessageGroupId'],
        MessageAttributeNames: ['All'],
      });
      const answeredAt = answerTime(command);
      const { Messages = [] } = await client.send(command);
      return Messages.map(
        ({ MessageId = '', ReceiptHandle = '', Body = '', Attributes, MessageAttributes }): Message => ({
          messageId: MessageId,
          receiptHandle: ReceiptHandle,
          body: Body,
          sentAt: Number(Attributes?.SentTimestamp ?? 0),
          receivedAt: answeredAt(),
          groupId: Attributes?.MessageGroupId,
          sourceQueueArn: Attributes?.DeadLetterQueueSourceArn,
          attributes: MessageAttributes,
        }),
      );
    },
    giveBack: async (messages) => {
      for (let i = 0; i < messages.length; i += BATCH) {
        const Entries = messages.slice(i, i + BATCH).map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: 0,
        }));
        // The answer's single failures are left aside: a message whose hiding has ended is visible anyway.
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
      }
    },
    delete: async ({ receiptHandle }) => {
      await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receiptHandle }));
    },
    count: () => countMessages(client, url),
  };
}

/**
 * The time of a command's answer, as its Date header says: SQS's clock, rounded down to the second. This machine's clock
 * takes its place where the header is missing.
 */
function answerTime(command: ReceiveMessageCommand): () => number {
  let date: string | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      date = (result.response as { headers?: Record<string, string> } | undefined)?.headers?.date;
      return result;
    },
    { step: 'deserialize', name: 'answerTime' },
  );
  return () => {
    const time = Date.parse(date ?? '');
    return Number.isNaN(time) ? Date.now() : time;
  };
}
