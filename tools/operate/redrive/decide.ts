import type { FailureRecord, Message, StreamBatch } from '../failures/record';
import { readMessage } from '../failures/record';

/** What is to be sent again. */
export interface Selection {
  /** Name of process-upload, which takes what its ways gave up. */
  readonly mover: string;
  /** Only records of this function. @default all */
  readonly functionName?: string | undefined;
  /** Only records whose keys or error hold this text; of a stream, its ARN or shard. @default all */
  readonly match?: string | undefined;
  /** Also what trying again cannot mend. @default false */
  readonly includePermanent?: boolean;
}

/** Why a record stays where it is. */
export type Skipped = 'foreign' | 'otherFunction' | 'noMatch' | 'permanent' | 'tooLarge';

export type Decision =
  | { readonly do: 'send'; readonly record: FailureRecord; readonly payload: string }
  | { readonly do: 'reread'; readonly batch: StreamBatch }
  | { readonly do: 'skip'; readonly why: Skipped };

/** What Lambda accepts asynchronously, in bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MOST_EVENT_BYTES = 1_048_576;

/** What becomes of a message. */
export function decide(message: Message, selection: Selection): Decision {
  const failure = readMessage(message, selection.mover);
  if (failure.kind === 'foreign') return { do: 'skip', why: 'foreign' };
  const { functionName, match, includePermanent = false } = selection;
  if (functionName !== undefined && failure.functionName !== functionName)
    return { do: 'skip', why: 'otherFunction' };
  if (match !== undefined && !textsOf(failure).some((text) => text.includes(match)))
    return { do: 'skip', why: 'noMatch' };
  if (failure.kind === 'stream') return { do: 'reread', batch: failure };
  if (failure.permanent && !includePermanent) return { do: 'skip', why: 'permanent' };
  const payload = JSON.stringify(failure.payload);
  if (Buffer.byteLength(payload) > MOST_EVENT_BYTES) return { do: 'skip', why: 'tooLarge' };
  return { do: 'send', record: failure, payload };
}

const textsOf = (failure: FailureRecord | StreamBatch): readonly string[] =>
  failure.kind === 'stream'
    ? [failure.place.streamArn, failure.place.shardId]
    : [...failure.keys, failure.errorType ?? '', failure.errorMessage ?? ''];
