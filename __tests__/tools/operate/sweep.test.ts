import { GetFunctionConcurrencyCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { main } from '../../../tools/operate/sweep';
import { runMain } from '../../support/tool';

const s3 = mockClient(S3Client);

const ENV = {
  AWS_REGION: 'eu-west-1',
  UPLOAD_BUCKET: 'bucket',
  UPLOAD_PREFIX: 'uploads/',
  PROCESSED_PREFIX: 'processed/',
  FAILURE_QUEUE_URL: 'https://sqs/failures',
  PROCESS_UPLOAD_FUNCTION: 'upload-pipeline-dev-process-upload',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
};

const sweepOf = (...keys: string[]) => {
  const Contents = keys.map((Key) => ({ Key, Size: 1, ETag: '"e"', LastModified: new Date(0) }));
  s3.on(ListObjectsV2Command).resolves({ Contents, IsTruncated: false });
  return runMain(main, ['--dry-run'], ENV);
};

describe('npm run sweep', () => {
  it('ends 0 where every upload can be moved', async () => {
    await expect(sweepOf('uploads/a.csv')).resolves.toMatchObject({ status: 0 });
  });

  it('ends 3 where one never can, and names it', async () => {
    const key = `uploads/${'0'.repeat(1024 - 'uploads/'.length)}`;

    await expect(sweepOf('uploads/a.csv', key)).resolves.toMatchObject({
      status: 3,
      stdout: expect.stringContaining(key) as string,
    });
  });

  it('has each upload processed by the pipeline that serves it', async () => {
    const further = [
      { pairs: [{ upload: 'invoices/', processed: 'paid/' }], function: 'upload-pipeline-dev-invoices' },
    ];
    const lambda = mockClient(LambdaClient);
    lambda.on(GetFunctionConcurrencyCommand).resolves({});
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
    const listed = (Prefix: string, Key: string) =>
      s3.on(ListObjectsV2Command, { Prefix }).resolves({
        Contents: [{ Key, Size: 1, ETag: '"e"', LastModified: new Date(0) }],
        IsTruncated: false,
      });
    listed('uploads/', 'uploads/a');
    listed('invoices/', 'invoices/b');
    const env = { ...ENV, FURTHER_PIPELINES: JSON.stringify(further) };

    await expect(runMain(main, [], env)).resolves.toMatchObject({
      status: 0,
      stdout: expect.stringContaining('2 uploads resubmitted') as string,
    });
    const sent = lambda.commandCalls(InvokeCommand).map(({ args: [{ input }] }) => [
      input.FunctionName,
      Buffer.from((input.Payload ?? '') as Uint8Array)
        .toString()
        .includes('invoices/b'),
    ]);
    expect(sent).toEqual([
      ['upload-pipeline-dev-invoices', true],
      ['upload-pipeline-dev-process-upload', false],
    ]);
  });

  it('names what was left alone for its age', async () => {
    s3.on(ListObjectsV2Command).resolves({
      Contents: [{ Key: 'uploads/a', Size: 1, ETag: '"e"', LastModified: new Date() }],
      IsTruncated: false,
    });

    await expect(runMain(main, ['--dry-run'], ENV)).resolves.toMatchObject({
      status: 0,
      stdout: expect.stringContaining(
        '0 uploads waiting, 1 upload younger than 15 min; 1 object looked at',
      ) as string,
    });
  });
});
