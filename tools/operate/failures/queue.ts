import type { Message } from './record';

/** What reading a queue needs of it. */
export interface Queue {
  /**
   * Up to `most` messages (1–10), hidden from others for as long as the queue was opened with; waits a little for the
   * first one. An empty answer means that none is visible now.
   */
  readonly receive: (most: number) => Promise<readonly Message[]>;
  /** Makes messages visible again at once. One that is gone, or hidden by another, is not an error. */
  readonly giveBack: (messages: readonly Message[]) => Promise<void>;
  readonly delete: (message: Message) => Promise<void>;
}

/** SQS asks only some of its servers at a time: one empty answer may be wrong, two in a row hardly. */
const EMPTY_ANSWERS = 2;

/** Messages that come again because their hiding ended: after so many answers without a new one, all were seen. */
const STALE_ANSWERS = 20;

/** Tells when a queue is read through. A message counts once, however often it is received. */
export class Reading {
  readonly #seen = new Map<string, Message>();
  #empty = 0;
  #stale = 0;

  /** The messages of an answer that were not seen before. */
  take(answer: readonly Message[]): Message[] {
    const fresh = answer.filter(({ messageId }) => !this.#seen.has(messageId));
    // The newest receipt is the one that can give a message back.
    for (const message of answer) this.#seen.set(message.messageId, message);
    this.#empty = answer.length === 0 ? this.#empty + 1 : 0;
    this.#stale = fresh.length === 0 && answer.length > 0 ? this.#stale + 1 : 0;
    return fresh;
  }

  get isThrough(): boolean {
    return this.#empty >= EMPTY_ANSWERS || this.#stale >= STALE_ANSWERS;
  }

  /** Every message with its newest receipt. */
  get seen(): readonly Message[] {
    return [...this.#seen.values()];
  }

  /** A message with its newest receipt. */
  newest(message: Message): Message {
    return this.#seen.get(message.messageId) ?? message;
  }

  /** Forgets a message that is not in the queue any more. */
  forget({ messageId }: Message): void {
    this.#seen.delete(messageId);
  }
}

export interface ReadOptions {
  readonly queue: Queue;
  /** Stops reading; what was read so far is still given back. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (read: number) => void;
}

/**
 * Every message of a queue, which stays in it. Nothing is lost, whenever this ends: what was received is given back,
 * and after a crash comes back by itself.
 */
export async function readAll({ queue, signal, onProgress }: ReadOptions): Promise<readonly Message[]> {
  const reading = new Reading();
  try {
    while (!reading.isThrough && signal?.aborted !== true) {
      reading.take(await queue.receive(10));
      onProgress?.(reading.seen.length);
    }
    return reading.seen;
  } finally {
    await queue.giveBack(reading.seen);
  }
}
