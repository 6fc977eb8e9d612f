import { parseSettings } from '../../config/environments';
import { messageOf } from '../../tools/lib/errors';
import { errorOf } from '../support/error-of';

/** The sentences that refuse some settings, without the heading. */
const refusal = (settings: object): string =>
  messageOf(errorOf(() => parseSettings({ namePrefix: 'test', ...settings }, 'test')) ?? new Error(''))
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .join('\n');

const EXISTING = { name: 'team-data', versioned: false };

/** Each rule between settings: what breaks it, its sentence, and for each way that the sentence names, settings that take it. */
const RULES: readonly (readonly [wrong: object, sentence: string, ways: readonly object[]])[] = [
  [
    { sweep: { everyMinutes: 200 } },
    'sweep.everyMinutes (200), health.oldestUploadMinutes (120 by default) and sweep.olderThanMinutes (15 by default) do not fit together: a sweep may find an upload only after 215 min, and the alarm would go off while all is well. Set health.oldestUploadMinutes to 216 or more, sweep.everyMinutes and sweep.olderThanMinutes to less than 120 together or health.enabled to false.',
    [
      { sweep: { everyMinutes: 200 }, health: { oldestUploadMinutes: 216 } },
      { sweep: { everyMinutes: 104 } },
      { sweep: { everyMinutes: 200 }, health: { enabled: false } },
    ],
  ],
  [
    { failureRetentionDays: 1, uploadQueue: {} },
    'failureRetentionDays (1) and health.failureQueueAgeHours (24 by default) do not fit together: SQS deletes a record after 24 h, and the alarm could never go off. Set health.failureQueueAgeHours to less than 24, failureRetentionDays to 2 or more or health.enabled to false.',
    [
      { failureRetentionDays: 1, health: { failureQueueAgeHours: 23 } },
      { failureRetentionDays: 2 },
      { failureRetentionDays: 1, health: { enabled: false } },
    ],
  ],
  [
    { processUpload: { release: { canary: { version: 3, weight: 0.1 } } } },
    'processUpload.release.canary ({"version":3,"weight":0.1}) and processUpload.release.alias (false by default) do not fit together: versions are released by the alias, and there is none. Set processUpload.release.alias to true or the others to nothing.',
    [{ processUpload: { release: { alias: true, canary: { version: 3, weight: 0.1 } } } }],
  ],
  [
    { invoked: { release: { version: 3, alias: false } } },
    'invoked.release.version (3) and invoked.release.alias (false) do not fit together',
    [{ invoked: { release: { alias: true, version: 3 } } }],
  ],
  [
    { caller: { release: { provisionedConcurrentExecutions: 1 } } },
    'caller.release.provisionedConcurrentExecutions (1) and caller.release.alias (false by default) do not fit',
    [{ caller: { release: { alias: true, provisionedConcurrentExecutions: 1 } } }],
  ],
  [
    { bucket: { versioning: false } },
    'bucket.versioning (false) and onExisting ("replace" by default) do not fit together: what is replaced would be gone, for the bucket keeps no older versions. Set bucket.versioning to true or onExisting to "keepBoth".',
    [{ bucket: { versioning: false }, onExisting: 'keepBoth' }],
  ],
  [
    { bucket: { existing: EXISTING }, trigger: 'eventbridge' },
    'bucket.existing.versioned (false) and onExisting ("replace" by default) do not fit together',
    [{ bucket: { existing: EXISTING }, trigger: 'eventbridge', onExisting: 'keepBoth' }],
  ],
  [
    { prefixes: { upload: '' } },
    'prefixes.upload ("") and prefixes.watchWholeBucket (false by default) do not fit together: the whole bucket is watched by an empty upload prefix, and only on purpose. Set prefixes.upload to a prefix such as "uploads/" or prefixes.watchWholeBucket to true.',
    [{ prefixes: { upload: '', watchWholeBucket: true } }],
  ],
  [
    { prefixes: { watchWholeBucket: true } },
    'prefixes.watchWholeBucket (true) and prefixes.upload ("uploads/" by default) do not fit together',
    [{ prefixes: { upload: '', watchWholeBucket: true } }],
  ],
  [
    { trigger: 'queue', uploadQueue: { batchSize: 11 } },
    'uploadQueue.batchSize (11) and uploadQueue.maximumBatchingWindowSeconds (0 by default) do not fit together: Lambda waits for a batch of more than 10. Set uploadQueue.maximumBatchingWindowSeconds to 1 or more or uploadQueue.batchSize to 10 or less.',
    [{ trigger: 'queue', uploadQueue: { batchSize: 11, maximumBatchingWindowSeconds: 1 } }],
  ],
  [
    { trigger: 'queue', failureRetentionDays: 4 },
    'failureRetentionDays (4) and uploadQueue.retentionDays (4 by default) do not fit together: a message keeps its age when it moves to the failure queue, and would be deleted there at once. Set uploadQueue.retentionDays to less than 4 or failureRetentionDays to 5 or more.',
    [
      { trigger: 'queue', failureRetentionDays: 4, uploadQueue: { retentionDays: 3 } },
      { trigger: 'queue', failureRetentionDays: 5 },
    ],
  ],
  [
    {
      trigger: 'queue',
      processUpload: { reservedConcurrentExecutions: 5 },
      uploadQueue: { maximumConcurrency: 6 },
    },
    'uploadQueue.maximumConcurrency (6) and processUpload.reservedConcurrentExecutions (5) do not fit together',
    [
      {
        trigger: 'queue',
        processUpload: { reservedConcurrentExecutions: 6 },
        uploadQueue: { maximumConcurrency: 6 },
      },
    ],
  ],
  [
    { trigger: 'eventbridge', uploadRule: { minimumSizeBytes: 2, maximumSizeBytes: 1 } },
    'uploadRule.minimumSizeBytes (2) and uploadRule.maximumSizeBytes (1) do not fit together: no upload is that large and that small.',
    [{ trigger: 'eventbridge', uploadRule: { minimumSizeBytes: 1, maximumSizeBytes: 1 } }],
  ],
  [
    { jobs: { queue: { fifo: true, maximumBatchingWindowSeconds: 1 } } },
    'jobs.queue.fifo (true), jobs.queue.maximumBatchingWindowSeconds (1) and jobs.queue.batchSize (10 by default) do not fit together: a FIFO queue has batches of up to 10, and no batching window.',
    [{ jobs: { queue: { fifo: true } } }],
  ],
  [
    { jobs: { queue: { batchSize: 11 } } },
    'jobs.queue.batchSize (11) and jobs.queue.maximumBatchingWindowSeconds (0 by default) do not fit together',
    [{ jobs: { queue: { batchSize: 11, maximumBatchingWindowSeconds: 1 } } }],
  ],
  [
    { jobs: { queue: { enabled: true } }, failureRetentionDays: 4 },
    'failureRetentionDays (4) and jobs.queue.retentionDays (4 by default) do not fit together',
    [{ jobs: { queue: { enabled: true, retentionDays: 3 } }, failureRetentionDays: 4 }],
  ],
  [
    { jobs: { queue: { maximumConcurrency: 6 } }, invoked: { reservedConcurrentExecutions: 5 } },
    'jobs.queue.maximumConcurrency (6) and invoked.reservedConcurrentExecutions (5) do not fit together',
    [{ jobs: { queue: { maximumConcurrency: 5 } }, invoked: { reservedConcurrentExecutions: 5 } }],
  ],
];

describe('settings that do not fit together', () => {
  it.each(RULES)('%j: the sentence names all of them, and every way out', (wrong, sentence, ways) => {
    expect(refusal(wrong)).toContain(sentence);
    expect(refusal(wrong).split('\n')).toHaveLength(1);
    for (const way of ways) expect(refusal(way)).toBe('');
  });
});
