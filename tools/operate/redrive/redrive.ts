import type { FailureRecord, StreamBatch } from '../failures/failure';
import { Reading, total, unseenOf, type Message } from '../failures/queue';
import type { StreamFailure } from '../failures/stream-failure';
import { decide, type Selection, type Skipped } from './decide';
import type { Dependencies, Refusal, Reread, Summary } from './dependencies';

export interface RedriveOptions extends Selection {
  /** Only says what would be sent. @default false */
  readonly dryRun?: boolean;
  /** How many records are sent at most. @default all */
  readonly max?: number | undefined;
  /** How many are received at a time, 1–10: no more than are dealt with while they are hidden. @default 10 */
  readonly batch?: number;
}

/**
 * Sends the events of a failure queue back to where they failed, in the order in which the queue gives them. A record is
 * deleted only after its event was accepted, so that nothing is lost wherever this ends; an event may at worst be sent
 * twice, which the handlers bear. Records that arrive meanwhile are left: one that fails at once would go round forever.
 * Of a stream the queue holds only positions: its records are read again, and the message that names them is deleted
 * after the function has done them all.
 */
export async function redrive(dependencies: Dependencies, options: RedriveOptions): Promise<Summary> {
  const { queue } = dependencies;
  const run = new Run(dependencies, options);
  const before = total(await queue.count());
  try {
    while (!run.mustStop() && !run.reading.isThrough) {
      const answer = await queue.receive(options.batch ?? 10);
      for (const message of run.reading.deletedIn(answer)) await queue.delete(message);
      for (const message of run.reading.take(answer)) {
        if (run.mustStop()) break;
        await run.dealWith(message);
        dependencies.onProgress?.(run.summary);
      }
    }
    return await run.end(before);
  } finally {
    await queue.giveBack(run.reading.seen);
  }
}

class Run {
  readonly reading = new Reading();
  readonly #sent = new Set<string>();
  #summary: Summary = {
    redriven: 0,
    skipped: {},
    refused: {},
    failedAgain: 0,
    arrived: 0,
    unseen: 0,
    ended: 'stopped',
  };

  constructor(
    private readonly dependencies: Dependencies,
    private readonly options: RedriveOptions,
  ) {}

  get summary(): Summary {
    return this.#summary;
  }

  /** Interrupted, or as many sent as wanted. */
  mustStop(): boolean {
    const { max = Number.POSITIVE_INFINITY } = this.options;
    return this.dependencies.signal.aborted || this.#summary.redriven >= max;
  }

  /** @param before how many records there were at the start */
  async end(before: number): Promise<Summary> {
    const { redriven, skipped, refused, failedAgain, arrived } = this.#summary;
    const left = [...Object.values(skipped), ...Object.values(refused)].reduce(
      (sum, number) => sum + number,
      0,
    );
    const unseen = await unseenOf(this.dependencies.queue, {
      missing: before - redriven - left,
      looked: left + failedAgain + arrived + (this.options.dryRun === true ? redriven : 0),
    });
    const ended = this.mustStop() ? 'stopped' : this.reading.isEmpty ? 'empty' : 'stale';
    return { ...this.#summary, unseen, ended };
  }

  async dealWith(message: Message): Promise<void> {
    const decision = decide(message, this.options);
    if (this.reading.hasArrived(message)) {
      this.#count(
        decision.do === 'send' && this.#sent.has(eventOf(decision.record)) ? 'failedAgain' : 'arrived',
      );
    } else if (decision.do === 'skip') {
      this.#skip(decision.why);
    } else if (decision.do === 'reread') {
      await this.#readAgain(message, decision.batch);
    } else {
      await this.#send(message, decision.record);
    }
  }

  async #send(message: Message, record: FailureRecord): Promise<void> {
    const { pace, invoke, sendBack } = this.dependencies;
    if (this.options.dryRun === true) {
      this.#count('redriven');
      return;
    }
    await pace();
    const { kind, arn } = record.source;
    const answer = kind === 'queue' ? await sendBack(record) : await invoke(arn, record.payload);
    if (answer !== 'accepted') {
      this.#refuse(answer);
      return;
    }
    this.#sent.add(eventOf(record));
    await this.#finish(message);
  }

  async #readAgain(message: Message, { source, place }: StreamBatch): Promise<void> {
    const found = await this.dependencies.reread(place);
    const refusal = 'refused' in found ? found : await this.#sendAll(source.arn, found, place);
    if (refusal !== undefined) this.#refuse(refusal);
    else if (this.options.dryRun === true) this.#count('redriven');
    else await this.#finish(message);
  }

  /** In their order, and none behind one that failed. */
  async #sendAll(functionArn: string, found: Reread, place: StreamFailure): Promise<Refusal | undefined> {
    for (const event of this.options.dryRun === true ? [] : found.events) {
      await this.dependencies.pace();
      const answer = await this.dependencies.call(functionArn, event);
      if (answer !== 'done') return answer;
    }
    return found.expired ? { refused: expiry(place, found.records) } : undefined;
  }

  /** Takes a message from the queue whose event was accepted. */
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

  #refuse({ refused: reason }: Refusal): void {
    const { refused } = this.#summary;
    this.#summary = { ...this.#summary, refused: { ...refused, [reason]: (refused[reason] ?? 0) + 1 } };
  }
}

/** By which an event is known again when it comes back: a target and a payload. */
const eventOf = ({ source, payload }: FailureRecord): string => JSON.stringify([source.arn, payload]);

/** Nobody can bring back records that the stream does not keep any more: a person has to decide about them. */
function expiry({ streamArn, shardId, first, last }: StreamFailure, left: number): string {
  const where = `${streamArn}, ${shardId}, ${first} to ${last}`;
  return left === 0
    ? `expired, the stream does not keep the records any more (${where})`
    : `expired in part, only the last ${left} of the records are left, to be sent as long as they are (${where})`;
}
