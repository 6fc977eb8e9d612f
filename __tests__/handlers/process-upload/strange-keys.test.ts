import { S3Client } from '@aws-sdk/client-s3';
import { s3Store } from '../../../handlers/process-upload/s3-store';
import { s3ClientConfig } from '../../../handlers/shared/s3-client';
import { handleEvent } from '../../../handlers/process-upload/handle-event';
import { s3Event } from '../../support/events';
import { S3Model } from '../../support/s3-model';
import { s3Server, type S3Server } from '../../support/s3-server';
import { STRANGE_KEYS } from '../../support/strange-keys';
import { dependencies } from '../../support/dependencies';

const model = new S3Model();
let server: S3Server;
let client: S3Client;

beforeAll(async () => {
  server = await s3Server(model);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = s3ClientConfig({ AWS_ENDPOINT_URL: server.url, AWS_REGION: 'eu-west-1' });
  client = new S3Client({ ...config, endpoint: server.url, credentials });
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

test.each(STRANGE_KEYS)('moves a key with %s over the wire', async (_what, key) => {
  const { etag, size } = model.put(key, `content of ${key}`);

  await handleEvent(
    s3Event({ key, etag, size }),
    dependencies({ openStore: (bucket, signal) => s3Store({ client, bucket, signal }) }),
  );

  expect(model.current(key)).toBeUndefined();
  expect(model.current(`processed/${key.slice('uploads/'.length)}`)?.content).toBe(`content of ${key}`);
});
