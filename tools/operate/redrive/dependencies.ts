import type { Pace } from '../../../handlers/shared/pace';
import type { FailureRecord } from '../failures/failure';
import type { Queue } from '../failures/queue';
import type { StreamFailure } from '../failures/stream-failure';
import type { Skipped } from './decide';

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

/** What became of the records. */
export interface Summary {
  /** Accepted by where they came from, and deleted; on a dry run: those that would be sent. */
  readonly redriven: number;
  readonly skipped: Readonly<Partial<Record<Skipped, number>>>;
  /** Not accepted, and so still in the queue, by the reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Sent again by this redrive and already back in the queue. */
  readonly failedAgain: number;
  /** Arrived while this ran; left for the next time. */
  readonly arrived: number;
  /** In the queue when this began, and not looked at. */
  readonly unseen: number;
  /** Why it ended: the queue was empty, it handed out only what was known already, or it was told to stop. */
  readonly ended: 'empty' | 'stale' | 'stopped';
}

/** What a redrive needs from outside. */
export interface Dependencies {
  readonly queue: Queue;
  /**
   * Sends an event to a function, asynchronously.
   * @returns whether Lambda accepted it (202); otherwise why not
   */
  readonly invoke: (functionArn: string, payload: string) => Promise<'accepted' | Refusal>;
  /**
   * Sends a message back to the queue that gave it up.
   * @returns whether SQS accepted it (gave it an ID); otherwise why not
   */
  readonly sendBack: (record: FailureRecord) => Promise<'accepted' | Refusal>;
  /** Reads a batch from its stream again; on a dry run too. */
  readonly reread: (place: StreamFailure) => Promise<Reread | Refusal>;
  /** Sends an event of a stream to a function and waits: done only if the function reports no record as failed. */
  readonly call: (functionArn: string, event: string) => Promise<'done' | Refusal>;
  readonly pace: Pace;
  /** Stops between two records. */
  readonly signal: AbortSignal;
  readonly onProgress?: (summary: Summary) => void;
}
