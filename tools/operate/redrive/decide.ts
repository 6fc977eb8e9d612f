import type { FailureRecord, StreamBatch } from '../failures/failure';
import type { Message } from '../failures/queue';
import { readMessage } from '../failures/record';
import { unservedKeys, type Served } from '../failures/unserved';

/** What is to be sent again. */
export interface Selection extends Served {
  /** Only what this function failed at, or this queue gave up; without a qualifier. @default all */
  readonly source?: string | undefined;
  /** Only records whose keys or error hold this text; of a stream, its ARN or shard. @default all */
  readonly match?: string | undefined;
  /** Also records of which the function says that trying again cannot help. @default false */
  readonly includePermanent?: boolean;
}

/** Why a record stays where it is. */
export type Skipped = 'foreign' | 'otherSource' | 'noMatch' | 'permanent' | 'unserved' | 'tooLarge';

export type Decision =
  | { readonly do: 'send'; readonly record: FailureRecord }
  | { readonly do: 'reread'; readonly batch: StreamBatch }
  | { readonly do: 'skip'; readonly why: Skipped };

/** The largest event that Lambda accepts asynchronously, in bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MOST_EVENT_BYTES = 1_048_576;

/** What becomes of a message. */
export function decide(message: Message, selection: Selection): Decision {
  const failure = readMessage(message, selection.mover);
  if (failure.kind === 'foreign') return { do: 'skip', why: 'foreign' };
  const { source, match, includePermanent = false } = selection;
  if (source !== undefined && failure.source.name !== source) return { do: 'skip', why: 'otherSource' };
  if (match !== undefined && !textsOf(failure).some((text) => text.includes(match)))
    return { do: 'skip', why: 'noMatch' };
  if (failure.kind === 'stream') return { do: 'reread', batch: failure };
  if (!includePermanent) {
    if (failure.permanent) return { do: 'skip', why: 'permanent' };
    // One upload that can be moved is worth sending the event.
    const { length: unserved } = unservedKeys(failure, selection);
    if (unserved > 0 && unserved === failure.keys.length) return { do: 'skip', why: 'unserved' };
  }
  // A queue takes what it held before.
  if (failure.source.kind === 'function' && Buffer.byteLength(failure.payload) > MOST_EVENT_BYTES)
    return { do: 'skip', why: 'tooLarge' };
  return { do: 'send', record: failure };
}

const textsOf = (failure: FailureRecord | StreamBatch): readonly string[] =>
  failure.kind === 'stream'
    ? [failure.place.streamArn, failure.place.shardId]
    : [...failure.keys, failure.errorType ?? '', failure.errorMessage ?? ''];
