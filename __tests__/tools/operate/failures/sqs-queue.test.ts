import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { sqsQueue } from '../../../../tools/operate/failures/sqs-queue';

const sqs = mockClient(SQSClient);
const queue = sqsQueue({ client: new SQSClient({}), url: 'https://queue', holdSeconds: 120 });
const message = (i: number) => ({
  messageId: `m${i}`,
  receiptHandle: `r${i}`,
  body: '',
  sentAt: 0,
  receivedAt: 0,
});

beforeEach(() => {
  sqs.reset();
});

describe('sqsQueue', () => {
  it('hides what it receives for a while, and asks all of the queue’s servers where each came from', async () => {
    const attributes = { tenant: { DataType: 'String', StringValue: 'a' } };
    sqs.on(ReceiveMessageCommand).resolves({
      Messages: [
        {
          MessageId: 'm',
          ReceiptHandle: 'r',
          Body: 'b',
          Attributes: { SentTimestamp: '42', DeadLetterQueueSourceArn: 'arn:jobs' },
          MessageAttributes: attributes,
        },
      ],
    });

    await expect(queue.receive(7)).resolves.toMatchObject([
      { messageId: 'm', receiptHandle: 'r', body: 'b', sentAt: 42, sourceQueueArn: 'arn:jobs', attributes },
    ]);
    expect(sqs.commandCalls(ReceiveMessageCommand)[0]?.args[0].input).toEqual({
      QueueUrl: 'https://queue',
      MaxNumberOfMessages: 7,
      VisibilityTimeout: 120,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['SentTimestamp', 'DeadLetterQueueSourceArn', 'MessageGroupId'],
      MessageAttributeNames: ['All'],
    });
  });

  it('answers nothing for an empty queue', async () => {
    sqs.on(ReceiveMessageCommand).resolves({});

    await expect(queue.receive(10)).resolves.toEqual([]);
  });

  it('gives messages back by tens, with ids of their own in each request', async () => {
    sqs.on(ChangeMessageVisibilityBatchCommand).resolves({});

    await queue.giveBack(Array.from({ length: 25 }, (_, i) => message(i)));

    const calls = sqs.commandCalls(ChangeMessageVisibilityBatchCommand).map((call) => call.args[0].input);
    const entries = calls.map(({ Entries = [] }) => Entries);
    expect(entries.map(({ length }) => length)).toEqual([10, 10, 5]);
    for (const batch of entries) expect(new Set(batch.map(({ Id }) => Id)).size).toBe(batch.length);
    expect(entries.flat()[24]).toEqual({ Id: '4', ReceiptHandle: 'r24', VisibilityTimeout: 0 });
  });

  it('deletes by the receipt', async () => {
    sqs.on(DeleteMessageCommand).resolves({});

    await queue.delete(message(3));

    expect(sqs.commandCalls(DeleteMessageCommand)[0]?.args[0].input).toEqual({
      QueueUrl: 'https://queue',
      ReceiptHandle: 'r3',
    });
  });

  it('counts the messages that wait, and those that someone holds', async () => {
    sqs
      .on(GetQueueAttributesCommand, {
        QueueUrl: 'https://queue',
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      })
      .resolves({
        Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '2' },
      });

    await expect(queue.count()).resolves.toEqual({ visible: 3, hidden: 2 });
  });
});
