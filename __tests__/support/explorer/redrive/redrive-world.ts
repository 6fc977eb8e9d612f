import { NetworkError } from '../../fake-client';
import { at, changed, type Edge, type State, type World } from '../explore';
import type { Answer } from '../replay';
import { Replays } from '../replays';
import { Aws, type Outcome } from './aws';
import { recordsOf, type QueueRecord } from './records';
import { redriveWith, type Redrive, type Sent } from './redrive-run';
import {
  DELETED,
  forgetting,
  FREE,
  heldIn,
  HIDDEN,
  initialOf,
  isAccepted,
  isLast,
  KILLS,
  LOST_ANSWERS,
  may,
  newestReceipt,
  REAPPEARANCES,
  recordsIn,
  REDRIVES,
  RUNS,
  showing,
  spending,
  TIMEOUTS,
  VISIBLE,
  type RedriveSetting,
} from './redrive-state';

const LOST: Answer = { error: new NetworkError('socket hang up') };

/** The real redrive, twice at a time, on a failure queue, in every order; killed, and cut off, after any request. */
export class RedriveWorld implements World {
  readonly initial: State;
  readonly #records: readonly QueueRecord[];
  readonly #aws: Aws;
  readonly #replays = new Replays();
  readonly #begun: number;

  constructor(setting: RedriveSetting, subject?: Redrive) {
    this.initial = initialOf(setting);
    this.#records = recordsOf(setting.records);
    this.#aws = new Aws(this.#records, setting.obeysOldReceipts ?? false);
    this.#replays.begin(() => Promise.resolve()); // so that no redrive has the number of FREE
    this.#begun = this.#replays.begin(redriveWith(subject));
  }

  canonical(state: State): State {
    return state;
  }

  broken(state: State): readonly string[] {
    if (!isLast(state) || !isQuiet(state)) return [];
    const left = [...recordsIn(state, VISIBLE), ...recordsIn(state, HIDDEN)];
    return this.#records.flatMap(({ name, event }, record) => {
      if (event === undefined) return [];
      if (left.includes(record)) return [`left: ${name}`];
      return isAccepted(state, record) ? [] : [`lost: ${name}`];
    });
  }

  edges(state: State): readonly Edge[] | Promise<void> {
    const edges = [...this.#begin(state), ...this.#queue(state)];
    for (const place of RUNS) if (at(state, place) !== FREE) edges.push(...this.#goOn(state, place));
    return this.#replays.settle() ?? edges;
  }

  #begin(state: State): Edge[] {
    const place = RUNS.find((candidate) => at(state, candidate) === FREE);
    const isNextLast = at(state, REDRIVES) === 1;
    if (place === undefined || isLast(state) || (isNextLast && !isQuiet(state))) return [];
    const back = isNextLast ? recordsIn(state, HIDDEN).flatMap(showing) : [];
    const words = isNextLast ? 'begins when all is quiet, and is the last' : 'begins';
    const to = spending(state, REDRIVES, [place, this.#begun], ...back);
    return [{ to, tell: () => ({ actor: place, enters: true, words }) }];
  }

  /** What the queue does by itself. */
  #queue(state: State): Edge[] {
    const appear = (counter: number, where: number, words: string) =>
      may(state, counter)
        ? recordsIn(state, where).map((record) => ({
            to: spending(state, counter, ...showing(record)),
            tell: () => ({ words: `${this.#aws.name(record)} ${words}` }),
          }))
        : [];
    return [
      ...appear(TIMEOUTS, HIDDEN, 'is visible again'),
      ...appear(REAPPEARANCES, DELETED, 'is handed out although it was deleted'),
    ];
  }

  #goOn(state: State, place: number): Edge[] {
    const run = at(state, place);
    const { asks } = this.#replays.standing(run) ?? {};
    if (asks === undefined) return [];
    return this.#aws.outcomes(state, place, asks.effect() as Sent).flatMap((outcome) => {
      const { to, answer, words, broken } = outcome;
      const tell = (more: string) => () => ({ actor: place, words: words + more });
      const edges: Edge[] = [{ ...this.#answered(outcome, place, run, answer), tell: tell('') }];
      if (may(to, KILLS) && to !== state) {
        const killed = spending(to, KILLS, [place, FREE], ...forgetting(heldIn(to, place)));
        edges.push({ to: killed, tell: tell(', and is killed'), broken });
      }
      if (may(to, LOST_ANSWERS)) {
        const unknown = heldIn(to, place).filter(
          (record) => newestReceipt(to, record) > newestReceipt(state, record),
        );
        const lost = spending(to, LOST_ANSWERS, ...forgetting(unknown));
        edges.push({ to: lost, tell: tell(', the answer is lost, and it asks again'), broken });
        edges.push({
          ...this.#answered({ ...outcome, to: lost }, place, run, LOST),
          tell: tell(', and the answer is lost'),
        });
      }
      return edges;
    });
  }

  /** A redrive that has come to its end leaves its place, and should leave nothing hidden. */
  #answered({ to, broken }: Outcome, place: number, run: number, answer: Answer) {
    const after = this.#replays.after(run, JSON.stringify(answer) + String('error' in answer), answer);
    const standing = this.#replays.standing(after);
    if (standing === undefined || standing.asks !== undefined)
      return { to: changed(to, [place, after]), broken };
    const [held] = heldIn(to, place);
    const failed = standing.failure?.includes('socket hang up') === false ? standing.failure : undefined;
    return {
      to: changed(to, [place, FREE]),
      broken:
        broken ??
        (failed === undefined ? undefined : `failed: ${failed}`) ??
        (held === undefined ? undefined : `held: ${this.#aws.name(held)}, by a redrive that has ended`),
    };
  }
}

const isQuiet = (state: State): boolean => RUNS.every((place) => at(state, place) === FREE);
