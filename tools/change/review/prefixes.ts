import type { S3Client } from '@aws-sdk/client-s3';
import { isFolderMarker } from '../../../handlers/process-upload/keys';
import { parsePairs, type PrefixPair } from '../../../handlers/process-upload/prefixes';
import { listPage } from '../../../handlers/sweep/s3-listing';
import type { Page, Position } from '../../../handlers/sweep/sweep';
import { fateOf, textOf, type Json, type JsonObject, type Plan, type ResourceChange } from './plan';

/** A prefix that a change leaves behind: nobody moves what lies below it any more. */
export interface LeftBehind {
  readonly resource: ResourceChange;
  readonly prefix: string;
  /** What becomes of what lies below it. */
  readonly what: string;
}

/** How many objects lie below a prefix: `12`, `20000 or more`; undefined where the bucket could not be asked. */
export type Counts = ReadonlyMap<string, string | undefined>;

/** The prefixes of functions that move uploads which a plan takes away without keeping them as former ones. */
export function leftBehind(plan: Plan): LeftBehind[] {
  return (plan.resource_changes ?? []).flatMap((resource) => {
    const [before, after] = [resource.change.before, resource.change.after].map(pairsIn);
    if (resource.type !== 'aws_lambda_function' || fateOf(resource) !== 'updated') return [];
    if (before === undefined || after === undefined) return [];
    const unserved = before.filter(({ upload }) => !after.some((pair) => upload.startsWith(pair.upload)));
    // Below an upload prefix what was processed counts as an upload, unless the pair is known.
    const undone = before.filter(
      ({ processed }) =>
        after.some(({ upload }) => processed.startsWith(upload)) &&
        !after.some((pair) => processed.startsWith(pair.processed)),
    );
    return [
      ...unserved.map(({ upload }) => ({
        resource,
        prefix: upload,
        what: 'stays there: no event and no sweep moves it any more',
      })),
      ...undone.map(({ processed }) => ({
        resource,
        prefix: processed,
        what: 'counts as uploaded: it is processed and moved once more',
      })),
    ];
  });
}

/** The pairs that a function's variables name; undefined where it moves no uploads. */
function pairsIn(attributes: JsonObject | null | undefined): readonly PrefixPair[] | undefined {
  const [environment] = (attributes?.environment ?? []) as readonly Json[];
  const { variables } = (environment ?? {}) as { variables?: JsonObject };
  const {
    UPLOAD_PREFIX: upload,
    PROCESSED_PREFIX: processed,
    ON_EXISTING,
    FORMER_PREFIXES,
  } = variables ?? {};
  if (typeof upload !== 'string' || typeof processed !== 'string' || ON_EXISTING === undefined)
    return undefined;
  return [{ upload, processed }, ...(parsePairs(textOf(FORMER_PREFIXES)) ?? [])];
}

/** How many pages of a listing are read at most: 20,000 objects. */
const MOST_PAGES = 20;

/** Asks the bucket what lies below the prefixes that a plan leaves behind. Nobody is asked where it leaves none. */
export async function countLeftBehind(plan: Plan, client: () => Pick<S3Client, 'send'>): Promise<Counts> {
  const bucket = textOf(plan.output_changes?.upload_bucket?.before);
  const prefixes = [...new Set(leftBehind(plan).map(({ prefix }) => prefix))];
  const counts = await Promise.all(
    prefixes.map(async (prefix) => {
      try {
        return [prefix, await count({ client: client(), bucket, prefix })] as const;
      } catch {
        // Without credentials, as in a review of a plan's file, the number is what is missing, not the review.
        return [prefix, undefined] as const;
      }
    }),
  );
  return new Map(counts);
}

async function count(listing: Parameters<typeof listPage>[0]): Promise<string> {
  let number = 0;
  let next: Position | undefined = {};
  for (let page = 0; next !== undefined && page < MOST_PAGES; page += 1) {
    const { objects, next: goesOn }: Page = await listPage(listing, next);
    number += objects.filter(({ key, size }) => !isFolderMarker(key, size)).length;
    next = goesOn;
  }
  return next === undefined ? String(number) : `${number} or more`;
}
