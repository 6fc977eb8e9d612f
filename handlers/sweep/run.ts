import type { Note } from './note';
import { sweep, SweepError, type Found, type SweepResult, type World } from './sweep';

type Write = (message: string, fields: Record<string, unknown>) => void;

/** What a scheduled sweep needs of the world. */
export interface RunWorld extends World {
  readonly note: Note;
  /** Whether `process-upload` may not run at all. */
  readonly isStopped: () => Promise<boolean>;
  readonly publish: (found: Found) => void;
  readonly log: Readonly<Record<'info' | 'warn' | 'error', Write>>;
}

/**
 * One scheduled sweep: goes on where the last one stopped, and notes where this one did. Where the mover is stopped it
 * only looks: announced uploads would go straight to the failure queue, again at every sweep.
 * @throws {SweepError} after noting how far it came, so that Lambda tries again from there
 */
export async function run(world: RunWorld, options: { readonly olderThanMs: number }): Promise<void> {
  const { note, log } = world;
  const [start, stopped] = await Promise.all([note.read(), world.isStopped()]);
  const { result, error } = await attempt(world, { ...options, after: start, dryRun: stopped });
  if (result.after !== start) await note.write(result.after);
  world.publish(result);

  const { hopeless, ...found } = result;
  log.info('swept', { ...found, from: start, hopeless: hopeless.length });
  if (stopped) log.warn('process-upload is stopped (reserved concurrency 0): nothing was announced', {});
  for (const key of hopeless) {
    log.warn('An upload can never be moved: its destination is longer than S3 allows', { key });
  }
  if (error !== undefined) throw error;
}

async function attempt(
  world: World,
  options: Parameters<typeof sweep>[1],
): Promise<{ result: SweepResult; error?: SweepError }> {
  try {
    return { result: await sweep(world, options) };
  } catch (error) {
    if (error instanceof SweepError) return { result: error.result, error };
    throw error;
  }
}
