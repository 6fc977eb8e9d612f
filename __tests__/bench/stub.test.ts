import path from 'node:path';
import { CopyObjectCommand, DeleteObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startStub, type Stub } from '../../bench/lib/stub';

describe('the stub that the bench measures against', () => {
  let stub: Stub;
  let client: S3Client;

  beforeAll(async () => {
    stub = await startStub(path.resolve('.'));
    client = new S3Client({
      endpoint: stub.url,
      region: 'us-east-1',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });

  afterAll(async () => {
    client.destroy();
    await stub.stop();
  });

  const copy = { Bucket: 'b', Key: 'processed/a', CopySource: 'b/uploads/a' };

  it('answers a copy and a delete as the SDK expects them', async () => {
    await expect(client.send(new CopyObjectCommand(copy))).resolves.toMatchObject({
      CopyObjectResult: { ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/u) as string },
    });
    await expect(client.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'a' }))).resolves.toMatchObject({
      $metadata: { httpStatusCode: 204 },
    });
  });

  it('counts requests, and those among them that are conditional, anew each time it is asked', async () => {
    await stub.counts();
    await client.send(new CopyObjectCommand(copy));
    // A condition on one end only does not guard the other.
    await client.send(new CopyObjectCommand({ ...copy, CopySourceIfMatch: '"e"' }));
    await client.send(new CopyObjectCommand({ ...copy, CopySourceIfMatch: '"e"', IfNoneMatch: '*' }));
    await client.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'a' }));
    await client.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'a', IfMatch: '"e"' }));

    const [counted, again] = [await stub.counts(), await stub.counts()];

    expect(counted).toEqual({ copies: 3, guardedCopies: 1, deletes: 2, guardedDeletes: 1, others: 0 });
    expect(again).toEqual({ copies: 0, guardedCopies: 0, deletes: 0, guardedDeletes: 0, others: 0 });
  });

  it('refuses, and counts, what an ordinary move has no need of', async () => {
    await expect(client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'a' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 501 },
    });
    await expect(stub.counts()).resolves.toMatchObject({ others: 1 });
  });

  it('tells what it can do at most', async () => {
    await expect(stub.limit(2, 200)).resolves.toBeGreaterThan(0);
    await expect(stub.counts()).resolves.toMatchObject({ copies: expect.any(Number) as number, others: 0 });
  });
});
