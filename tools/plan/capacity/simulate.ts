import { EventHeap } from './heap';
import type { Outcome, Pipeline, Workload } from './model';
import { PrefixLimit } from './prefix-limit';
import { exponential, seeded } from './random';
import { SimulationStats } from './simulation-stats';

/** After a function error: one minute, then two. After a throttle: 1 s, doubling to 5 min. */
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
const ERROR_RETRY_SECONDS = [60, 120];
const MOST_BACKOFF_SECONDS = 300;

/** A function gets 1,000 execution environments, and 1,000 more every 10 s. */
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
const ENVIRONMENTS = 1_000;
const ENVIRONMENTS_EVERY_SECONDS = 10;

/** The kind of step: the low bits of a code on the heap. */
const ARRIVE = 0;
const BURST = 1;
const ATTEMPT = 2;
const SUCCEED = 3;
const FAIL = 4;
const KINDS = 8;

/** Two days of 1e9 uploads: more takes an hour, and shows nothing that a day does not. */
const MAX_EVENTS = 2_000_000_000;

/** What a retry costs where far more comes than can run: each event is tried some eighty times in six hours. */
const MAX_STEPS = 40_000_000;
/** An event that is not throttled takes two or three. */
const STEPS_AN_EVENT = 6;

/** Throttled events are retried until they are too old, and there are too many to simulate. */
export class OverloadError extends Error {
  override readonly name = 'OverloadError';
}

/**
 * Simulates every event of an asynchronous function's queue.
 * The same arguments give the same outcome.
 * @param onProgress called every million steps with the simulated time, and with the time at which all is over at the
 *   latest
 * @param mostSteps in all, besides a few for each upload
 * @throws RangeError for more uploads than can be simulated; {@link OverloadError}
 */
export function simulate(
  workload: Workload,
  pipeline: Pipeline,
  seed = 1,
  onProgress: Progress = () => undefined,
  mostSteps?: number,
): Outcome {
  return new Simulation(workload, pipeline, seed, mostSteps).run(onProgress);
}

type Progress = (seconds: number, ofSeconds: number) => void;

class Simulation {
  readonly #heap = new EventHeap();
  readonly #stats: SimulationStats;
  readonly #limit: PrefixLimit;
  readonly #random;
  /** The waiting events of `fifo`, in order. */
  readonly #line: number[] = [];
  #lineHead = 0;
  #running = 0;
  #environments = 0;
  #now = 0;
  readonly #mostSteps: number;

  constructor(
    private readonly workload: Workload,
    private readonly pipeline: Pipeline,
    seed: number,
    mostSteps = MAX_STEPS,
  ) {
    const expected = workload.burst + workload.arrivalsPerSecond * workload.arrivalSeconds;
    if (expected > MAX_EVENTS) {
      throw new RangeError(
        `got ${Math.round(expected).toLocaleString('en')} uploads; expected at most ${MAX_EVENTS.toLocaleString('en')}`,
      );
    }
    this.#mostSteps = mostSteps + STEPS_AN_EVENT * expected;
    this.#random = seeded(seed);
    this.#limit = new PrefixLimit(pipeline.movesPerSecond);
    this.#stats = new SimulationStats(workload.burst);
  }

  run(onProgress: Progress): Outcome {
    const { workload, pipeline } = this;
    const lastArrival = Math.max(workload.arrivalSeconds, workload.burst / workload.burstPerSecond);
    const ofSeconds = lastArrival + pipeline.maximumEventAgeSeconds;
    // The burst's events have the first numbers; the statistics recognize them by number.
    for (let event = 0; event < this.workload.burst; event += 1) this.#stats.register();
    this.#scheduleBurst(0);
    this.#scheduleArrival();
    for (let steps = 1; this.#heap.size > 0; steps += 1) {
      this.#now = this.#heap.nextTime;
      this.#happen(this.#heap.pop());
      this.#stats.observe(this.#now, this.#running);
      if (steps % 1_000_000 === 0) onProgress(this.#now, ofSeconds);
      if (steps > this.#mostSteps) throw this.#overload();
    }
    return this.#stats.outcome();
  }

  #overload(): OverloadError {
    const minutes = Math.floor(this.#now / 60).toLocaleString('en');
    return new OverloadError(
      `after ${minutes} simulated minutes, ${this.#stats.queued.toLocaleString('en')} uploads wait for ` +
        `${this.pipeline.concurrency.toLocaleString('en')} executions, and are retried until they are too old`,
    );
  }

  #happen(code: number): void {
    const event = Math.floor(code / KINDS);
    switch (code % KINDS) {
      case ARRIVE:
        this.#scheduleArrival();
        this.#arrive(this.#stats.register());
        break;
      case BURST:
        this.#scheduleBurst(event + 1);
        this.#arrive(event);
        break;
      case ATTEMPT:
        this.#attempt(event);
        break;
      default:
        this.#end(event, code % KINDS === SUCCEED);
    }
  }

  #scheduleBurst(event: number): void {
    const { burst, burstPerSecond } = this.workload;
    if (event < burst) this.#heap.push(event / burstPerSecond, event * KINDS + BURST);
  }

  #scheduleArrival(): void {
    const { arrivalsPerSecond, arrivalSeconds } = this.workload;
    if (arrivalsPerSecond === 0) return;
    const at = this.#now + exponential(this.#random, arrivalsPerSecond);
    if (at < arrivalSeconds) this.#heap.push(at, ARRIVE);
  }

  #arrive(event: number): void {
    this.#stats.arrived(event, this.#now);
    // Reserved concurrency 0 sends every event to the failure destination at once.
    if (this.pipeline.concurrency === 0) this.#stats.dropped(event, this.#now);
    else this.#attempt(event);
  }

  #attempt(event: number): void {
    const isFifo = this.pipeline.queue === 'fifo';
    if (this.#isTooOld(event)) this.#stats.dropped(event, this.#now);
    else if (this.#hasRoom() && !(isFifo && this.#isSomeoneWaiting())) this.#start(event);
    else if (isFifo) this.#line.push(event);
    else this.#backOff(event);
  }

  #backOff(event: number): void {
    const nth = this.#stats.throttled(event);
    const interval = Math.min(MOST_BACKOFF_SECONDS, 2 ** (nth - 1));
    this.#again(event, interval * (0.5 + this.#random()));
  }

  /** Retries an event later; a retry beyond its maximum age happens at that age and drops the event. */
  #again(event: number, afterSeconds: number): void {
    this.#heap.push(Math.min(this.#now + afterSeconds, this.#expiryOf(event)), event * KINDS + ATTEMPT);
  }

  #start(event: number): void {
    const { pipeline } = this;
    this.#running += 1;
    const isCold = this.#running > this.#environments;
    if (isCold) this.#environments = this.#running;
    const work = pipeline.runSeconds(this.#random) + (isCold ? pipeline.initSeconds : 0);
    const wait = this.#limit.waitAt(this.#now);
    const seconds = work + (wait ?? 0);
    const fails = wait === undefined || (pipeline.errorRate > 0 && this.#random() < pipeline.errorRate);
    this.#stats.started(event, this.#now, { seconds, isCold, isSlowedDown: wait === undefined });
    this.#heap.push(this.#now + seconds, event * KINDS + (fails ? FAIL : SUCCEED));
  }

  #end(event: number, succeeded: boolean): void {
    this.#running -= 1;
    const runs = this.#stats.ran(event, this.#now);
    if (succeeded) {
      this.#stats.processed(event, this.#now);
    } else if (runs > this.pipeline.maximumRetryAttempts) {
      this.#stats.failed(event, this.#now);
    } else {
      this.#stats.queuedAgain();
      this.#again(event, ERROR_RETRY_SECONDS[runs - 1] ?? 0);
    }
    while (this.#isSomeoneWaiting() && this.#hasRoom()) this.#startNextInLine();
  }

  #startNextInLine(): void {
    const event = this.#line[this.#lineHead++] ?? 0;
    if (this.#lineHead === this.#line.length) this.#line.length = this.#lineHead = 0;
    if (this.#isTooOld(event)) this.#stats.dropped(event, this.#now);
    else this.#start(event);
  }

  #isSomeoneWaiting(): boolean {
    return this.#lineHead < this.#line.length;
  }

  #isTooOld(event: number): boolean {
    return this.#now >= this.#expiryOf(event);
  }

  #expiryOf(event: number): number {
    return this.#stats.arrivalOf(event) + this.pipeline.maximumEventAgeSeconds;
  }

  #hasRoom(): boolean {
    const scaledTo = ENVIRONMENTS * (1 + Math.floor(this.#now / ENVIRONMENTS_EVERY_SECONDS));
    return this.#running < Math.min(this.pipeline.concurrency, scaledTo);
  }
}
