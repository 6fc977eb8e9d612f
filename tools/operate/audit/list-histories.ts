import {
  ListObjectVersionsCommand,
  type DeleteMarkerEntry,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  type S3Client,
} from '@aws-sdk/client-s3';
import { decodeKey } from '../../../handlers/shared/s3-event';
import { nextMarker } from '../../../handlers/sweep/s3-listing';
import { byUtf8, type Entry, type KeyHistory, type StoredVersion } from './history';

export interface VersionListing {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  /** Only keys that start so. */
  readonly prefix: string;
  /** Keys that start with one of these are left out. @default none */
  readonly passOver?: readonly string[];
  readonly signal: AbortSignal;
}

type Marker = Pick<ListObjectVersionsCommandOutput, 'NextKeyMarker' | 'NextVersionIdMarker'>;

/** No key is behind it: the last code point there is. */
const LAST = '\u{10FFFF}';

/**
 * The history of every key below a prefix, in S3's order. The next page is asked for while the last one is read, and no
 * more than two are kept.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export async function* listHistories(listing: VersionListing): AsyncGenerator<KeyHistory> {
  const { passOver = [] } = listing;
  let last: KeyHistory | undefined;
  for await (const page of pages(listing)) {
    for (const history of historiesOf(page)) {
      if (passOver.some((prefix) => history.key.startsWith(prefix))) continue;
      if (last?.key === history.key) {
        last = join(last, history); // a page ends anywhere, in the middle of a key too
        continue;
      }
      if (last !== undefined) yield last;
      last = history;
    }
  }
  if (last !== undefined) yield last;
}

async function* pages(listing: VersionListing): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let next: Promise<ListObjectVersionsCommandOutput> | undefined = ask(listing, {});
  while (next !== undefined) {
    const page: ListObjectVersionsCommandOutput = await next;
    const value = page.NextKeyMarker;
    const marker = nextMarker(listing.bucket, page.IsTruncated, { name: 'NextKeyMarker', value });
    next = marker === undefined ? undefined : ask(listing, continuation(page, listing.passOver));
    next?.catch(() => undefined); // it is awaited above, but a reader that stops early never comes there
    yield page;
  }
}

/** Where the next page begins. A page may be empty and yet not the last: only S3's own marker is sure to go on. */
function continuation(
  { NextKeyMarker, NextVersionIdMarker }: Marker,
  passOver: readonly string[] = [],
): Marker {
  const key = decodeKey(NextKeyMarker ?? '');
  const ends = passOver.filter((prefix) => key.startsWith(prefix)).map((prefix) => `${prefix}${LAST}`);
  const end = ends.find((candidate) => byUtf8(key, candidate) < 0);
  return end === undefined ? { NextKeyMarker: key, NextVersionIdMarker } : { NextKeyMarker: end };
}

const ask = ({ client, bucket, prefix, signal }: VersionListing, from: Marker) =>
  client.send(
    new ListObjectVersionsCommand({
      Bucket: bucket,
      Prefix: prefix,
      KeyMarker: from.NextKeyMarker,
      VersionIdMarker: from.NextVersionIdMarker,
      EncodingType: 'url', // a key may hold what XML cannot
    }),
    { abortSignal: signal },
  );

/** A page as histories, in order: S3 sends versions and delete markers as two lists. */
function historiesOf({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): KeyHistory[] {
  const histories = new Map<string, { versions: StoredVersion[]; deleteMarkers: Entry[] }>();
  const historyOf = (encoded = '') => {
    const known = histories.get(encoded);
    if (known) return known;
    const made = { versions: [], deleteMarkers: [] };
    histories.set(encoded, made);
    return made;
  };
  for (const version of Versions) {
    const { ETag = '', Size = 0 } = version;
    historyOf(version.Key).versions.push({
      ...entryOf(version),
      etag: ETag.replaceAll('"', ''),
      size: Size,
    });
  }
  for (const marker of DeleteMarkers) historyOf(marker.Key).deleteMarkers.push(entryOf(marker));
  return [...histories]
    .map(([encoded, history]) => ({ key: decodeKey(encoded), ...history }))
    .sort((one, other) => byUtf8(one.key, other.key));
}

const entryOf = ({
  VersionId = 'null',
  LastModified,
  IsLatest = false,
}: ObjectVersion | DeleteMarkerEntry): Entry => ({
  versionId: VersionId,
  at: LastModified?.getTime() ?? 0,
  isLatest: IsLatest,
});

const join = (one: KeyHistory, other: KeyHistory): KeyHistory => ({
  key: one.key,
  versions: [...one.versions, ...other.versions],
  deleteMarkers: [...one.deleteMarkers, ...other.deleteMarkers],
});
