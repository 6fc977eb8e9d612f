import { NONE, StateTable } from './state-table';

/** A state of a world: whole numbers, as many in each. */
export type State = readonly number[];

/** One thing that may happen next. */
export interface Edge {
  readonly to: State;
  /** What happens, for the story. */
  readonly tell: () => Happening;
  /** The promise that this very step breaks, in a line. */
  readonly broken?: string | undefined;
}

export interface Happening {
  readonly words: string;
  /** Whose step it is, as its place in the state; undefined: the words say it. */
  readonly actor?: number;
  /** The actor is new there. */
  readonly enters?: boolean;
}

/** Everything that can happen, from a first state on. */
export interface World {
  readonly initial: State;
  /** What may happen next; a promise where code has to be run before that is known: then ask again. */
  readonly edges: (state: State) => readonly Edge[] | Promise<void>;
  /** One and the same state for all that differ only in who is who. */
  readonly canonical: (state: State) => State;
  /** The promises that are broken where all is quiet, a line each; none where something is still to come. */
  readonly broken: (state: State) => readonly string[];
}

/** What a state holds at a place. */
export const at = (state: State, place: number): number => state[place] ?? 0;

/** A place, and what it is to hold. */
export type Change = readonly [place: number, value: number];

export function changed(state: State, ...changes: readonly Change[]): State {
  const copy = state.slice();
  for (const [place, value] of changes) copy[place] = value;
  return copy;
}

export interface Walked {
  readonly states: number;
  readonly edges: number;
  /** Steps to the state that is farthest from the first. */
  readonly depth: number;
  /** The shortest story to each broken promise, by the promise's line. */
  readonly stories: ReadonlyMap<string, readonly string[]>;
}

export interface WalkOptions {
  /** Ends with the first broken promise. @default false */
  readonly first?: boolean;
  readonly onProgress?: (walked: number, met: number, depth: number) => void;
}

const PROGRESS = 20_000;

/** Walks every state that can be reached, nearest first, so that the first story to a broken promise is a shortest. */
export async function explore(world: World, options: WalkOptions = {}): Promise<Walked> {
  const table = new StateTable(world.initial.length);
  const found = new Map<string, readonly State[]>();
  const note = (line: string, index: number, ...then: State[]) => {
    if (!found.has(line)) found.set(line, [...table.pathTo(index), ...then]);
  };
  table.add(world.canonical(world.initial), NONE);
  let edges = 0;
  let depth = 0;
  for (let index = 0, layer = 1; index < table.size; index += 1) {
    if (index === layer) {
      depth += 1;
      layer = table.size;
    }
    const state = table.row(index);
    for (const line of world.broken(state)) note(line, index);
    let next = world.edges(state);
    while (next instanceof Promise) {
      await next;
      next = world.edges(state);
    }
    edges += next.length;
    for (const { to, broken } of next) {
      const canonical = world.canonical(to);
      if (broken !== undefined) note(broken, index, canonical);
      table.add(canonical, index);
    }
    if (options.first === true && found.size > 0) break;
    if (index % PROGRESS === 0) options.onProgress?.(index, table.size, depth);
  }
  const stories = new Map([...found].map(([line, path]) => [line, story(world, path)]));
  return { states: table.size, edges, depth, stories };
}

/** What happened on a path, a line a step. Who is who is kept, where `canonical` forgets it. */
function story(world: World, [first = world.initial, ...path]: readonly State[]): string[] {
  let state = first;
  const names = new Map<number, string>();
  return path.map((target) => {
    const next = world.edges(state);
    const edge =
      next instanceof Promise ? undefined : next.find(({ to }) => same(world.canonical(to), target));
    if (edge === undefined) throw new Error(`No step leads from ${state.join()} to ${target.join()}`);
    state = edge.to;
    const { actor, words, enters } = edge.tell();
    if (actor === undefined) return words;
    if (enters === true) names.set(actor, `run ${names.size + 1}`);
    return `${names.get(actor) ?? ''} ${words}`;
  });
}

const same = (one: State, other: State): boolean => one.every((value, i) => value === other[i]);
