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
});
