import { violations } from '../promises';
import { mover, type Subject } from '../subjects';
import { at, changed, type Edge, type State, type World } from './explore';
import type { MoveSetting } from './move-setting';
import {
  announced,
  BUCKET,
  COALESCED,
  CONSUMED,
  DUPLICATES,
  EVENTS,
  FREE,
  spending,
  UPLOADED,
} from './move-state';
import { MoverRuns } from './mover-runs';
import { goesOn } from './run-edges';

const KEY = 'uploads/a';

/**
 * The real handler, an uploader, S3's delivery and a consumer, and everything that they can do to a bucket, in every
 * order. Left out is only what another order stands for:
 * - A run that reads, and is gone, has left no trace: it may as well have never begun. So runs end after a write.
 * - A request that was not done and is sent again may as well be late. So answers are lost after a write.
 * - A request that takes effect when its run is gone is that of a duplicate that is gone later.
 * - A run that has begun and not asked for anything is an event that waits.
 */
export class MoveWorld implements World {
  readonly initial: State;
  readonly #runs: MoverRuns;
  readonly #uploads: readonly string[];
  /** The runs that the uploads' events start. */
  readonly #begun: readonly number[];
  readonly #firstRun: number;

  constructor(
    private readonly setting: MoveSetting,
    subject: Subject = mover,
  ) {
    const { crashes = 0, lostAnswers = 0, duplicates = 0, coalesced = 0 } = setting;
    const { conflicts = 0, refused = 0, consumed = 0, namesConditions = true, occupied, runs } = setting;
    this.#uploads = Array.from(setting.uploads);
    this.#runs = new MoverRuns(subject, setting.mode, { namesConditions });
    this.#begun = this.#uploads.map((content, i) => this.#runs.begin(i, KEY, content));
    this.#firstRun = EVENTS + this.#uploads.length;

    const { buckets } = this.#runs;
    if (occupied !== undefined) buckets.slate.put('processed/a', occupied);
    const counters = [crashes, lostAnswers, duplicates, coalesced, conflicts, refused, consumed];
    const places = Array.from({ length: this.#uploads.length + runs }, () => FREE);
    this.initial = [buckets.number(), 0, ...counters, ...places];
  }

  /** Runs are told apart by what they know, not by their place. */
  canonical(state: State): State {
    const runs = state.slice(this.#firstRun).sort((one, other) => other - one);
    return [...state.slice(0, this.#firstRun), ...runs];
  }

  broken(state: State): readonly string[] {
    const comes = at(state, UPLOADED) < this.#uploads.length || state.slice(EVENTS).some((any) => any !== 0);
    if (comes) return [];
    const { mode, occupied, consumed = 0 } = this.setting;
    const model = this.#runs.buckets.model(at(state, BUCKET));
    const versions = (model.versions.get(KEY) ?? []).filter(({ deleteMarker }) => !deleteMarker);
    const uploaded = versions.map((version) => ({ key: KEY, version }));
    const there = occupied === undefined ? undefined : model.versions.get('processed/a')?.[0];
    const history = { mode, repeats: false, uploaded, consumed: consumed > 0 };
    return violations(model, there === undefined ? history : { ...history, occupied: there });
  }

  edges(state: State): readonly Edge[] | Promise<void> {
    const edges = [...this.#uploader(state), ...this.#delivery(state), ...this.#consumer(state)];
    for (let place = this.#firstRun; place < state.length; place += 1) {
      const run = at(state, place);
      if (run !== FREE) edges.push(...goesOn(this.#runs, state, place, run));
    }
    return this.#runs.settle() ?? edges;
  }

  #uploader(state: State): Edge[] {
    const i = at(state, UPLOADED);
    const content = this.#uploads[i];
    if (content === undefined) return [];
    const { buckets } = this.#runs;
    const { bucket } = buckets.change(at(state, BUCKET), () => buckets.slate.put(KEY, content));
    const to = changed(state, [BUCKET, bucket], [UPLOADED, i + 1], announced(state, i, 1));
    return [{ to, tell: () => ({ words: `${content} is uploaded` }) }];
  }

  /** Events start runs in any order, some once more; and one may stand for another. */
  #delivery(state: State): Edge[] {
    const place = state.indexOf(FREE, this.#firstRun);
    const waiting = [...this.#uploads.keys()].filter((i) => at(state, EVENTS + i) > 0);
    return waiting.flatMap((i) => {
      const event = `the event of ${this.#uploads[i] ?? ''}`;
      const taken = announced(state, i, -1);
      const edges = place < 0 ? [] : this.#begins(changed(state, taken), place, i, event);
      if (place >= 0 && at(state, DUPLICATES) > 0)
        edges.push(...this.#begins(spending(state, DUPLICATES), place, i, `${event}, which comes once more`));
      if (at(state, COALESCED) > 0 && waiting.length > 1) {
        const words = `${event} never comes: another one stands for it`;
        edges.push({ to: spending(state, COALESCED, taken), tell: () => ({ words }) });
      }
      return edges;
    });
  }

  #begins(state: State, place: number, upload: number, event: string): Edge[] {
    return goesOn(this.#runs, state, place, at(this.#begun, upload)).map((edge) => ({
      ...edge,
      tell: () => ({ actor: place, enters: true, words: `begins with ${event}: ${edge.tell().words}` }),
    }));
  }

  #consumer(state: State): Edge[] {
    if (at(state, CONSUMED) === 0) return [];
    const { buckets } = this.#runs;
    return buckets
      .model(at(state, BUCKET))
      .keys('processed/')
      .map((key) => {
        const { bucket } = buckets.change(at(state, BUCKET), () => {
          buckets.slate.remove(key);
        });
        const words = `a consumer deletes ${key}`;
        return { to: spending(state, CONSUMED, [BUCKET, bucket]), tell: () => ({ words }) };
      });
  }
}
