import { GetObjectCommand, NoSuchKey, S3Client, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { readStateOutputs } from '../../../tools/lib/state';
import { temporaryFolder } from '../local/temporary-folder';

const STATE = JSON.stringify({
  version: 4,
  outputs: { upload_bucket: { value: 'bucket', type: 'string' }, count: { value: 3, type: 'number' } },
});

describe('the outputs in a state', () => {
  const folder = temporaryFolder();
  const read = () =>
    readStateOutputs({ root: folder.path, state: { type: 'local', path: 'terraform.dev.tfstate' } });

  it('are read from the file that the settings name, without Terraform', async () => {
    folder.write('terraform.dev.tfstate', STATE);
    folder.write('terraform.prod.tfstate', '{}');

    await expect(read()).resolves.toEqual({ upload_bucket: 'bucket', count: undefined });
  });

  it('are none where nothing was deployed', async () => {
    await expect(read()).resolves.toBeUndefined();
  });

  it.each([
    ['an encrypted state', '{"encrypted_data": "…", "encryption_version": "v0"}'],
    ['another format', '{"version": 5}'],
    ['half a file', '{"version": 4, "outputs"'],
  ])('are not guessed from %s', async (_, text) => {
    folder.write('terraform.dev.tfstate', text);

    await expect(read()).rejects.toThrow(
      /^terraform\.dev\.tfstate: expected a Terraform state of format version 4 that is not encrypted[\s\S]*UPLOAD_BUCKET/u,
    );
  });

  describe('in a bucket', () => {
    const s3 = mockClient(S3Client);
    afterEach(() => s3.reset());
    const inBucket = () =>
      readStateOutputs({
        root: folder.path,
        state: { type: 's3', bucket: 'states', key: 'a/terraform.tfstate', region: 'eu-west-1' },
      });

    it('are read from the object', async () => {
      const Body = { transformToString: () => Promise.resolve(STATE) } as GetObjectCommandOutput['Body'];
      s3.on(GetObjectCommand, { Bucket: 'states', Key: 'a/terraform.tfstate' }).resolves({ Body });

      await expect(inBucket()).resolves.toMatchObject({ upload_bucket: 'bucket' });
    });

    it('are none where there is no object', async () => {
      s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'no', $metadata: {} }));

      await expect(inBucket()).resolves.toBeUndefined();
    });
  });
});
