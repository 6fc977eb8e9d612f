import * as fc from 'fast-check';
import { NetworkError, fakeClient } from './fake-client';
import { S3Model, S3ModelError, type StoredVersion } from './s3-model';
import type { Gate } from './s3-operations';
import { mover, type Subject } from './subjects';
import { violations, type History } from './promises';
import { scenarios, type Scenario, type ScenarioOptions } from './scenarios';

export interface Outcome {
  readonly broken: readonly string[];
  /** What happened, a line a turn. */
  readonly trace: readonly string[];
}

/** Lambda tries an asynchronous event three times in all. */
const LAMBDA_ATTEMPTS = 3;

/** What may go wrong at a turn, by the choice made there; most turns go well. */
const FAULTS: Readonly<Record<number, string>> = {
  1: 'crashes before',
  2: 'crashes after',
  3: 'loses the answer of',
  4: 'gets 503 for',
  5: 'gets 409 for',
  6: 'gets 409 for',
};
const FAULT_CHOICES = 24;

interface Turn {
  readonly label: string;
  readonly go: () => void;
}

interface Delivery {
  readonly name: string;
  readonly key: string;
  readonly version: StoredVersion;
  attempt: number;
}

/**
 * Plays a scenario to its end: uploads, events (late, twice, coalesced), runs that crash anywhere, Lambda's retries, and
 * last a redrive of the failure queue without any fault. Whoever touches the bucket waits for a turn first, so the
 * choices alone decide who comes before whom.
 */
export async function play(
  scenario: Scenario,
  subject: Subject,
  options: ScenarioOptions = {},
): Promise<Outcome> {
  return new Play(scenario, subject, options).toTheEnd();
}

class Play {
  readonly #model: S3Model;
  readonly #history: History;
  readonly #trace: string[] = [];
  readonly #waiting: Turn[] = [];
  readonly #failed: Delivery[] = [];
  /** Events that may still be dropped when a later one of the same key comes. */
  readonly #undelivered = new Map<string, Turn>();
  #choice = 0;
  #faults: boolean;

  constructor(
    private readonly scenario: Scenario,
    private readonly subject: Subject,
    private readonly options: ScenarioOptions,
  ) {
    this.#model = new S3Model(scenario);
    this.#history = {
      mode: scenario.mode,
      repeats: options.repeats ?? false,
      uploaded: [],
      prepared: new Set(),
    };
    this.#faults = options.faults ?? true;
  }

  async toTheEnd(): Promise<Outcome> {
    if (this.scenario.occupied) this.#history.occupied = this.#model.put('processed/a', 'someone else');
    void this.#upload();
    for (;;) {
      // By then everyone who could go on waits for the next turn.
      await new Promise(setImmediate);
      const [turn] = this.#waiting.splice(this.#choose(this.#waiting.length), 1);
      if (turn) turn.go();
      else if (this.#failed.length > 0) this.#redrive();
      else break;
    }
    return { broken: violations(this.#model, this.#history), trace: this.#trace };
  }

  async #upload(): Promise<void> {
    for (const [i, { key: which, content }] of this.scenario.uploads.entries()) {
      const key = `uploads/${which === 0 ? 'a' : 'b'}`;
      const distinct = this.options.repeats === true ? String(content) : `#${String(i + 1)}`;
      await this.#turn(`upload ${key} ${distinct}`);
      const { size } = this.options;
      const version = this.#model.put(key, `${key} ${distinct}`, size === undefined ? {} : { size });
      this.#history.uploaded.push({ key, version });
      this.#announce({ name: `event ${String(i + 1)}`, key, version, attempt: 1 });
    }
  }

  /** The event is on its way. It may come twice, and may stand for earlier ones of its key: the last one never drops. */
  #announce(delivery: Delivery): void {
    const earlier = this.#undelivered.get(delivery.key);
    const choice = this.#choose(8);
    if (earlier && choice >= 6 && this.#waiting.includes(earlier)) {
      this.#waiting.splice(this.#waiting.indexOf(earlier), 1);
      this.#trace.push(`${earlier.label}: never comes, a later one stands for it`);
    }
    const turn = this.#invoke(delivery);
    if (choice === 5) this.#invoke({ ...delivery, name: `${delivery.name} again` });
    else this.#undelivered.set(delivery.key, turn);
  }

  #invoke(delivery: Delivery): Turn {
    const { name, key, version, attempt } = delivery;
    const actor = attempt === 1 ? name : `${name}, attempt ${String(attempt)}`;
    const label = `${actor}: begins`;
    const turn = {
      label,
      go: () => {
        this.#trace.push(label);
        let crash: (reason: string) => void = () => undefined;
        const crashed = new Promise<string>((resolve) => (crash = resolve));
        const { client } = fakeClient(this.#model, this.#gate(actor, crash));
        const backOff = () => this.#turn(`${actor}: waits after a conflict`);
        const prepared = (etag: string) => this.#history.prepared?.add(`${key} ${etag}`);
        const run = this.subject(
          { key, etag: version.etag, size: version.size },
          this.scenario.mode,
          client,
          {
            backOff,
            prepared,
          },
        );
        const ended = run.then(
          () => undefined,
          (error: unknown) => `fails: ${String(error)}`,
        );
        void Promise.race([ended, crashed]).then((failure) => {
          if (failure === undefined) return;
          this.#trace.push(`${actor}: ${failure}`);
          if (attempt < LAMBDA_ATTEMPTS) this.#invoke({ ...delivery, attempt: attempt + 1 });
          else this.#failed.push(delivery);
        });
      },
    };
    this.#waiting.push(turn);
    return turn;
  }

  #redrive(): void {
    this.#faults = false;
    for (const delivery of this.#failed.splice(0))
      this.#invoke({ ...delivery, name: `redriven ${delivery.name}`, attempt: 1 });
  }

  #gate(actor: string, crash: (reason: string) => void): Gate {
    return async (label, effect) => {
      await this.#turn(`${actor}: ${label}`);
      const conditional = /writes|DeleteObject|CompleteMultipartUpload/.test(label);
      const fault = this.#faults ? FAULTS[this.#choose(FAULT_CHOICES)] : undefined;
      if (fault !== undefined) this.#trace.push(`${actor} ${fault} ${label}`);
      if (fault === 'gets 503 for') throw new S3ModelError(503, 'SlowDown');
      if (fault === 'gets 409 for' && conditional) throw new S3ModelError(409, 'ConditionalRequestConflict');
      if (fault === 'crashes before') return this.#end(crash);
      const result = effect();
      if (fault === 'crashes after') return this.#end(crash);
      if (fault === 'loses the answer of') throw new NetworkError('socket hang up');
      return result;
    };
  }

  /** What has crashed never goes on. */
  #end(crash: (reason: string) => void): Promise<never> {
    crash('is gone');
    return new Promise<never>(() => undefined);
  }

  #turn(label: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({
        label,
        go: () => {
          this.#trace.push(label);
          resolve();
        },
      });
    });
  }

  #choose(options: number): number {
    if (options <= 1) return 0;
    const choice = this.scenario.choices[this.#choice] ?? 0;
    this.#choice += 1;
    return choice % options;
  }
}

/**
 * A property: no schedule breaks a promise. Its counterexample is the shortest found, told turn by turn.
 * @param promises how the lines of those begin that are to be looked at; all unless given
 */
export function keepsItsPromises(
  options: ScenarioOptions = {},
  subject: Subject = mover,
  promises: readonly string[] = [''],
) {
  return fc.asyncProperty(scenarios(options), async (scenario) => {
    const { broken, trace } = await play(scenario, subject, options);
    const found = broken.filter((line) => promises.some((promise) => line.startsWith(promise)));
    if (found.length > 0) throw new Error([...found, 'What happened:', ...trace].join('\n  '));
  });
}
