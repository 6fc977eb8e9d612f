import { processedPrefixes, watchedPrefixes, type Prefixes } from '../process-upload/prefixes';
import { listPage, type Listing } from './s3-listing';
import type { Page, Position } from './sweep';

/** A bucket, and the prefixes of a pipeline in it. */
type Pipeline = Pick<Listing, 'client' | 'bucket'> & { readonly prefixes: Prefixes };

/** A page of the listing of all upload prefixes, one after the other. */
export async function listUploads(
  { client, bucket, prefixes }: Pipeline,
  position: Position,
  signal?: AbortSignal,
): Promise<Page> {
  const uploads = watchedPrefixes(prefixes);
  const { after } = position;
  const index = uploads.findIndex((prefix) => after === undefined || !isBehind(after, prefix));
  const prefix = uploads[index];
  if (prefix === undefined) return { objects: [], next: undefined };
  const passOver = processedPrefixes(prefixes);
  const page = await listPage({ client, bucket, prefix, passOver }, position, signal);
  const following = uploads[index + 1];
  return page.next === undefined && following !== undefined
    ? { ...page, next: { after: justBefore(following) } }
    : page;
}

/** Whether a key comes after all those that start with a prefix. */
const isBehind = (key: string, prefix: string): boolean =>
  !key.startsWith(prefix) && Buffer.compare(Buffer.from(key), Buffer.from(prefix)) > 0;

/**
 * A place before every key of a prefix, and behind those of the prefixes before it: to start after the prefix itself
 * would leave out the object that has its name.
 * @param prefix ends with `/`, which comes next to `.`
 */
const justBefore = (prefix: string): string => `${prefix.slice(0, -1)}.\u{10FFFF}`;
