import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Messages } from '../../lib/count';

/** A message as SQS hands it out. */
export interface Message {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** When it was sent, in milliseconds since 1970, by the clock of SQS. */
  readonly sentAt: number;
  /** When it was handed out, by the clock of SQS too: it can be compared with `sentAt`, this machine's cannot. */
  readonly receivedAt: number;
  /** Of a FIFO queue: what keeps its order. */
  readonly groupId?: string | undefined;
  /** The queue that gave the message up; undefined where it was sent to this queue. */
  readonly sourceQueueArn?: string | undefined;
  /** What the sender wrote beside the body, by name. */
  readonly attributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
}

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
  readonly count: () => Promise<Messages>;
}

/** SQS asks only some of its servers at a time: one empty answer may be wrong, two in a row hardly. */
const EMPTY_ANSWERS = 2;

/** Answers in a row with nothing new that was there at the start: then no more of that is expected. */
const STALE_ANSWERS = 20;

/**
 * A queue hands out no more while so many of its messages are hidden, and looks empty then.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const MOST_HIDDEN = 120_000;

/** Decides when a queue is read through. A message counts once, however often it is received. */
export class Reading {
  readonly #seen = new Map<string, Message>();
  readonly #done = new Set<string>();
  #startedAt: number | undefined;
  #empty = 0;
  #stale = 0;

  /** The messages of an answer that were not seen before. */
  take(answer: readonly Message[]): Message[] {
    this.#startedAt ??= answer[0]?.receivedAt;
    const fresh = answer.filter(({ messageId }) => !this.#seen.has(messageId) && !this.#done.has(messageId));
    // The newest receipt is the one that can give a message back.
    for (const message of answer)
      if (!this.#done.has(message.messageId)) this.#seen.set(message.messageId, message);
    this.#empty = answer.length === 0 ? this.#empty + 1 : 0;
    this.#stale = fresh.some((message) => !this.hasArrived(message)) ? 0 : this.#stale + 1;
    return fresh;
  }

  /**
   * The messages of an answer that were deleted and are handed out all the same: a server of SQS was unavailable, or the
   * receipt was not the newest.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
   */
  deletedIn(answer: readonly Message[]): Message[] {
    return answer.filter(({ messageId }) => this.#done.has(messageId));
  }

  /** Whether a message was sent after the first one was received: what failed again is among these. */
  hasArrived({ sentAt }: Message): boolean {
    return sentAt > (this.#startedAt ?? Number.POSITIVE_INFINITY);
  }

  /** The queue has nothing more to hand out: what is left of it is held by someone else. */
  get isEmpty(): boolean {
    return this.#empty >= EMPTY_ANSWERS && this.#seen.size < MOST_HIDDEN;
  }

  /** Nothing more is to be expected: the queue is empty, or hands out what is known and what arrives. */
  get isThrough(): boolean {
    return this.#empty >= EMPTY_ANSWERS || this.#stale >= STALE_ANSWERS;
  }

  /** Every message that is still in the queue, with its newest receipt. */
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
    this.#done.add(messageId);
  }
}

export interface ReadOptions {
  readonly queue: Queue;
  /** Stops reading; what was read so far is still given back. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (read: number) => void;
}

/** What was read of a queue. */
export interface Contents {
  readonly messages: readonly Message[];
  readonly unseen: Unseen;
}

/** Messages that were in the queue at the start, and were not handed out. */
export interface Unseen {
  readonly number: number;
  /** The queue had nothing more to hand out: someone else holds them. */
  readonly held: boolean;
}

/**
 * Every message of a queue, which stays in it. Nothing is lost, whenever this ends: what was received is given back,
 * and after a crash comes back by itself.
 */
export async function readAll({ queue, signal, onProgress }: ReadOptions): Promise<Contents> {
  const reading = new Reading();
  const before = await queue.count();
  try {
    while (!reading.isThrough && signal?.aborted !== true) {
      reading.take(await queue.receive(10));
      onProgress?.(reading.seen.length);
    }
    const messages = reading.seen;
    const old = messages.filter((message) => !reading.hasArrived(message)).length;
    const unseen = await unseenOf(queue, { missing: total(before) - old, looked: messages.length });
    return { messages, unseen: { number: unseen, held: reading.isEmpty } };
  } finally {
    await queue.giveBack(reading.seen);
  }
}

/** Every message of several queues, one queue after the other. */
export async function readQueues(
  queues: readonly Queue[],
  { signal, onProgress }: Omit<ReadOptions, 'queue'>,
): Promise<Contents> {
  let all: Contents = { messages: [], unseen: { number: 0, held: true } };
  for (const queue of queues) {
    const { messages: before, unseen } = all;
    const read = await readAll({
      queue,
      ...(signal && { signal }),
      onProgress: (count) => onProgress?.(before.length + count),
    });
    all = {
      messages: [...before, ...read.messages],
      unseen: {
        number: unseen.number + read.unseen.number,
        held: unseen.held && (read.unseen.held || read.unseen.number === 0),
      },
    };
  }
  return all;
}

/**
 * How many messages a reading has not seen. The counts are approximate, so both have to say it: the one from before, and
 * one from now.
 * @param missing how many of the messages that were there before the reading have not been looked at
 * @param looked how many that were looked at are still in the queue
 */
export async function unseenOf(
  queue: Queue,
  { missing, looked }: { readonly missing: number; readonly looked: number },
): Promise<number> {
  if (missing <= 0) return 0;
  return Math.max(0, Math.min(missing, total(await queue.count()) - looked));
}

export const total = ({ visible, hidden }: Messages): number => visible + hidden;
