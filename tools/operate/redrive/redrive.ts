import { Reading } from '../failures/queue';
import type { Message, StreamBatch } from '../failures/record';
import type { StreamFailure } from '../failures/stream-failure';
import { decide, type Selection, type Skipped } from './decide';
import type { Reread, Dependencies } from './dependencies';

export interface RedriveOptions extends Selection {
  /** Only says what would be sent. @default false */
  readonly dryRun?: boolean;
  /** How many records are sent at most. @default all */
  readonly max?: number | undefined;
  /** How many are received at a time, 1–10: no more than are dealt with while they are hidden. @default 10 */
  readonly batch?: number;
}

/** What became of the records. */
export interface Summary {
  /** Accepted by their function and deleted; on a dry run: those that would be sent. */
  readonly redriven: number;
  readonly skipped: Readonly<Partial<Record<Skipped, number>>>;
  /** Not accepted, and so still in the queue, by Lambda's reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Sent again by this redrive and already back in the queue. */
  readonly failedAgain: number;
  /** Arrived while this ran; left for the next time. */
  readonly arrived: number;
}

/**
 * Sends the events of a failure queue back to their functions, oldest or newest as the queue gives them. A record is
 * deleted only after its event was accepted, so that nothing is lost wherever this ends; an event may at worst be sent
 * twice, which the handlers bear. Records that arrive meanwhile are left: one that fails at once would go round forever.
 * Of a stream the queue holds only positions: its records are read again, and deleted is the message that names them,
 * after the function has done them all.
 */
export async function redrive(dependencies: Dependencies, options: RedriveOptions): Promise<Summary> {
  const { queue } = dependencies;
  const run = new Run(dependencies, options);
  try {
    while (!run.mustStop() && !run.reading.isThrough) {
      for (const message of run.reading.take(await queue.receive(options.batch ?? 10))) {
        if (run.mustStop()) break;
        await run.dealWith(message);
        dependencies.onProgress?.(run.summary);
      }
    }
    return run.summary;
  } finally {
    await queue.giveBack(run.reading.seen);
  }
}

class Run {
  readonly reading = new Reading();
  readonly #startedAt: number;
  readonly #sent = new Set<string>();
  #summary: Summary = { redriven: 0, skipped: {}, refused: {}, failedAgain: 0, arrived: 0 };

  constructor(
    private readonly dependencies: Dependencies,
    private readonly options: RedriveOptions,
  ) {
    this.#startedAt = dependencies.now();
  }

  get summary(): Summary {
    return this.#summary;
  }

  /** Interrupted, or as many sent as wanted. */
  mustStop(): boolean {
    const { max = Number.POSITIVE_INFINITY } = this.options;
    return this.dependencies.signal.aborted || this.#summary.redriven >= max;
  }

  async dealWith(message: Message): Promise<void> {
    const decision = decide(message, this.options);
    if (decision.do === 'skip') {
      this.#skip(decision.why);
      return;
    }
    if (decision.do === 'reread') {
      await this.#readAgain(message, decision.batch);
      return;
    }
    const { record, payload } = decision;
    const event = JSON.stringify([record.functionArn, payload]);
    if (message.sentAt > this.#startedAt) {
      this.#count(this.#sent.has(event) ? 'failedAgain' : 'arrived');
      return;
    }
    if (this.options.dryRun === true) {
      this.#count('redriven');
      return;
    }
    await this.dependencies.pace();
    const answer = await this.dependencies.invoke(record.functionArn, payload);
    if (answer !== 'accepted') {
      this.#refuse(answer.refused);
      return;
    }
    this.#sent.add(event);
    await this.#finish(message);
  }

  async #readAgain(message: Message, { functionArn, place }: StreamBatch): Promise<void> {
    if (message.sentAt > this.#startedAt) {
      this.#count('arrived');
      return;
    }
    const found = await this.dependencies.reread(place);
    const refused = 'refused' in found ? found.refused : await this.#sendAll(functionArn, found, place);
    if (refused !== undefined) this.#refuse(refused);
    else if (this.options.dryRun === true) this.#count('redriven');
    else await this.#finish(message);
  }

  /** In their order, and none behind one that failed; why it is not all done, if so. */
  async #sendAll(functionArn: string, found: Reread, place: StreamFailure): Promise<string | undefined> {
    for (const event of this.options.dryRun === true ? [] : found.events) {
      await this.dependencies.pace();
      const answer = await this.dependencies.call(functionArn, event);
      if (answer !== 'done') return answer.refused;
    }
    return found.expired ? expiry(place, found.records) : undefined;
  }

  /** Takes what is done from the queue. */
  async #finish(message: Message): Promise<void> {
    await this.dependencies.queue.delete(this.reading.newest(message));
    this.reading.forget(message);
    this.#count('redriven');
  }

  #count(what: 'redriven' | 'failedAgain' | 'arrived'): void {
    this.#summary = { ...this.#summary, [what]: this.#summary[what] + 1 };
  }

  #skip(why: Skipped): void {
    const { skipped } = this.#summary;
    this.#summary = { ...this.#summary, skipped: { ...skipped, [why]: (skipped[why] ?? 0) + 1 } };
  }

  #refuse(reason: string): void {
    const { refused } = this.#summary;
    this.#summary = { ...this.#summary, refused: { ...refused, [reason]: (refused[reason] ?? 0) + 1 } };
  }
}

/** What the stream does not keep any more, nobody can bring back: what to do about that is for a person to say. */
function expiry({ streamArn, shardId, first, last }: StreamFailure, left: number): string {
  const where = `${streamArn}, ${shardId}, ${first} to ${last}`;
  return left === 0
    ? `expired, the stream does not keep the records any more (${where})`
    : `expired in part, only the last ${left} of the records are left, to be sent as long as they are (${where})`;
}
