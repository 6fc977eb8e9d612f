import type { HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { carriedOver } from '../../../handlers/process-upload/carried-over';

const signal = new AbortController().signal;
const bucket = {
  client: { send: () => Promise.reject(new Error('no request')) } as unknown as S3Client,
  bucket: 'b',
  signal,
};

/** As S3 tells them of an object. */
const HEADERS = {
  Metadata: { owner: 'us' },
  CacheControl: 'no-cache',
  ContentDisposition: 'attachment; filename="report.csv"',
  ContentEncoding: 'gzip',
  ContentLanguage: 'de',
  ContentType: 'text/csv',
  StorageClass: 'STANDARD_IA',
  ServerSideEncryption: 'aws:kms',
  SSEKMSKeyId: 'key',
  BucketKeyEnabled: true,
} as const;

const head = (more: Partial<HeadObjectCommandOutput> = {}): HeadObjectCommandOutput => ({
  $metadata: {},
  ...HEADERS,
  ...more,
});

describe('what a copy in parts is told', () => {
  it('is every header that S3 keeps of the original', async () => {
    const expires = 'Wed, 21 Oct 2026 07:28:00 GMT';

    await expect(carriedOver(bucket, 'k', head({ ExpiresString: expires }))).resolves.toEqual({
      ...HEADERS,
      Expires: new Date(expires),
      Tagging: undefined,
    });
  });

  it.each([undefined, 'no date'])(
    'has no time of expiry where the original has %p',
    async (ExpiresString) => {
      await expect(carriedOver(bucket, 'k', head({ ExpiresString }))).resolves.toMatchObject({
        Expires: undefined,
      });
    },
  );
});
