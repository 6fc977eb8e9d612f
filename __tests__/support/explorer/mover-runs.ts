import { fakeClient, NetworkError } from '../fake-client';
import type { Mode } from '../promises';
import { md5, S3ModelError, type ModelOptions, type S3Model } from '../s3-model';
import type { Subject } from '../subjects';
import { Buckets, type Change } from './buckets';
import type { Answer, Request, Standing } from './replay';
import { Replays } from './replays';
import { sweepOf } from './sweep-run';
import { wordsOf } from './words';

/** What comes of a run's request where it takes effect. */
export interface Step extends Change {
  /** The run, with the answer. */
  readonly after: number;
  /** The promise that the effect breaks. */
  readonly broken: string | undefined;
  readonly words: string;
  /** The event that is there once more. */
  readonly announces: number | undefined;
}

/** Instead of an answer: nobody knows whether the request took effect; or it did not. */
const FAULTS = {
  lost: { error: new NetworkError('socket hang up'), isPassing: true },
  conflict: { error: new S3ModelError(409, 'ConditionalRequestConflict'), isPassing: true },
  refused: { error: new S3ModelError(403, 'AccessDenied') },
} satisfies Record<string, Answer>;

/** Room for the numbers of the runs in a step's own. */
const RUNS = 2 ** 26;

/** The handler's runs, on any of the buckets. */
export class MoverRuns {
  readonly buckets: Buckets;
  readonly #replays = new Replays();
  /** The event that a run works on. */
  readonly #events: number[] = [];
  readonly #announced = new Map<string, { readonly event: number; readonly content: string }>();
  readonly #steps = new Map<number, Step>();

  constructor(
    private readonly mode: Mode,
    options: ModelOptions,
  ) {
    this.buckets = new Buckets(options);
    // So that no run of the handler has the number 0.
    this.#replays.begin(() => Promise.resolve());
  }

  /** Undefined, or a promise until what the runs do next is known. */
  settle(): Promise<void> | undefined {
    return this.#replays.settle();
  }

  /** A run that an event starts; the event has a number for whoever has to repeat it. */
  begin(subject: Subject, event: number, key: string, content: string): number {
    const object = { key, etag: md5(content), size: content.length };
    const run = this.#replays.begin((ask, beginsWith) => {
      const { client, sent } = fakeClient(this.buckets.slate, (label, effect) =>
        ask(label, effect, JSON.stringify(sent.at(-1)?.input)),
      );
      const hooks = { backOff: () => Promise.resolve(), prepared: beginsWith };
      return subject(object, this.mode, client, hooks);
    });
    this.#events[run] = event;
    this.#announced.set(object.etag, { event, content });
    return run;
  }

  /** A run of the sweep; it has a number among the events, too. */
  beginSweep(event: number): number {
    const run = this.#replays.begin((ask) => sweepOf(this.buckets.slate, ask));
    this.#events[run] = event;
    return run;
  }

  event(run: number): number {
    return this.#events[run] ?? 0;
  }

  /** Undefined before `settle`. */
  standing(run: number): Standing | undefined {
    return this.#replays.standing(run);
  }

  /** What a run asks for takes effect in the bucket, and it has its answer. Undefined: it asks for nothing. */
  step(bucket: number, run: number): Step | undefined {
    const id = bucket * RUNS + run;
    let step = this.#steps.get(id);
    if (step?.after === undefined || step.after !== this.#replays.same(step.after)) {
      const { asks, began } = this.standing(run) ?? {};
      if (asks === undefined) return undefined;
      const change = this.buckets.change(bucket, asks.effect);
      const after = this.#after(run, change.name, change.answer);
      const model = this.buckets.model(change.bucket);
      const words = wordsOf(asks.label, change.answer, model);
      const resubmitted = this.#announced.get(/^Invoke (.*)/.exec(asks.label)?.[1] ?? '');
      step = {
        ...change,
        after,
        announces: resubmitted?.event,
        broken: brokenBy(asks, change.answer, model, began?.what),
        words: resubmitted === undefined ? words : `sends the event of ${resubmitted.content}`,
      };
      this.#steps.set(id, step);
    }
    return step;
  }

  /** The run, with something else instead of its answer. */
  fault(run: number, fault: keyof typeof FAULTS): number {
    return this.#after(run, fault, FAULTS[fault]);
  }

  #after(run: number, name: string, answer: Answer): number {
    const after = this.#replays.after(run, name, answer);
    this.#events[after] = this.event(run);
    return after;
  }
}

/** Only what the team's own step has seen may be written, and nothing that is processed be deleted. */
function brokenBy(
  { label }: Request,
  answer: Answer,
  model: S3Model,
  prepared: string | undefined,
): string | undefined {
  if ('error' in answer) return undefined;
  const deleted = /^DeleteObject (processed\/.*)/.exec(label)?.[1];
  if (deleted !== undefined) return `deleted: ${deleted}`;
  const written = /^CopyObject writes (.*)/.exec(label)?.[1];
  if (written === undefined) return undefined;
  const { content, etag } = model.read(written);
  return etag === prepared ? undefined : `unprepared: ${content} was moved before the team's own step saw it`;
}
