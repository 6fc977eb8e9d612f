import { knows, wants } from './knowledge';
import { replay, type Answer, type Given, type History, type Standing, type Start } from './replay';

interface Node {
  /** The run that it began as. */
  readonly first: number;
  readonly start: Start;
  /** Ways to come here. Of runs that are taken for one, some are played on to see that they are. */
  readonly histories: History[];
  readonly next: Map<string, { readonly given: Given; readonly run: number }>;
  standing?: Standing;
  /** The run that it is taken for. */
  sameAs?: number;
}

const WITNESSES = 4;

/**
 * Runs of real code, each known by the answers it has had: what it asks next is a function of them, for it knows
 * nothing else of the world. To put a run where it was, it is run again from its start with the recorded answers, and
 * the first request without an answer ends that; the same answers are never played twice. Runs that say they began with
 * the same thing and have had the same answers since are taken for one; that they go on alike is checked.
 */
export class Replays {
  readonly #nodes: Node[] = [];
  readonly #unsettled = new Set<number>();
  readonly #known = new Map<string, number>();

  /** @returns the number of a run that has had no answer yet */
  begin(start: Start): number {
    return this.#add({ first: this.#nodes.length, start, histories: [[]], next: new Map() });
  }

  /** @returns the number of the run that has had one answer more; answers with one name are one */
  after(run: number, name: string, answer: Answer): number {
    const { first, start, histories, next, standing } = this.#node(run);
    let then = next.get(name);
    if (then === undefined) {
      const given = { asked: wants(standing), name, answer };
      const longer = histories.map((history) => [...history, given]);
      then = { given, run: this.#add({ first, start, histories: longer, next: new Map() }) };
      next.set(name, then);
    }
    return this.same(then.run);
  }

  /** The run that this one is taken for. */
  same(run: number): number {
    return this.#node(run).sameAs ?? run;
  }

  /** Undefined: not known before `settle`. */
  standing(run: number): Standing | undefined {
    return this.#node(run).standing;
  }

  /** Undefined, or a promise until it is known where every run stands. */
  settle(): Promise<void> | undefined {
    return this.#unsettled.size === 0 ? undefined : this.#settle();
  }

  async #settle(): Promise<void> {
    const runs = [...this.#unsettled];
    this.#unsettled.clear();
    for (const run of runs) {
      const node = this.#node(run);
      const [history = [], ...others] = node.histories;
      node.standing = await replay(node.start, history);
      for (const other of others) await check(node, other);

      const name = `${node.first} ${knows(node.standing, history)}`;
      const known = this.#known.get(name);
      if (known === undefined) this.#known.set(name, run);
      else {
        node.sameAs = known;
        for (const one of node.histories) await this.#testify(known, one);
      }
    }
  }

  /** The run has come to be by this history too: then it goes on alike, wherever it went until now. */
  async #testify(run: number, history: History): Promise<void> {
    const node = this.#node(this.same(run));
    if (node.histories.length >= WITNESSES) return;
    node.histories.push(history);
    if (node.standing === undefined) return;
    await check(node, history);
    for (const then of node.next.values()) await this.#testify(then.run, [...history, then.given]);
  }

  #add(node: Node): number {
    const run = this.#nodes.push(node) - 1;
    this.#unsettled.add(run);
    return run;
  }

  #node(run: number): Node {
    const node = this.#nodes[run];
    if (node === undefined) throw new Error(`There is no run ${run}`);
    return node;
  }
}

async function check({ start, standing }: Node, history: History): Promise<void> {
  const other = await replay(start, history);
  if (wants(other) === wants(standing)) return;
  const answers = history.map(({ name }) => name).join(', ');
  throw new Error(`Not the same run: after ${answers} it wants ${wants(other)}, and not ${wants(standing)}`);
}
