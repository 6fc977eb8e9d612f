import type {
  ListObjectVersionsCommandInput,
  ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { byUtf8 } from '../../tools/operate/audit/history';

/** One line of the listing. */
export interface Listed {
  readonly key: string;
  readonly versionId: string;
  readonly at: number;
  readonly isLatest: boolean;
  /** Left out: a delete marker. */
  readonly content?: { readonly etag: string; readonly size: number };
}

/**
 * ListObjectVersions over `entries` (of each key newest first), `pageSize` a page; every other page is empty and yet not
 * the last, as S3's may be.
 */
export function versionListing(entries: readonly Listed[], pageSize = 1_000) {
  const sorted = [...entries].sort((one, other) => byUtf8(one.key, other.key));
  const asked: ListObjectVersionsCommandInput[] = [];
  let emptyNext = false;

  const send = ({ input }: { input: ListObjectVersionsCommandInput }) => {
    asked.push(input);
    const { Prefix = '', KeyMarker, VersionIdMarker } = input;
    const below = sorted.filter(({ key }) => key.startsWith(Prefix));
    const from = KeyMarker === undefined ? 0 : below.findIndex(after(KeyMarker, VersionIdMarker));
    const rest = from < 0 ? [] : below.slice(from);
    const page = emptyNext ? [] : rest.slice(0, pageSize);
    const truncated = emptyNext || rest.length > page.length;
    const last = page.at(-1);
    const next = last
      ? [encode(last.key), last.versionId]
      : [KeyMarker && encode(KeyMarker), VersionIdMarker];
    emptyNext = truncated && !emptyNext && KeyMarker !== undefined;
    return Promise.resolve(answer(page, truncated ? next : undefined));
  };

  /** The first entry behind the marker. */
  const after = (key: string, versionId: string | undefined) => (entry: Listed) =>
    versionId === undefined
      ? byUtf8(entry.key, key) > 0
      : byUtf8(entry.key, key) > 0 ||
        (entry.key === key && sorted.indexOf(entry) > sorted.findIndex(isVersion(key, versionId)));
  const isVersion = (key: string, versionId: string) => (entry: Listed) =>
    entry.key === key && entry.versionId === versionId;

  return { client: { send } as unknown as Pick<S3Client, 'send'>, asked };
}

function answer(
  page: readonly Listed[],
  next: readonly (string | undefined)[] | undefined,
): Partial<ListObjectVersionsCommandOutput> {
  const entry = ({ key, versionId, at, isLatest }: Listed) => ({
    Key: encode(key),
    VersionId: versionId,
    LastModified: new Date(at),
    IsLatest: isLatest,
  });
  return {
    Versions: page.flatMap((listed) =>
      listed.content === undefined
        ? []
        : [{ ...entry(listed), ETag: `"${listed.content.etag}"`, Size: listed.content.size }],
    ),
    DeleteMarkers: page.filter(({ content }) => content === undefined).map(entry),
    IsTruncated: next !== undefined,
    NextKeyMarker: next?.[0],
    NextVersionIdMarker: next?.[1],
  };
}

/** As S3 encodes keys with EncodingType url: a space is a plus. */
const encode = (key: string): string => encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
