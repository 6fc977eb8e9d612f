import type { Note } from './note';
import { sweep, SweepError, type Found, type SweepResult, type Dependencies } from './sweep';

type Write = (message: string, fields: Record<string, unknown>) => void;

/** What a scheduled sweep needs from outside. */
export interface RunDependencies extends Dependencies {
  readonly note: Note;
  /** Whether `process-upload` may not run at all. */
  readonly isStopped: () => Promise<boolean>;
  readonly publish: (found: Found) => void;
  readonly log: Readonly<Record<'info' | 'warn' | 'error', Write>>;
}

/**
 * One scheduled sweep: goes on where the last one stopped, and notes where this one did. Where the mover is stopped it
 * only looks: resubmitted uploads would go straight to the failure queue, again at every sweep.
 * @throws {SweepError} after noting how far it came, so that Lambda tries again from there
 */
export async function run(
  dependencies: RunDependencies,
  options: { readonly olderThanMs: number },
): Promise<void> {
  const { note, log } = dependencies;
  const [start, stopped] = await Promise.all([note.read(), dependencies.isStopped()]);
  const { result, error } = await attempt(dependencies, { ...options, after: start, dryRun: stopped });
  if (result.after !== start) await note.write(result.after);
  dependencies.publish(result);

  const { unmovable, ...found } = result;
  log.info('swept', { ...found, from: start, unmovable: unmovable.length });
  if (stopped) log.warn('process-upload is stopped (reserved concurrency 0): nothing was resubmitted', {});
  for (const key of unmovable) {
    log.warn('An upload can never be moved: its destination is longer than S3 allows', { key });
  }
  if (error !== undefined) throw error;
}

async function attempt(
  dependencies: Dependencies,
  options: Parameters<typeof sweep>[1],
): Promise<{ result: SweepResult; error?: SweepError }> {
  try {
    return { result: await sweep(dependencies, options) };
  } catch (error) {
    if (error instanceof SweepError) return { result: error.result, error };
    throw error;
  }
}
