import { z } from 'zod';
import type { Refuse } from './refuse';
import { about, integer, number, range } from './about';

/** The way from an upload to the function. Which to choose: docs/event-sources.md. */
export const trigger = about(z.enum(['direct', 'queue', 'eventbridge', 'topic']).default('direct'), {
  description:
    'The way from an upload to process-upload: S3 alone, or by an SQS queue, an EventBridge rule or an SNS topic. docs/event-sources.md tells which to choose.',
  allowed:
    'direct, queue, eventbridge or topic; with bucket.existing only eventbridge, because a bucket has one notification configuration and Terraform would replace all of it',
});

/** S3 -> SQS -> function. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export const uploadQueue = z.strictObject({
  batchSize: about(integer(1, 10_000).default(10), {
    description: 'With trigger queue: uploads that one invocation gets at most.',
    unit: 'messages',
    allowed: `${range(1, 10_000)}; above 10 only with uploadQueue.maximumBatchingWindowSeconds of 1 or more`,
  }),
  maximumBatchingWindowSeconds: number(0, 300, 0, {
    description: 'With trigger queue: how long to wait for a batch to fill.',
    unit: 'seconds',
  }),
  maximumConcurrency: about(integer(2, 1000).optional(), {
    description:
      'With trigger queue: invocations at a time; what is more waits in the queue and is not throttled. Left out: the reserved concurrency of process-upload, or no limit.',
    unit: 'executions',
    allowed: `${range(2, 1000)}, not above processUpload.reservedConcurrentExecutions, or left out`,
  }),
  maxReceiveCount: number(1, 1000, 5, {
    description: 'With trigger queue: attempts before an upload goes to the failure queue; AWS advises 5.',
    unit: 'attempts',
  }),
  retentionDays: about(integer(1, 13).default(4), {
    description:
      'With trigger queue: how long an upload may wait in the queue. A message keeps its age when it moves to the failure queue.',
    unit: 'days',
    allowed: `${range(1, 13)}, fewer than failureRetentionDays`,
  }),
});

/** What EventBridge compares numbers up to. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const MOST_BYTES = 5_000_000_000;

const size = (which: string) =>
  about(integer(0, MOST_BYTES).optional(), {
    description: `With trigger eventbridge: ${which} uploads are left where they are.`,
    unit: 'bytes',
    allowed: `${range(0, MOST_BYTES)}, or left out; the minimum not above the maximum`,
  });

/** S3 -> EventBridge -> function. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
export const uploadRule = z.strictObject({
  suffix: about(z.string().max(512).default(''), {
    description: 'With trigger eventbridge: only keys that end so are processed, such as `.csv`.',
    allowed: 'up to 512 characters; empty for every key',
  }),
  minimumSizeBytes: size('smaller'),
  maximumSizeBytes: size('larger'),
  maximumRetryAttempts: number(0, 185, 185, {
    description:
      'With trigger eventbridge: how often EventBridge tries again to hand an event to Lambda before it goes to the failure queue.',
    unit: 'attempts',
  }),
  maximumEventAgeSeconds: number(60, 86_400, 86_400, {
    description: 'With trigger eventbridge: how long EventBridge keeps an event that Lambda does not take.',
    unit: 'seconds',
  }),
});

const subscriber = z.union([
  z.strictObject({ protocol: z.enum(['sqs', 'lambda']), endpoint: z.string().regex(/^arn:/u) }),
  z.strictObject({ protocol: z.literal('https'), endpoint: z.string().regex(/^https:\/\//u) }),
  z.strictObject({ protocol: z.literal('email'), endpoint: z.email() }),
]);

/** Who hears of what a topic publishes, by name. */
export const subscribers = z.record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/u), subscriber).default({});

/** S3 -> SNS -> function, and other subscribers. https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html */
export const uploadTopic = z.strictObject({
  subscribers: about(subscribers, {
    description:
      'With trigger topic: who else hears of every upload, by a name of your choice. A queue or function must itself allow the topic (output upload_topic_arn).',
    allowed:
      'names of lower-case letters, digits and hyphens, each with { protocol: sqs, lambda, https or email, endpoint: its ARN, URL or address }',
  }),
});

/** The settings of each trigger. */
const OF_TRIGGER = {
  queue: ['uploadQueue', uploadQueue],
  eventbridge: ['uploadRule', uploadRule],
  topic: ['uploadTopic', uploadTopic],
} as const;

/** Refuses what is set for another trigger than the one that is on: it would be ignored. */
export function refuseUnused(settings: TriggerSettings, refuse: Refuse): void {
  for (const [trigger, [name, schema]] of Object.entries(OF_TRIGGER)) {
    if (trigger === settings.trigger) continue;
    const defaults: Readonly<Record<string, unknown>> = schema.parse({});
    const set = Object.entries<unknown>(settings[name]).find(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults[key]),
    );
    if (set === undefined) continue;
    const [key, value] = set;
    refuse(
      `${name}.${key}`,
      value,
      `expected trigger ${trigger} with it, or the setting left out: trigger is ${settings.trigger}.`,
    );
  }
}

interface TriggerSettings {
  readonly trigger: z.output<typeof trigger>;
  readonly uploadQueue: z.output<typeof uploadQueue>;
  readonly uploadRule: z.output<typeof uploadRule>;
  readonly uploadTopic: z.output<typeof uploadTopic>;
}
