import { violations } from '../promises';
import { mover, moverWith, type Subject } from '../subjects';
import { at, changed, type Edge, type State, type World } from './explore';
import type { MoveSetting } from './move-setting';
import {
  announced,
  BUCKET,
  COALESCED,
  countersOf,
  DEPLOYMENTS,
  DUPLICATES,
  EVENTS,
  FREE,
  LOST_EVENTS,
  spending,
  SWEEPS,
  UPLOADED,
} from './move-state';
import { MoverRuns } from './mover-runs';
import { goesOn } from './run-edges';
import { consumer, deployment, uploader } from './surroundings';

const KEY = 'uploads/a';

/** The handler after a change of the prefixes, which serves those of before. */
const withNewPrefixes = moverWith({
  uploadPrefix: 'in/',
  processedPrefix: 'done/',
  formerPrefixes: [{ upload: 'uploads/', processed: 'processed/' }],
});

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
  /** The runs that the uploads' events start, before new prefixes are deployed and after. */
  readonly #begun: readonly { readonly before: number; readonly after: number }[];
  readonly #sweep: number;
  readonly #firstRun: number;

  constructor(
    private readonly setting: MoveSetting,
    subject: Subject = mover,
    deployed: Subject = withNewPrefixes,
  ) {
    const { namesConditions = true, occupied, runs } = setting;
    this.#uploads = Array.from(setting.uploads);
    this.#runs = new MoverRuns(setting.mode, { namesConditions });
    this.#begun = this.#uploads.map((content, i) => ({
      before: this.#runs.begin(subject, i, KEY, content),
      after: this.#runs.begin(deployed, i, KEY, content),
    }));
    this.#sweep = this.#runs.beginSweep(SWEEPS - EVENTS); // whose event is the schedule's next one
    this.#firstRun = EVENTS + this.#uploads.length;

    const { buckets } = this.#runs;
    if (occupied !== undefined) buckets.slate.put('processed/a', occupied);
    const places = Array.from({ length: this.#uploads.length + runs }, () => FREE);
    this.initial = [buckets.number(), 0, ...countersOf(setting), ...places];
  }

  /** Runs are told apart by what they know, not by their place. */
  canonical(state: State): State {
    const runs = state.slice(this.#firstRun).sort((one, other) => other - one);
    return [...state.slice(0, this.#firstRun), ...runs];
  }

  /** Nothing would find an upload any more whose event is lost. */
  #isSwept(state: State): boolean {
    return (this.setting.sweeps ?? 0) > 0 && at(state, SWEEPS) === 0;
  }

  #isQuiet(state: State): boolean {
    return at(state, UPLOADED) === this.#uploads.length && state.slice(EVENTS).every((none) => none === 0);
  }

  broken(state: State): readonly string[] {
    if (!this.#isQuiet(state) || at(state, SWEEPS) > 0) return [];
    const { mode, occupied, consumed = 0 } = this.setting;
    const model = this.#runs.buckets.model(at(state, BUCKET));
    const versions = (model.versions.get(KEY) ?? []).filter(({ deleteMarker }) => !deleteMarker);
    const uploaded = versions.map((version) => ({ key: KEY, version }));
    const there = occupied === undefined ? undefined : model.versions.get('processed/a')?.[0];
    const history = { mode, repeats: false, uploaded, consumed: consumed > 0 };
    return violations(model, there === undefined ? history : { ...history, occupied: there });
  }

  edges(state: State): readonly Edge[] | Promise<void> {
    const edges = [
      ...deployment(state),
      ...uploader(this.#runs.buckets, state, KEY, this.#uploads[at(state, UPLOADED)]),
      ...this.#delivery(state),
      ...this.#sweeper(state),
      ...consumer(this.#runs.buckets, state),
    ];
    for (let place = this.#firstRun; place < state.length; place += 1) {
      const run = at(state, place);
      if (run !== FREE) edges.push(...goesOn(this.#runs, state, place, run));
    }
    return this.#runs.settle() ?? edges;
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
      if (at(state, LOST_EVENTS) > 0 && !this.#isSwept(state))
        edges.push({ to: spending(state, LOST_EVENTS, taken), tell: () => ({ words: `${event} is lost` }) });
      return edges;
    });
  }

  #sweeper(state: State): Edge[] {
    const place = state.indexOf(FREE, this.#firstRun);
    const sweeps = at(state, SWEEPS);
    if (place < 0 || sweeps === 0 || (sweeps === 1 && !this.#isQuiet(state))) return [];
    return goesOn(this.#runs, spending(state, SWEEPS), place, this.#sweep).map((edge) => ({
      ...edge,
      tell: () => ({ actor: place, enters: true, words: `is a sweep: ${edge.tell().words}` }),
    }));
  }

  #begins(state: State, place: number, upload: number, event: string): Edge[] {
    const { newPrefixes = false } = this.setting;
    const isDeployed = newPrefixes && at(state, DEPLOYMENTS) === 0;
    const run = this.#begun[upload]?.[isDeployed ? 'after' : 'before'] ?? FREE;
    return goesOn(this.#runs, state, place, run).map((edge) => ({
      ...edge,
      tell: () => ({ actor: place, enters: true, words: `begins with ${event}: ${edge.tell().words}` }),
    }));
  }
}
