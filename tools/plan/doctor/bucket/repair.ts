import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { isDeepStrictEqual } from 'node:util';
import { ToolError } from '../../../lib/errors';
import type { BucketCalls } from './facts';
import { withEventBridge } from './notifications';
import type { Wanted } from './wanted';

/** A change of the bucket that adds what is missing and keeps the rest. */
export interface Repair {
  /** The difference, a line each, with + and - in front. */
  readonly difference: readonly string[];
  readonly apply: () => Promise<void>;
}

/** What `--apply-bucket` would do; nothing where nothing is missing. */
export async function repairsOf(wanted: Wanted, calls: BucketCalls): Promise<Repair[]> {
  const [versioning = 'never set', notifications] = await Promise.all([
    calls.versioning(),
    calls.notifications(),
  ]);
  const repairs: Repair[] = [];
  if (wanted.versioned && versioning !== 'Enabled') {
    repairs.push({
      difference: [`- versioning: ${versioning}`, '+ versioning: Enabled'],
      apply: async () => {
        await calls.enableVersioning();
      },
    });
  }
  if (notifications.EventBridgeConfiguration === undefined) {
    repairs.push({
      difference: [
        ...JSON.stringify(notifications, undefined, 2)
          .split('\n')
          .slice(1, -1)
          .map((line) => `  ${line}`),
        '+   "EventBridgeConfiguration": {}',
      ],
      apply: () => turnOn(wanted.name, notifications, calls),
    });
  }
  return repairs;
}

/**
 * Reads once more before it writes and once more after it, because S3 takes the whole configuration and knows no
 * condition for it: what someone else changed since it was shown is not overwritten, and what someone changed in the
 * moment between is at least told.
 */
async function turnOn(name: string, shown: NotificationConfiguration, calls: BucketCalls): Promise<void> {
  const now = await calls.notifications();
  if (!isDeepStrictEqual(now, shown)) {
    throw new ToolError(
      `Someone changed the notifications of ${name} since they were shown; nothing was written. Run it again to see them.`,
    );
  }
  const wanted = withEventBridge(now);
  await calls.setNotifications(wanted);
  const after = await calls.notifications();
  if (isDeepStrictEqual(after, wanted)) return;
  throw new ToolError(
    `The notifications of ${name} are not what was written: someone changed them at the same moment.\n` +
      `Written: ${JSON.stringify(wanted)}\nNow:     ${JSON.stringify(after)}`,
  );
}
