import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { decodeKey } from '../shared/s3-event';
import type { ListedObject } from '../shared/upload-event';
import type { Page, Position } from './sweep';

export interface Listing {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  /** Only keys that start with it. */
  readonly prefix: string;
  /** Keys that start with one of these are left out, and passed over in one step. @default none */
  readonly passOver?: readonly string[];
}

/**
 * A page of the listing: up to 1,000 objects, or none where it met deleted keys alone. Only the token leads past
 * those, so `StartAfter` is for the first page and for the step over a prefix.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 * @throws Error where the answer does not say whether and where the listing goes on
 */
export async function listPage(
  { client, bucket, prefix, passOver = [] }: Listing,
  { after, token }: Position,
  abortSignal?: AbortSignal,
): Promise<Page> {
  const output = await client.send(
    new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      ContinuationToken: token,
      StartAfter: token === undefined ? (behind(passOver, after) ?? after) : undefined,
      EncodingType: 'url', // a key may hold what XML cannot
    }),
    { abortSignal },
  );
  const listed = (output.Contents ?? []).map(
    ({ Key = '', Size = 0, ETag = '', LastModified = new Date(0) }): ListedObject => ({
      key: decodeKey(Key),
      size: Size,
      etag: ETag.replaceAll('"', ''),
      lastModified: LastModified,
    }),
  );
  const objects = listed.filter(({ key }) => !passOver.some((passed) => key.startsWith(passed)));
  const next = nextMarker(bucket, output.IsTruncated, {
    name: 'NextContinuationToken',
    value: output.NextContinuationToken,
  });
  if (next === undefined) return { objects, next };
  const last = listed.at(-1)?.key ?? after;
  const jump = behind(passOver, last);
  if (jump !== undefined) return { objects, next: { after: jump } };
  return { objects, next: { after: last, token: next } };
}

/**
 * What leads to the page after this one; undefined: this is the last.
 * @param isTruncated what the answer says
 * @throws Error where S3 does not say whether the listing goes on, as it always does: what another server answers must
 * not pass for an empty bucket; and where it does not say where: the same page would come again and again
 */
export function nextMarker(
  bucket: string,
  isTruncated: boolean | undefined,
  { name, value }: { readonly name: string; readonly value: string | undefined },
): string | undefined {
  if (isTruncated === undefined) {
    throw new Error(`${bucket}: S3 does not say whether the listing goes on (no IsTruncated)`);
  }
  if (isTruncated && value === undefined) {
    throw new Error(`${bucket}: S3 says that the listing goes on, but not where (no ${name})`);
  }
  return isTruncated ? value : undefined;
}

/** The last code point there is: hardly a key of the prefix comes after it. */
const LAST = '\u{10FFFF}';

/** Where to go on behind the prefix that a key is in; undefined: it is in none, or behind that place already. */
function behind(prefixes: readonly string[], key: string | undefined): string | undefined {
  const prefix = prefixes.find((passed) => key?.startsWith(passed) === true);
  if (prefix === undefined || key === undefined) return undefined;
  const place = `${prefix}${LAST}`;
  return Buffer.compare(Buffer.from(key), Buffer.from(place)) < 0 ? place : undefined;
}
