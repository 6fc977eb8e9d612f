import { explore, type WalkOptions, type World } from '../../../__tests__/support/explorer/explore';
import { MoveWorld } from '../../../__tests__/support/explorer/move-world';
import { MUTANTS } from '../../../__tests__/support/explorer/mutants';
import { REDRIVE_MUTANTS } from '../../../__tests__/support/explorer/redrive/redrive-mutants';
import { RedriveWorld } from '../../../__tests__/support/explorer/redrive/redrive-world';
import { REDRIVE_WORLDS } from '../../../__tests__/support/explorer/redrive/redrive-worlds';
import { told, walk, type Result } from '../../../__tests__/support/explorer/walk';
import { LARGE_WORLDS, MODES, SMALL_WORLDS } from '../../../__tests__/support/explorer/worlds';
import type { Mode } from '../../../__tests__/support/promises';
import type { Progress } from '../../lib/progress';
import { duration } from '../../lib/terminal';

const count = (number: number): string => number.toLocaleString('en');

interface Walk {
  readonly title: string;
  readonly setting: object;
  readonly walk: (options: WalkOptions) => Promise<Result>;
}

const moves = (modes: readonly Mode[], small: boolean): Walk[] =>
  (small ? SMALL_WORLDS : [...SMALL_WORLDS, ...LARGE_WORLDS]).flatMap((world) =>
    modes.map((mode) => ({
      title: `${world.title} (${mode})`,
      setting: world.setting,
      walk: (options) => walk(world, mode, options),
    })),
  );

const REDRIVES = REDRIVE_WORLDS.map(({ title, setting }): Walk => ({
  title: `${title} (redrive)`,
  setting,
  walk: async (options) => {
    const walked = await explore(new RedriveWorld(setting), options);
    return { ...walked, known: [], broken: [...walked.stories].map((story) => told(...story)) };
  },
}));

/**
 * Walks every order of the small worlds, and of the large ones unless told otherwise.
 * @returns whether every promise was kept, except the known exceptions
 */
export async function exhaustive(
  progress: Progress,
  { mode, small }: { readonly mode: Mode | undefined; readonly small: boolean },
): Promise<boolean> {
  const started = Date.now();
  const all = { states: 0, edges: 0, depth: 0, broken: 0 };
  for (const { title, setting, walk } of [
    ...REDRIVES,
    ...moves(mode === undefined ? MODES : [mode], small),
  ]) {
    const { states, edges, depth, known, broken } = await progress.step(
      `${title}: ${JSON.stringify(setting)}`,
      (note) =>
        walk({
          onProgress: (walked, met, steps) => {
            note(`${count(walked)} of ${count(met)} states so far, ${steps} steps deep`);
          },
        }),
      (result) =>
        `${title}: ${count(result.states)} states, ${count(result.edges)} edges, ${result.depth} deep`,
    );
    for (const { broken: line } of known) progress.say(`a known exception (docs/adr/0002): ${line}`);
    for (const story of broken) progress.say(story.replaceAll('\n', '\n  '));
    all.states += states;
    all.edges += edges;
    all.depth = Math.max(all.depth, depth);
    all.broken += broken.length;
  }
  const verdict = all.broken === 0 ? 'every promise kept' : `${all.broken} promises broken`;
  const seconds = duration(Date.now() - started);
  progress.say(
    `${count(all.states)} states, ${count(all.edges)} edges, up to ${all.depth} deep, in ${seconds}: ${verdict}`,
  );
  return all.broken === 0;
}

interface Wrong {
  readonly title: string;
  readonly promise: string;
  readonly world: World;
}

/** Made when needed: a world keeps what it met. */
const wrongs = (): readonly Wrong[] => [
  ...MUTANTS.map(({ title, subject, mode, setting, promise }) => ({
    title: `A handler that ${title} (${mode})`,
    promise,
    world: new MoveWorld({ ...setting, mode }, subject),
  })),
  ...REDRIVE_MUTANTS.map(({ title, subject, setting, promise }) => ({
    title: `A redrive that ${title}`,
    promise,
    world: new RedriveWorld(setting, subject),
  })),
];

/** Tells the shortest story to what goes wrong without each condition of the move, and of a redrive. */
export async function mutants(progress: Progress): Promise<boolean> {
  let all = true;
  for (const { title, promise, world } of wrongs()) {
    const { stories } = await explore(world);
    const found = [...stories].find(([line]) => line.startsWith(promise));
    all &&= found !== undefined;
    progress.say(`${title}:`);
    progress.say(
      `  ${found === undefined ? 'nothing was found' : told(...found).replaceAll('\n', '\n    ')}\n`,
    );
  }
  return all;
}
