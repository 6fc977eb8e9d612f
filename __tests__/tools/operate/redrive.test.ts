import { S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { main } from '../../../tools/operate/redrive';
import { runMain } from '../../support/tool';

const ENV = {
  AWS_REGION: 'eu-west-1',
  UPLOAD_BUCKET: 'bucket',
  UPLOAD_PREFIX: 'uploads/',
  PROCESSED_PREFIX: 'processed/',
  FAILURE_QUEUE_URL: 'https://sqs/failures',
  FIFO_FAILURE_QUEUE_URL: 'https://sqs/failures.fifo',
  PROCESS_UPLOAD_FUNCTION: 'upload-pipeline-dev-process-upload',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
};

describe('npm run redrive', () => {
  it('receives from every failure queue no more than it can send while the messages are hidden', async () => {
    mockClient(S3Client);
    mockClient(STSClient).on(GetCallerIdentityCommand).resolves({ Arn: 'arn:aws:iam::123456789012:user/us' });
    const sqs = mockClient(SQSClient);
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: {} });
    sqs.on(ReceiveMessageCommand).resolves({});

    await expect(runMain(main, ['--rate', '1', '--hold', '5'], ENV)).resolves.toMatchObject({
      status: 0,
      stdout: '0 records redriven\n',
    });

    // Two in 5 s at 1/s leave half of the time for what is slow.
    const asked = { MaxNumberOfMessages: 2, VisibilityTimeout: 5 };
    const received = sqs.commandCalls(ReceiveMessageCommand).map(({ args: [{ input }] }) => input);
    expect(received.length).toBeGreaterThan(1);
    for (const input of received) expect(input).toMatchObject(asked);
    expect(new Set(received.map(({ QueueUrl }) => QueueUrl))).toEqual(
      new Set([ENV.FAILURE_QUEUE_URL, ENV.FIFO_FAILURE_QUEUE_URL]),
    );
  });
});
