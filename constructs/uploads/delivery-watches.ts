import type { Watch } from '../base/watch';

/** What could not be delivered, and what that means. */
type Told = Pick<Watch, 'name' | 'meaning'>;

/** A rule that could not deliver. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
export const ruleFailures = (ruleName: string, told: Told): Watch =>
  firstFailure(told, {
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensions: { RuleName: ruleName },
  });

/** A topic that could not deliver. https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html */
export const topicFailures = (topicName: string, told: Told): Watch =>
  firstFailure(told, {
    namespace: 'AWS/SNS',
    metricName: 'NumberOfNotificationsFailed',
    dimensions: { TopicName: topicName },
  });

const firstFailure = (
  told: Told,
  metric: Readonly<{ namespace: string; metricName: string; dimensions: Record<string, string> }>,
): Watch => ({
  ...told,
  metric: { ...metric, statistic: 'Sum', period: 300 },
  threshold: 0,
  treatMissingData: 'notBreaching', // reported only when one fails
});
