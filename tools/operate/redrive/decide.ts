import { MAX_KEPT_BYTES } from '../../../handlers/shared/failure-record';
import type { FailureRecord, StreamBatch } from '../failures/failure';
import { notMeant, type Filter, type NotMeant } from '../failures/filter';
import type { Message } from '../failures/queue';
import { readMessage } from '../failures/record';
import { unservedKeys, type Served } from '../failures/unserved';

/** What is to be sent again. */
export interface Selection extends Served, Filter {
  /** Also records of which the function says that trying again cannot help. @default false */
  readonly includePermanent?: boolean;
  /**
   * The largest event to send, in bytes: if a larger one failed again with a longer error, its record might not fit into
   * the queue, and this one is deleted by then. @default MAX_KEPT_BYTES, for a queue of 1 MiB
   */
  readonly maxEventBytes?: number;
}

/** Why a record stays where it is. */
export type Skipped = NotMeant | 'foreign' | 'permanent' | 'unserved' | 'tooLarge';

export type Decision =
  | { readonly do: 'send'; readonly record: FailureRecord }
  | { readonly do: 'reread'; readonly batch: StreamBatch }
  | { readonly do: 'skip'; readonly why: Skipped };

/** What becomes of a message. */
export function decide(message: Message, selection: Selection): Decision {
  const failure = readMessage(message, selection.mover);
  if (failure.kind === 'foreign') return { do: 'skip', why: 'foreign' };
  const { includePermanent = false, maxEventBytes = MAX_KEPT_BYTES } = selection;
  const why = notMeant(failure, selection);
  if (why !== undefined) return { do: 'skip', why };
  if (failure.kind === 'stream') return { do: 'reread', batch: failure };
  if (!includePermanent) {
    if (failure.permanent) return { do: 'skip', why: 'permanent' };
    // One upload that can be moved is worth sending the event.
    const { length: unserved } = unservedKeys(failure, selection);
    if (unserved > 0 && unserved === failure.keys.length) return { do: 'skip', why: 'unserved' };
  }
  // A queue takes what it held before.
  if (failure.source.kind === 'function' && Buffer.byteLength(failure.payload) > maxEventBytes)
    return { do: 'skip', why: 'tooLarge' };
  return { do: 'send', record: failure };
}
