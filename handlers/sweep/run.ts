import type { Note } from './note';
import {
  sweep,
  SweepError,
  type Dependencies,
  type Found,
  type SweepOptions,
  type SweepResult,
} from './sweep';

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
 * One scheduled sweep: goes on where the last one stopped, and notes where this one did. While the mover is stopped it
 * only looks, and notes nothing: resubmitted uploads would go straight to the failure queue.
 * @throws {SweepError} after noting how far it came, so that Lambda tries again from there
 */
export async function run(
  dependencies: RunDependencies,
  options: Pick<SweepOptions, 'olderThanMs' | 'maximumPerSecond'>,
): Promise<void> {
  const { note, log, now } = dependencies;
  const [noted, stopped] = await Promise.all([note.read(), dependencies.isStopped()]);
  const { after, token, began = now(), completed } = noted;
  const { result, error } = await attempt(dependencies, {
    ...options,
    after,
    token,
    since: completed,
    dryRun: stopped,
  });
  const { next, unmovable, ...found } = result;
  if (!stopped) {
    // After an error not the token: it may be what S3 refuses.
    const position = error === undefined ? next : { after: next?.after };
    await note.write(next === undefined ? { completed: began } : { ...position, began, completed });
  }
  dependencies.publish(result);

  log.info('swept', {
    ...found,
    from: after,
    to: next?.after,
    complete: next === undefined,
    unmovable: unmovable.length,
  });
  if (stopped) log.warn('process-upload is stopped (reserved concurrency 0): nothing was resubmitted', {});
  for (const key of unmovable) {
    log.warn('An upload can never be moved: its destination is longer than S3 allows', { key });
  }
  if (error !== undefined) throw error;
}

/** A sweep; an error in the middle still tells how far it came. */
export async function attempt(
  dependencies: Dependencies,
  options: SweepOptions,
): Promise<{ result: SweepResult; error?: SweepError }> {
  try {
    return { result: await sweep(dependencies, options) };
  } catch (error) {
    if (error instanceof SweepError) return { result: error.result, error };
    throw error;
  }
}
