import type { Pace } from '../../../handlers/shared/pace';
import type { Queue } from '../failures/queue';
import type { StreamFailure } from '../failures/stream-failure';
import type { Summary } from './redrive';

/** Why something was not done: the message stays in the queue. */
export interface Refusal {
  readonly refused: string;
}

/** What is left of a batch of a stream, as events for its function. */
export interface Reread {
  readonly events: readonly string[];
  readonly records: number;
  /** Its beginning, at least, is not in the stream any more. */
  readonly expired: boolean;
}

/** What a redrive needs from outside. */
export interface Dependencies {
  readonly queue: Queue;
  /**
   * Sends an event to a function, asynchronously.
   * @returns whether Lambda accepted it (202); otherwise why not
   */
  readonly invoke: (functionArn: string, payload: string) => Promise<'accepted' | Refusal>;
  /** Reads a batch from its stream again; on a dry run too. */
  readonly reread: (place: StreamFailure) => Promise<Reread | Refusal>;
  /** Sends an event of a stream to a function and waits: done only if the function reports no record as failed. */
  readonly call: (functionArn: string, event: string) => Promise<'done' | Refusal>;
  readonly pace: Pace;
  /** Stops between two records. */
  readonly signal: AbortSignal;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  readonly onProgress?: (summary: Summary) => void;
}
