import type { Settings } from './settings';

/** Settings that are each allowed, and do not fit together. */
interface Conflict {
  /** Every setting of the rule, and what it is. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Why they do not fit. */
  readonly why: string;
  /** What would satisfy the rule, one of: `health.enabled to false`. */
  readonly ways: readonly string[];
}

type Rule = (settings: Settings) => Conflict | false;

/** The settings of a queue that a function works off, and where they stand. */
const queuesOf = ({ trigger, uploadQueue, jobs, processUpload, invoked }: Settings) => [
  {
    at: 'uploadQueue',
    queue: uploadQueue,
    isOn: trigger === 'queue',
    reserved: processUpload.reservedConcurrentExecutions,
    by: 'processUpload',
  },
  {
    at: 'jobs.queue',
    queue: jobs.queue,
    isOn: jobs.queue.enabled,
    reserved: invoked.reservedConcurrentExecutions,
    by: 'invoked',
  },
];

const ofEachQueue = (
  rule: (queue: ReturnType<typeof queuesOf>[number], settings: Settings) => Conflict | false,
): Rule[] =>
  [0, 1].map((index) => (settings) => {
    const queue = queuesOf(settings)[index];
    return queue !== undefined && rule(queue, settings);
  });

/** Every rule between settings of different subjects, or that is told best as one. */
const RULES: readonly Rule[] = [
  ({ onExisting, bucket: { versioning, existing } }) =>
    onExisting === 'replace' &&
    !(existing?.versioned ?? versioning) && {
      settings: {
        [existing ? 'bucket.existing.versioned' : 'bucket.versioning']: false,
        onExisting,
      },
      why: 'what is replaced would be gone, for the bucket keeps no older versions',
      ways: [
        `${existing ? 'bucket.existing.versioned' : 'bucket.versioning'} to true`,
        'onExisting to "keepBoth"',
      ],
    },
  ({ prefixes: { upload, watchWholeBucket } }) =>
    watchWholeBucket !== (upload === '') && {
      settings: { 'prefixes.upload': upload, 'prefixes.watchWholeBucket': watchWholeBucket },
      why: 'the whole bucket is watched by an empty upload prefix, and only on purpose',
      ways: watchWholeBucket
        ? ['prefixes.upload to ""', 'prefixes.watchWholeBucket to false']
        : ['prefixes.upload to a prefix such as "uploads/"', 'prefixes.watchWholeBucket to true'],
    },
  ({ sweep, health }) => {
    const { everyMinutes, olderThanMinutes } = sweep;
    const soonest = everyMinutes + olderThanMinutes;
    return (
      health.enabled &&
      sweep.enabled &&
      health.oldestUploadMinutes <= soonest && {
        settings: {
          'health.oldestUploadMinutes': health.oldestUploadMinutes,
          'sweep.everyMinutes': everyMinutes,
          'sweep.olderThanMinutes': olderThanMinutes,
        },
        why: `a sweep may find an upload only after ${soonest} min, and the alarm would go off while all is well`,
        ways: [
          `health.oldestUploadMinutes to ${soonest + 1} or more`,
          `sweep.everyMinutes and sweep.olderThanMinutes to less than ${health.oldestUploadMinutes} together`,
          'health.enabled to false',
        ],
      }
    );
  },
  ({ failureRetentionDays, health }) =>
    health.enabled &&
    health.failureQueueAgeHours >= failureRetentionDays * 24 && {
      settings: {
        'health.failureQueueAgeHours': health.failureQueueAgeHours,
        failureRetentionDays,
      },
      why: `SQS deletes a record after ${failureRetentionDays * 24} h, and the alarm could never go off`,
      ways: [
        `health.failureQueueAgeHours to less than ${failureRetentionDays * 24}`,
        `failureRetentionDays to ${Math.floor(health.failureQueueAgeHours / 24) + 1} or more`,
        'health.enabled to false',
      ],
    },
  ...(['processUpload', 'caller', 'invoked'] as const).map((name): Rule => (settings) => {
    const { alias, ...release } = settings[name].release;
    const needing = (['version', 'canary', 'provisionedConcurrentExecutions'] as const).filter(
      (each) => release[each] !== undefined,
    );
    return (
      needing.length > 0 &&
      !alias && {
        settings: {
          ...Object.fromEntries(needing.map((each) => [`${name}.release.${each}`, release[each]])),
          [`${name}.release.alias`]: alias,
        },
        why: 'versions are released by the alias, and there is none',
        ways: [`${name}.release.alias to true`, 'the others to nothing'],
      }
    );
  }),
  ...ofEachQueue(
    ({ at, queue }) =>
      queue.batchSize > 10 &&
      queue.maximumBatchingWindowSeconds === 0 &&
      !('fifo' in queue && queue.fifo === true) && {
        settings: {
          [`${at}.batchSize`]: queue.batchSize,
          [`${at}.maximumBatchingWindowSeconds`]: queue.maximumBatchingWindowSeconds,
        },
        why: 'Lambda waits for a batch of more than 10',
        ways: [`${at}.maximumBatchingWindowSeconds to 1 or more`, `${at}.batchSize to 10 or less`],
      },
  ),
  ({ jobs: { queue } }) =>
    queue.fifo &&
    (queue.maximumBatchingWindowSeconds > 0 || queue.batchSize > 10) && {
      settings: {
        'jobs.queue.fifo': true,
        'jobs.queue.batchSize': queue.batchSize,
        'jobs.queue.maximumBatchingWindowSeconds': queue.maximumBatchingWindowSeconds,
      },
      why: 'a FIFO queue has batches of up to 10, and no batching window',
      ways: [
        'jobs.queue.batchSize to 10 or less and jobs.queue.maximumBatchingWindowSeconds to 0',
        'jobs.queue.fifo to false',
      ],
    },
  ...ofEachQueue(
    ({ at, queue, isOn }, { failureRetentionDays }) =>
      isOn &&
      queue.retentionDays >= failureRetentionDays && {
        settings: { [`${at}.retentionDays`]: queue.retentionDays, failureRetentionDays },
        why: 'a message keeps its age when it moves to the failure queue, and would be deleted there at once',
        ways: [
          `${at}.retentionDays to less than ${failureRetentionDays}`,
          `failureRetentionDays to ${queue.retentionDays + 1} or more`,
        ],
      },
  ),
  ...ofEachQueue(
    ({ at, queue, reserved, by }) =>
      reserved !== undefined &&
      (queue.maximumConcurrency ?? 0) > reserved && {
        settings: {
          [`${at}.maximumConcurrency`]: queue.maximumConcurrency,
          [`${by}.reservedConcurrentExecutions`]: reserved,
        },
        why: 'the queue would be throttled, and a throttled message counts as a failed attempt',
        ways: [
          `${at}.maximumConcurrency to ${reserved} or less`,
          `${by}.reservedConcurrentExecutions to ${queue.maximumConcurrency ?? 0} or more`,
        ],
      },
  ),
  ({ uploadRule: { minimumSizeBytes = 0, maximumSizeBytes = Infinity } }) =>
    minimumSizeBytes > maximumSizeBytes && {
      settings: {
        'uploadRule.minimumSizeBytes': minimumSizeBytes,
        'uploadRule.maximumSizeBytes': maximumSizeBytes,
      },
      why: 'no upload is that large and that small',
      ways: [
        `uploadRule.minimumSizeBytes to ${maximumSizeBytes} or less`,
        `uploadRule.maximumSizeBytes to ${minimumSizeBytes} or more`,
      ],
    },
];

/**
 * What does not fit together, a sentence each: every setting of the rule, whether it was set or follows by default, why,
 * and the ways to satisfy the rule.
 * @param input as the environment gives it
 */
export const conflicts = (settings: Settings, input: unknown): string[] =>
  RULES.map((rule) => rule(settings))
    .filter((conflict) => conflict !== false)
    .map(({ settings: those, why, ways }) => {
      const told = Object.entries(those).map(([path, value]) => ({
        path,
        value,
        given: isGiven(input, path),
      }));
      // What somebody wrote comes first: it is what brought the rule about.
      const names = [...told.filter(({ given }) => given), ...told.filter(({ given }) => !given)].map(
        ({ path, value, given }) => `${path} (${JSON.stringify(value)}${given ? '' : ' by default'})`,
      );
      return `${list(names, 'and')} do not fit together: ${why}. Set ${list(ways, 'or')}.`;
    });

function isGiven(input: unknown, path: string): boolean {
  let at: unknown = input;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null) return false;
    at = Reflect.get(at, name);
  }
  return at !== undefined;
}

const list = (texts: readonly string[], word: string): string =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} ${word} ${texts.at(-1) ?? ''}`;
