import { RetryableError } from './errors';
import { advance, type MoveContext, type MoveRequest, type MoveResult, type Step } from './move-steps';

export type { MoveContext, MoveRequest, MoveResult } from './move-steps';

/**
 * How often a move may turn to another step before it leaves the rest to Lambda's retry. An ordinary move takes three;
 * each surprise (an overwrite, a taken name, a conflict) two or three more.
 */
export const MAX_STEPS = 30;

/**
 * Moves the object that is at `key` now. The event only says where to look. Both the copy and the delete
 * hold only for the version that was seen, so a duplicate, a late or a crashed run does no harm.
 * docs/adr/0002-level-triggered-move.md
 * @throws RetryableError when the object kept changing; PermanentError when a name grows too long; what the store throws
 */
export async function move(request: MoveRequest, context: MoveContext): Promise<MoveResult> {
  let conflicts = 0;
  let step: Step = request.version ? { do: 'prepare', version: request.version } : { do: 'look' };
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const next = await advance(step, request, context);
    if (next === 'conflict') {
      conflicts += 1;
      await context.backOff(conflicts);
    } else if (next.do === 'finish') {
      return next.result;
    } else {
      step = next;
    }
  }
  // Thrown, so that Lambda tries again: the object is still there.
  throw new RetryableError(
    `The object or its destination kept changing (${MAX_STEPS} steps, ${conflicts} conflicts)`,
    'Look for something that writes the same key all the time.',
  );
}
