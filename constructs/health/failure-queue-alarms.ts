import { Construct } from 'constructs';
import { Alarm, type AlarmContext } from './alarm';
import type { FailureQueue } from '../failures/failure-queue';
import { requireInteger } from '../base/validate';

export interface FailureQueueAlarmsProps extends AlarmContext {
  readonly queue: FailureQueue;
  /** More records than this raise an alarm. @default 0 */
  readonly depth?: number;
  /** A record that waits longer than this raises an alarm, in hours. 1–335. @default 24 */
  readonly ageHours?: number;
}

const PERIOD_SECONDS = 300;
const SECONDS_PER_HOUR = 3600;

/** That something failed for good, and that nobody looked. */
export class FailureQueueAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FailureQueueAlarmsProps) {
    super(scope, id);
    const { queue, depth = 0, ageHours = 24, ...context } = props;
    requireInteger(depth, { property: 'FailureQueueAlarms.depth', minimum: 0 });
    requireInteger(ageHours, { property: 'FailureQueueAlarms.ageHours', minimum: 1, maximum: 335 });
    const metric = (metricName: string) => ({
      namespace: 'AWS/SQS',
      metricName,
      dimensions: { QueueName: queue.queue.name },
      statistic: 'Maximum',
      period: PERIOD_SECONDS,
    });
    // SQS reports nothing of a queue that was empty and untouched for six hours.
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
    const treatMissingData = 'notBreaching';

    new Alarm(this, 'failure-queue-depth', {
      ...context,
      meaning: 'Uploads have failed for good and their records wait in the failure queue.',
      section: 'failure-queue-depth',
      metric: metric('ApproximateNumberOfMessagesVisible'),
      threshold: depth,
      treatMissingData,
    });
    new Alarm(this, 'failure-queue-age', {
      ...context,
      meaning: `The oldest record in the failure queue has waited for more than ${ageHours} h; it is deleted when the queue's retention ends.`,
      section: 'failure-queue-age',
      metric: metric('ApproximateAgeOfOldestMessage'),
      threshold: ageHours * SECONDS_PER_HOUR,
      treatMissingData,
    });
  }
}
