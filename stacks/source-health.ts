import type { Settings } from '../config/settings';
import { Alarm, type AlarmContext } from '../constructs/health/alarm';
import type { Health } from '../constructs/health/health';

const PERIOD_SECONDS = 300;

/** What an alarm on a source says, and what it looks at. */
interface Watched {
  readonly meaning: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Maximum' | 'Sum';
  readonly threshold: number;
}

/** Alarms on the ways to the functions that are on: what waits there too long, and what they cannot hand over. */
export function watchSources(health: Health, settings: Settings): void {
  const { namePrefix, trigger, jobs } = settings;
  const context = { namePrefix, topic: health.topic, runbookUrl: settings.health.runbookUrl };
  const watched: Readonly<Record<string, Watched>> = {
    ...(trigger === 'queue' && queue('upload-queue', `${namePrefix}-uploads`, settings)),
    ...(trigger === 'eventbridge' && {
      'rule-failures': undelivered('AWS/Events', 'FailedInvocations', 'RuleName', namePrefix),
    }),
    ...(trigger === 'topic' && {
      'topic-failures': undelivered('AWS/SNS', 'NumberOfNotificationsFailed', 'TopicName', namePrefix),
    }),
    ...(jobs.queue.enabled &&
      queue('job-queue', `${namePrefix}-jobs${jobs.queue.fifo ? '.fifo' : ''}`, settings)),
    ...(jobs.queue.enabled && jobs.queue.fifo && { 'job-failures-depth': fifoFailures(settings) }),
    ...(jobs.stream.arns.length > 0 && { 'iterator-age': iteratorAge(settings) }),
  };
  for (const [name, one] of Object.entries(watched)) watch(health, name, one, context);
}

function watch(
  health: Health,
  name: string,
  { meaning, threshold, ...metric }: Watched,
  context: AlarmContext,
) {
  new Alarm(health, name, {
    ...context,
    meaning,
    section: name,
    metric: { ...metric, period: PERIOD_SECONDS },
    threshold,
    // These services report nothing of what is not used, or did not happen.
    treatMissingData: 'notBreaching',
  });
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
const queue = (name: string, queueName: string, { health }: Settings): Record<string, Watched> => ({
  [`${name}-depth`]: {
    meaning: `More than ${health.queueDepth.toLocaleString('en')} messages wait in ${queueName}.`,
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: queueName },
    statistic: 'Maximum',
    threshold: health.queueDepth,
  },
  [`${name}-age`]: {
    meaning: `The oldest message in ${queueName} has waited for more than ${health.waitingMinutes} min.`,
    namespace: 'AWS/SQS',
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: { QueueName: queueName },
    statistic: 'Maximum',
    threshold: health.waitingMinutes * 60,
  },
});

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
const undelivered = (
  namespace: string,
  metricName: string,
  dimension: string,
  namePrefix: string,
): Watched => ({
  meaning: 'Uploads could not be handed to process-upload; their events are in the failure queue.',
  namespace,
  metricName,
  dimensions: { [dimension]: `${namePrefix}-uploads` },
  statistic: 'Sum',
  threshold: 0,
});

const fifoFailures = ({ namePrefix, health }: Settings): Watched => ({
  meaning: 'Jobs of the FIFO queue have failed for good and wait in a failure queue of their own.',
  namespace: 'AWS/SQS',
  metricName: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: `${namePrefix}-job-failures.fifo` },
  statistic: 'Maximum',
  threshold: health.failureQueueDepth,
});

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
const iteratorAge = ({ namePrefix, health }: Settings): Watched => ({
  meaning: `The last record that was read from a stream is older than ${health.waitingMinutes} min.`,
  namespace: 'AWS/Lambda',
  metricName: 'IteratorAge',
  dimensions: { FunctionName: `${namePrefix}-invoked` },
  statistic: 'Maximum',
  threshold: health.waitingMinutes * 60_000,
});
