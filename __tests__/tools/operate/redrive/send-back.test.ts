import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import type { FailureRecord } from '../../../../tools/operate/failures/failure';
import { readMessage } from '../../../../tools/operate/failures/record';
import { sendBackBy } from '../../../../tools/operate/redrive/send-back';
import { givenUpBy, writtenBeside } from '../../../support/failure-records';

const sqs = mockClient(SQSClient);
const sendBack = sendBackBy(
  new SQSClient({}),
  'https://sqs.eu-west-1.amazonaws.com/123456789012/acme-failures',
);
const record = readMessage(
  {
    messageId: 'm',
    receiptHandle: 'r',
    body: '{"order": 1}',
    sentAt: 0,
    receivedAt: 0,
    ...writtenBeside({ tenant: 'a' }),
    ...givenUpBy('acme-jobs'),
  },
  'mover',
) as FailureRecord;

beforeEach(() => {
  sqs.reset();
});

describe('sending a message back to its queue', () => {
  it('sends it to the queue beside the failure queue, byte for byte, with its attributes', async () => {
    sqs.on(SendMessageCommand).resolves({ MessageId: 'new' });

    await expect(sendBack(record)).resolves.toBe('accepted');
    expect(sqs.commandCalls(SendMessageCommand)[0]?.args[0].input).toEqual({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/acme-jobs',
      MessageBody: '{"order": 1}',
      MessageAttributes: { tenant: { DataType: 'String', StringValue: 'a' } },
    });
  });

  it('sends it to a FIFO queue in its group, once for each time that it was given up', async () => {
    sqs.on(SendMessageCommand).resolves({ MessageId: 'new' });
    const fifo = readMessage(
      {
        messageId: 'given-up',
        receiptHandle: 'r',
        body: '{}',
        sentAt: 0,
        receivedAt: 0,
        groupId: 'customer-1',
        ...givenUpBy('acme-jobs.fifo'),
      },
      'mover',
    ) as FailureRecord;

    await expect(sendBack(fifo)).resolves.toBe('accepted');
    expect(sqs.commandCalls(SendMessageCommand)[0]?.args[0].input).toMatchObject({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/acme-jobs.fifo',
      MessageGroupId: 'customer-1',
      MessageDeduplicationId: 'given-up',
    });
  });

  it('takes nothing but a message ID for an acceptance', async () => {
    sqs.on(SendMessageCommand).resolves({});

    await expect(sendBack(record)).resolves.toEqual({ refused: 'SQS answered without a message ID' });
  });

  it('says why SQS refuses', async () => {
    sqs
      .on(SendMessageCommand)
      .rejects(Object.assign(new Error('no such queue'), { name: 'QueueDoesNotExist' }));

    await expect(sendBack(record)).resolves.toEqual({ refused: 'QueueDoesNotExist: no such queue' });
  });
});
