import { requireInteger } from '../base/validate';
import type { WaitingLimits, Watch } from '../base/watch';

const PERIOD_SECONDS = 300;

/** When the alarms on a failure queue go off. */
export interface FailureLimits {
  /** More records than this. @default 0 */
  readonly failureQueueDepth?: number;
  /** A record that waits longer than this, in hours. 1–335. @default 24 */
  readonly failureQueueAgeHours?: number;
}

/** How a queue's alarms begin their names, and the queue's own name. */
interface QueueNames {
  readonly name: string;
  readonly queueName: string;
}

/** A queue whose messages a function works off: that too many wait, or one for too long. */
export function workQueueWatches({ name, queueName }: QueueNames, limits: WaitingLimits): Watch[] {
  const { queueDepth = 10_000, waitingMinutes = 60 } = limits;
  requireInteger(queueDepth, { property: 'Health.queueDepth', minimum: 0 });
  requireInteger(waitingMinutes, { property: 'Health.waitingMinutes', minimum: 1 });
  return depthAndAge(queueName, {
    depth: {
      name: `${name}-depth`,
      section: 'queue-depth',
      meaning: `More than ${queueDepth.toLocaleString('en')} messages wait in ${queueName}.`,
      threshold: queueDepth,
    },
    age: {
      name: `${name}-age`,
      section: 'queue-age',
      meaning: `The oldest message in ${queueName} has waited for more than ${waitingMinutes} min.`,
      threshold: waitingMinutes * 60,
    },
  });
}

/** A queue that nothing works off by itself: that something failed after the last attempt, and that nobody looked. */
export function failureQueueWatches(
  { name, queueName, fifo }: QueueNames & { readonly fifo: boolean },
  limits: FailureLimits,
): Watch[] {
  const { failureQueueDepth = 0, failureQueueAgeHours = 24 } = limits;
  requireInteger(failureQueueDepth, { property: 'Health.failureQueueDepth', minimum: 0 });
  requireInteger(failureQueueAgeHours, {
    property: 'Health.failureQueueAgeHours',
    minimum: 1,
    maximum: 335,
  });
  const section = fifo ? 'fifo-failure-queue' : 'failure-queue';
  return depthAndAge(queueName, {
    depth: {
      name: `${name}-depth`,
      section: `${section}-depth`,
      meaning: `Events failed after their last attempt; their records wait in ${queueName}.`,
      threshold: failureQueueDepth,
    },
    age: {
      name: `${name}-age`,
      section: `${section}-age`,
      meaning: `The oldest record in ${queueName} has waited for more than ${failureQueueAgeHours} h; SQS deletes it when the queue's retention ends.`,
      threshold: failureQueueAgeHours * 3600,
    },
  });
}

type Told = Pick<Watch, 'name' | 'section' | 'meaning' | 'threshold'>;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
function depthAndAge(
  queueName: string,
  { depth, age }: { readonly depth: Told; readonly age: Told },
): Watch[] {
  const watch = (told: Told, metricName: string): Watch => ({
    ...told,
    metric: {
      namespace: 'AWS/SQS',
      metricName,
      dimensions: { QueueName: queueName },
      statistic: 'Maximum',
      period: PERIOD_SECONDS,
    },
    // SQS reports nothing of a queue that was empty and untouched for six hours.
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
    treatMissingData: 'notBreaching',
  });
  return [watch(depth, 'ApproximateNumberOfMessagesVisible'), watch(age, 'ApproximateAgeOfOldestMessage')];
}
