import type { ParseArgsConfig } from 'node:util';
import { globOption, integerOption, patternOption, timeOption } from '../../lib/options';
import type { FailureRecord, StreamBatch } from './failure';

/** Which records are meant: those that fit all of what is given. */
export interface Filter {
  /** What this function failed at, or this queue gave up: its name, or the end of it behind the environment's prefix. */
  readonly source?: string | undefined;
  /** Failed at this time or later, and before that one, in milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** The condition, the class or the message of the error fits. */
  readonly error?: RegExp | undefined;
  /** The key of an upload fits. */
  readonly key?: RegExp | undefined;
  /** Keys or error hold this text; of a stream, its ARN or shard. */
  readonly match?: string | undefined;
}

/** Why a record is not meant. */
export type NotMeant = 'otherSource' | 'otherTime' | 'noMatch';

/** @returns undefined for a record that is meant */
export function notMeant(failure: FailureRecord | StreamBatch, filter: Filter): NotMeant | undefined {
  const { source, since = -Infinity, until = Infinity, error, key, match } = filter;
  const { name } = failure.source;
  if (source !== undefined && name !== source && !name.endsWith(`-${source}`)) return 'otherSource';
  if (failure.failedAt < since || failure.failedAt >= until) return 'otherTime';
  const { errors, keys, texts } = textsOf(failure);
  const fits =
    (error === undefined || errors.some((text) => error.test(text))) &&
    (key === undefined || keys.some((text) => key.test(text))) &&
    (match === undefined || texts.some((text) => text.includes(match)));
  return fits ? undefined : 'noMatch';
}

/** Lambda does not say of a batch of a stream what was in it, nor what was wrong. */
function textsOf(failure: FailureRecord | StreamBatch) {
  if (failure.kind === 'stream') {
    const { streamArn, shardId, condition = '' } = failure.place;
    return { errors: [condition], keys: [], texts: [streamArn, shardId] };
  }
  const { keys, condition = '', errorType = '', errorMessage = '' } = failure;
  return {
    errors: [condition, `${errorType}: ${errorMessage}`],
    keys,
    texts: [...keys, errorType, errorMessage],
  };
}

/** The options that choose records, of `failures` and of `redrive`. */
export const FILTER_OPTIONS = {
  since: { type: 'string' },
  until: { type: 'string' },
  function: { type: 'string' },
  error: { type: 'string' },
  key: { type: 'string' },
  max: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export const FILTER_HELP = `  --since, --until TIME   only what failed since or until then: 2026-01-31, 2026-01-31T04:30Z, or 2h for two hours ago
  --function NAME         only what this function failed at, or this queue gave up
  --error REGEX           only with such an error: condition, class and message
  --key GLOB              only with such a key of an upload: 'uploads/2026/*.csv'; * stands for any text`;

/** Reads {@link FILTER_OPTIONS}, and how many records are dealt with at most. */
export function readFilter(
  values: Readonly<Partial<Record<keyof typeof FILTER_OPTIONS, string | undefined>>>,
  now: number,
): Filter & { readonly max?: number | undefined } {
  const { since, until, error, key, max, function: source } = values;
  return {
    source,
    since: since === undefined ? undefined : timeOption(since, '--since', now),
    until: until === undefined ? undefined : timeOption(until, '--until', now),
    error: error === undefined ? undefined : patternOption(error, '--error'),
    key: key === undefined ? undefined : globOption(key, '--key'),
    max:
      max === undefined ? undefined : integerOption(max, { option: '--max', minimum: 1, maximum: 1_000_000 }),
  };
}
