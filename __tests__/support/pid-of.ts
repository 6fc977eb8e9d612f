/**
 * The id of a process that a test has started, or of one on record.
 * @throws {Error} where there is none: no number stands for that, least of all 0, which kill(2) takes for the caller's group
 */
export function pidOf({ pid }: { readonly pid?: number | undefined }): number {
  if (pid === undefined) throw new Error('There is no process.');
  return pid;
}
