import type { S3Client } from '@aws-sdk/client-s3';
import type { Prefixes } from '../../../handlers/process-upload/prefixes';
import { noteKey } from '../../../handlers/sweep/environment';
import { listPage } from '../../../handlers/sweep/s3-listing';
import type { Page, Position } from '../../../handlers/sweep/sweep';
import { countObjects, type Counted } from '../../lib/count';
import { allPrefixes, knownPrefixes } from '../../lib/prefixes';
import type { Target } from '../../lib/target';

/** Objects under no prefix that the pipeline knows: nobody moves them. A change of prefixes leaves such behind. */
export interface Elsewhere extends Counted {
  /** The first of them. */
  readonly example: string | undefined;
}

/** Behind every key of a prefix, but for keys that go on with this character. */
const LAST = '\u{10FFFF}';

/** The folder of the sweep's note, with what lies beside it. */
const notesPrefix = (prefixes: Prefixes): string => noteKey(prefixes).replace(/sweep$/u, '');

/** Passes over each known prefix in one step. */
export async function countElsewhere(target: Target, client: Pick<S3Client, 'send'>): Promise<Elsewhere> {
  const { uploadBucket: bucket } = target;
  // The notes of the sweeps, and the history of the redrives.
  const notes = [target, ...target.furtherPipelines.map(({ prefixes }) => prefixes)].map(notesPrefix);
  const known = [...knownPrefixes(allPrefixes(target)), ...notes];
  const prefixOf = (key: string): string | undefined => known.find((prefix) => key.startsWith(prefix));
  const list = async (position: Position): Promise<Page> => {
    const { objects, next }: Page = await listPage({ client, bucket, prefix: '' }, position);
    const end = objects.findIndex(({ key }) => prefixOf(key) !== undefined);
    if (end < 0) return { objects, next };
    const prefix = prefixOf(objects[end]?.key ?? '') ?? '';
    return { objects: objects.slice(0, end), next: { after: `${prefix}${LAST}` } };
  };
  // With an empty prefix the whole bucket is known; in a bucket of others, what lies elsewhere is theirs.
  const isKnown = known.includes('') || target.bucketOwner === 'another';
  const { number, atLeast, example } = await countObjects(list, { start: isKnown ? null : {} });
  return { number, atLeast, example };
}
