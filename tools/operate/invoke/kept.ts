import type { Settings } from '../../../config/settings';
import { keptBytes } from '../../../handlers/shared/failure-record';
import { maxMessageBytes } from '../../../stacks/message-size';
import { UsageError } from '../../lib/errors';

/**
 * Refuses an event that nobody waits for and of which the failure queue could not keep the record.
 * @throws {UsageError}
 */
export function requireKept(payload: string, settings: Pick<Settings, 'awsProvider'>): void {
  const [bytes, most] = [Buffer.byteLength(payload), keptBytes(maxMessageBytes(settings))];
  if (bytes <= most) return;
  throw new UsageError(
    `PAYLOAD: got ${bytes} bytes; expected ${most} at most with --async: if it fails, its record must fit into the failure queue. Put it in a bucket and send its key.`,
  );
}
