import { GetObjectTaggingCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Bucket } from './object-store';

/** What CopyObject takes along by itself, and a multipart upload has to be told. */
export async function carriedOver(
  { client, bucket, signal }: Bucket,
  key: string,
  source: HeadObjectCommandOutput,
) {
  const expires = new Date(source.ExpiresString ?? '');
  return {
    Metadata: source.Metadata,
    CacheControl: source.CacheControl,
    ContentDisposition: source.ContentDisposition,
    ContentEncoding: source.ContentEncoding,
    ContentLanguage: source.ContentLanguage,
    ContentType: source.ContentType,
    Expires: Number.isNaN(expires.valueOf()) ? undefined : expires,
    StorageClass: source.StorageClass,
    ServerSideEncryption: source.ServerSideEncryption,
    SSEKMSKeyId: source.SSEKMSKeyId,
    BucketKeyEnabled: source.BucketKeyEnabled,
    Tagging: source.TagCount === undefined ? undefined : await tagging(),
  };

  async function tagging(): Promise<string> {
    const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: key });
    const { TagSet = [] } = await client.send(command, { abortSignal: signal });
    return new URLSearchParams(
      TagSet.map(({ Key = '', Value = '' }): [string, string] => [Key, Value]),
    ).toString();
  }
}
