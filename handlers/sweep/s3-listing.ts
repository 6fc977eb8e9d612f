import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { decodeKey } from '../process-upload/keys';
import type { ListedObject } from '../shared/upload-event';
import type { Page } from './sweep';

export interface Listing {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  /** Only keys that start so. */
  readonly prefix: string;
  /** Keys that start so are passed over in one step. @default none */
  readonly passOver?: string;
}

/** No key is behind it: the last code point there is. */
const LAST = '\u{10FFFF}';

/**
 * A page of the listing, up to 1,000 objects, starting after a key instead of a token: a token is not for keeping.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export async function listPage(listing: Listing, after: string | undefined): Promise<Page> {
  const { client, bucket, prefix, passOver } = listing;
  const { Contents = [], IsTruncated = false } = await client.send(
    new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      StartAfter:
        passOver !== undefined && after?.startsWith(passOver) === true ? `${passOver}${LAST}` : after,
      EncodingType: 'url', // a key may hold what XML cannot
    }),
  );
  const objects = Contents.map(
    ({ Key = '', Size = 0, ETag = '', LastModified = new Date(0) }): ListedObject => ({
      key: decodeKey(Key),
      size: Size,
      etag: ETag.replaceAll('"', ''),
      lastModified: LastModified,
    }),
  );
  return { objects, more: IsTruncated };
}
