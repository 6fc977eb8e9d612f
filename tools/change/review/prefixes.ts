import { parsePairs, type PrefixPair } from '../../../handlers/process-upload/prefixes';
import { blocksOf, fateOf, textOf, type JsonObject, type Plan, type ResourceChange } from './plan';

/** A prefix that a change leaves behind: nobody moves what lies below it any more. */
export interface LeftBehind {
  readonly resource: ResourceChange;
  readonly prefix: string;
  /** What becomes of what lies below it. */
  readonly what: string;
}

/**
 * The prefixes of functions that move uploads which a plan takes away without keeping them as former ones. Another
 * function of the plan may take them over: it is the prefix that must be served, not by whom.
 */
export function leftBehind(plan: Plan): LeftBehind[] {
  const functions = (plan.resource_changes ?? []).filter(({ type }) => type === 'aws_lambda_function');
  const after = functions.flatMap(({ change }) => pairsIn(change.after) ?? []);
  return functions.flatMap((resource) => {
    const fate = fateOf(resource);
    const before = pairsIn(resource.change.before);
    if (before === undefined || fate === 'unchanged' || bucketsEnd(plan)) return [];
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

/** Whether every bucket of the plan goes: what lies in them is told with them. */
const bucketsEnd = (plan: Plan): boolean => {
  const buckets = (plan.resource_changes ?? []).filter(({ type }) => type === 'aws_s3_bucket');
  return buckets.length > 0 && buckets.every((bucket) => fateOf(bucket) === 'destroyed');
};

/** The pairs that a function's variables name; undefined where it moves no uploads. */
function pairsIn(attributes: JsonObject | null | undefined): readonly PrefixPair[] | undefined {
  const [environment] = blocksOf(attributes?.environment);
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
