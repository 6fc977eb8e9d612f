import type { S3Client } from '@aws-sdk/client-s3';
import { isFolderMarker } from '../../../handlers/process-upload/keys';
import { noteKey } from '../../../handlers/sweep/environment';
import { listPage } from '../../../handlers/sweep/s3-listing';
import type { Page, Position } from '../../../handlers/sweep/sweep';
import { knownPrefixes } from '../../lib/prefixes';
import type { Target } from '../../lib/target';

/** A number of objects, and whether it is all of them. */
export interface Counted {
  readonly number: number;
  /** Only so many were counted: there may be more. */
  readonly atLeast: boolean;
}

/** Objects under no prefix that the pipeline knows: nobody moves them. A change of prefixes leaves such behind. */
export interface Elsewhere extends Counted {
  /** The first of them. */
  readonly example: string | undefined;
}

/** Behind every key of a prefix, but for keys that go on with this character. */
const LAST = '\u{10FFFF}';

/** @param mostPages how many pages of the listing are read at most */
export async function countElsewhere(
  target: Target,
  client: Pick<S3Client, 'send'>,
  mostPages: number,
): Promise<Elsewhere> {
  const { uploadBucket: bucket } = target;
  const known = [...knownPrefixes(target), noteKey(target)];
  const prefixOf = (key: string): string | undefined => known.find((prefix) => key.startsWith(prefix));
  let number = 0;
  let example: string | undefined;
  // With an empty prefix the whole bucket is known; in a bucket of others, what lies elsewhere is theirs.
  let next: Position | undefined = known.includes('') || target.bucketOwner === 'another' ? undefined : {};
  for (let page = 0; next !== undefined && page < mostPages; page += 1) {
    const { objects, next: goesOn }: Page = await listPage({ client, bucket, prefix: '' }, next);
    const end = objects.findIndex(({ key }) => prefixOf(key) !== undefined);
    const found = (end < 0 ? objects : objects.slice(0, end)).filter(
      ({ key, size }) => !isFolderMarker(key, size),
    );
    number += found.length;
    example ??= found[0]?.key;
    const prefix = end < 0 ? undefined : prefixOf(objects[end]?.key ?? '');
    next = prefix === undefined ? goesOn : { after: `${prefix}${LAST}` };
  }
  return { number, atLeast: next !== undefined, example };
}
