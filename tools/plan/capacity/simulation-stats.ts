import type { Outcome } from './model';
import { Latencies } from './latencies';
import { Timeline } from './timeline';

/** More that are queued or running at once need more than a gigabyte. */
const MAX_AT_ONCE = 50_000_000;

/** Data of every event that is not done, in typed arrays, and totals over all events. */
export class SimulationStats {
  #capacity = 1 << 16;
  #arrivedAt = new Float64Array(this.#capacity);
  #runs = new Uint8Array(this.#capacity);
  #throttlesInARow = new Uint8Array(this.#capacity);
  readonly #latencies = new Latencies();
  /** Numbers that were given out, and those of events that are done, which are given out again. */
  #numbers = 0;
  readonly #free: number[] = [];
  #registered = 0;

  readonly #timeline = new Timeline();
  #queued = 0;
  #peakRunning = 0;
  #peakQueue = 0;
  #peakQueueAt = 0;
  #processed = 0;
  #failed = 0;
  #firstFailedAt: number | undefined;
  #dropped = 0;
  #firstDroppedAt: number | undefined;
  #allRuns = 0;
  #throttles = 0;
  #coldStarts = 0;
  #slowDowns = 0;
  #runMilliseconds = 0;
  #oldest = 0;
  #firstRuns = 0;
  #waits = 0;
  #waitSum = 0;
  #burstLeft: number;
  #burstDrainedAt: number | undefined;
  #end = 0;

  constructor(private readonly burst: number) {
    this.#burstLeft = burst;
  }

  /**
   * @returns the number of the next event; the first ones are the burst's
   * @throws RangeError where too many are under way at once
   */
  register(): number {
    this.#registered += 1;
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#numbers === this.#capacity) this.#grow();
    return this.#numbers++;
  }

  /** How many events wait. */
  get queued(): number {
    return this.#queued;
  }

  arrivalOf(event: number): number {
    return this.#arrivedAt[event] ?? 0;
  }

  arrived(event: number, now: number): void {
    this.#arrivedAt[event] = now;
    this.#queued += 1;
  }

  /** @returns how often in a row */
  throttled(event: number): number {
    this.#throttles += 1;
    // Beyond nine the back-off stays the same.
    return (this.#throttlesInARow[event] = Math.min(100, (this.#throttlesInARow[event] ?? 0) + 1));
  }

  started(
    event: number,
    now: number,
    run: { seconds: number; isCold: boolean; isSlowedDown: boolean },
  ): void {
    const age = this.#leave(event, now);
    if ((this.#runs[event] ?? 0) === 0) {
      this.#firstRuns += 1;
      this.#waitSum += age;
      if (age > 0) this.#waits += 1;
    }
    this.#runs[event] = (this.#runs[event] ?? 0) + 1;
    this.#throttlesInARow[event] = 0;
    this.#allRuns += 1;
    this.#coldStarts += run.isCold ? 1 : 0;
    this.#slowDowns += run.isSlowedDown ? 1 : 0;
    this.#runMilliseconds += Math.ceil(run.seconds * 1000 - 1e-6);
  }

  /** @returns how often it has run */
  ran(event: number, now: number): number {
    const runs = this.#runs[event] ?? 0;
    if (runs === 1) this.#burstMember(event, now);
    return runs;
  }

  processed(event: number, now: number): void {
    this.#processed += 1;
    this.#latencies.add(now - this.arrivalOf(event));
    this.#done(event);
  }

  failed(event: number, now: number): void {
    this.#failed += 1;
    this.#firstFailedAt ??= now;
    this.#done(event);
  }

  queuedAgain(): void {
    this.#queued += 1;
  }

  dropped(event: number, now: number): void {
    this.#leave(event, now);
    this.#dropped += 1;
    this.#firstDroppedAt ??= now;
    if ((this.#runs[event] ?? 0) === 0) this.#burstMember(event, now);
    this.#done(event);
  }

  observe(now: number, running: number): void {
    this.#end = now;
    this.#peakRunning = Math.max(this.#peakRunning, running);
    if (this.#queued > this.#peakQueue) {
      this.#peakQueue = this.#queued;
      this.#peakQueueAt = now;
    }
    this.#timeline.record(now, this.#queued, running);
  }

  outcome(): Outcome {
    const quantile = this.#latencies.quantiles();
    return {
      events: this.#registered,
      processed: this.#processed,
      failed: this.#failed,
      firstFailedSeconds: this.#firstFailedAt,
      dropped: this.#dropped,
      firstDroppedSeconds: this.#firstDroppedAt,
      runs: this.#allRuns,
      throttles: this.#throttles,
      coldStarts: this.#coldStarts,
      slowDowns: this.#slowDowns,
      runSeconds: this.#runMilliseconds / 1000,
      peakQueue: this.#peakQueue,
      peakQueueSeconds: this.#peakQueueAt,
      peakRunning: this.#peakRunning,
      oldestEventSeconds: this.#oldest,
      meanWaitSeconds: this.#firstRuns === 0 ? 0 : this.#waitSum / this.#firstRuns,
      waited: this.#firstRuns === 0 ? 0 : this.#waits / this.#firstRuns,
      latencySeconds: { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) },
      burstDrainedSeconds: this.#burstDrainedAt,
      endSeconds: this.#end,
      timeline: this.#timeline.stretches(),
    };
  }

  /** @returns the age of the event that leaves the queue */
  #leave(event: number, now: number): number {
    const age = now - this.arrivalOf(event);
    this.#queued -= 1;
    this.#oldest = Math.max(this.#oldest, age);
    return age;
  }

  #burstMember(event: number, now: number): void {
    if (event >= this.burst) return;
    this.#burstLeft -= 1;
    if (this.#burstLeft === 0) this.#burstDrainedAt = now;
  }

  /** Frees the event's number; those of the burst stay its own. */
  #done(event: number): void {
    if (event < this.burst) return;
    this.#runs[event] = 0;
    this.#throttlesInARow[event] = 0;
    this.#free.push(event);
  }

  #grow(): void {
    if (this.#capacity >= MAX_AT_ONCE) {
      throw new RangeError(`more than ${MAX_AT_ONCE.toLocaleString('en')} uploads would wait at once`);
    }
    this.#capacity *= 2;
    const copyOf = <T extends Float64Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#arrivedAt = copyOf(this.#arrivedAt, new Float64Array(this.#capacity));
    this.#runs = copyOf(this.#runs, new Uint8Array(this.#capacity));
    this.#throttlesInARow = copyOf(this.#throttlesInARow, new Uint8Array(this.#capacity));
  }
}
