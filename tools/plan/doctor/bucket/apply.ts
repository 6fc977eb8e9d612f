import type { Ask } from '../../../lib/ask';
import { UsageError } from '../../../lib/errors';
import type { BucketCalls } from './facts';
import { repairsOf } from './repair';
import type { Wanted } from './wanted';

export interface ApplyProps {
  /** Undefined: the stack makes its bucket itself. */
  readonly wanted: Wanted | undefined;
  readonly calls: (wanted: Wanted) => BucketCalls;
  /** Does not ask. */
  readonly yes: boolean;
  /** Asks on the terminal; undefined without one. */
  readonly ask?: Ask | undefined;
  /** The only answer that confirms. @default yes */
  readonly answer?: string;
  readonly print: (line: string) => unknown;
}

/**
 * `--apply-bucket`: shows what the bucket lacks, asks, and adds it.
 * @returns false where the answer was no
 * @throws {UsageError} at the start, if there is no such bucket, or it must ask and has no terminal
 */
export async function applyToBucket({
  wanted,
  calls,
  yes,
  ask,
  answer = 'yes',
  print,
}: ApplyProps): Promise<boolean> {
  if (wanted === undefined) {
    throw new UsageError(
      '--apply-bucket is for a bucket that exists: bucket.existing is not set, so the stack makes its own.',
    );
  }
  if (!yes && !ask) {
    throw new UsageError(
      '--apply-bucket asks before it changes anything, but there is no terminal. Nothing was changed.\n' +
        'To do it without the question: npm run doctor -- --apply-bucket --yes',
    );
  }
  const repairs = await repairsOf(wanted, calls(wanted));
  if (repairs.length === 0) {
    print(`Nothing to change in the bucket ${wanted.name}.`);
    return true;
  }
  print(`In the bucket ${wanted.name}:`);
  for (const line of repairs.flatMap(({ difference }) => difference)) print(`  ${line}`);
  if (!yes && (await ask?.(`Change this bucket? Only "${answer}" does it: `)) !== answer) {
    print('Nothing was changed.');
    return false;
  }
  for (const { apply } of repairs) await apply();
  print('Changed.');
  return true;
}
