import { explore } from '../../../__tests__/support/explorer/explore';
import { MoveWorld } from '../../../__tests__/support/explorer/move-world';
import { MUTANTS } from '../../../__tests__/support/explorer/mutants';
import { told, walk } from '../../../__tests__/support/explorer/walk';
import { LARGE_WORLDS, MODES, SMALL_WORLDS } from '../../../__tests__/support/explorer/worlds';
import type { Mode } from '../../../__tests__/support/promises';
import type { Progress } from '../../lib/progress';
import { duration } from '../../lib/terminal';

const count = (number: number): string => number.toLocaleString('en');

/**
 * Walks every order of the small worlds, and of the large ones unless told otherwise.
 * @returns whether every promise was kept, but for the known exceptions
 */
export async function exhaustive(
  progress: Progress,
  { mode, small }: { readonly mode: Mode | undefined; readonly small: boolean },
): Promise<boolean> {
  const started = Date.now();
  const all = { states: 0, edges: 0, depth: 0, broken: 0 };
  for (const world of small ? SMALL_WORLDS : [...SMALL_WORLDS, ...LARGE_WORLDS]) {
    for (const each of mode === undefined ? MODES : [mode]) {
      const { states, edges, depth, known, broken } = await progress.step(
        `${world.title} (${each}): ${JSON.stringify(world.setting)}`,
        (note) =>
          walk(world, each, {
            onProgress: (walked, met, steps) => {
              note(`${count(walked)} of ${count(met)} states so far, ${steps} steps deep`);
            },
          }),
        (result) =>
          `${world.title} (${each}): ${count(result.states)} states, ${count(result.edges)} edges, ${result.depth} deep`,
      );
      for (const { broken: line } of known) progress.say(`a known exception (docs/adr/0002): ${line}`);
      for (const story of broken) progress.say(story.replaceAll('\n', '\n  '));
      all.states += states;
      all.edges += edges;
      all.depth = Math.max(all.depth, depth);
      all.broken += broken.length;
    }
  }
  const verdict = all.broken === 0 ? 'every promise kept' : `${all.broken} promises broken`;
  const seconds = duration(Date.now() - started);
  progress.say(
    `${count(all.states)} states, ${count(all.edges)} edges, up to ${all.depth} deep, in ${seconds}: ${verdict}`,
  );
  return all.broken === 0;
}

/** Tells the shortest story to what goes wrong without each condition of the move. */
export async function mutants(progress: Progress): Promise<boolean> {
  let all = true;
  for (const { title, subject, mode, setting, promise } of MUTANTS) {
    const { stories } = await explore(new MoveWorld({ ...setting, mode }, subject));
    const found = [...stories].find(([line]) => line.startsWith(promise));
    all &&= found !== undefined;
    progress.say(`A handler that ${title} (${mode}):`);
    progress.say(
      `  ${found === undefined ? 'nothing was found' : told(...found).replaceAll('\n', '\n    ')}\n`,
    );
  }
  return all;
}
