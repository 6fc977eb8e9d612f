import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic';

/** What alarms of a stack have in common. */
export interface AlarmContext {
  /** Start of each alarm's name. */
  readonly namePrefix: string;
  /** Where alarms report. */
  readonly topic: AlarmTopic;
  /** Where the runbook can be read: a path or a URL, without a section. */
  readonly runbookUrl: string;
}

/** Where the numbers come from: a metric, or an expression over several. */
export type AlarmMetric =
  | Pick<
      CloudwatchMetricAlarmConfig,
      'namespace' | 'metricName' | 'dimensions' | 'statistic' | 'extendedStatistic' | 'period'
    >
  | Pick<CloudwatchMetricAlarmConfig, 'metricQuery'>;

export interface AlarmProps extends AlarmContext {
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** The section of the runbook, as in a link: `errors`. */
  readonly section: string;
  readonly metric: AlarmMetric;
  /** The alarm goes off above this. */
  readonly threshold: number;
  /** How many periods are looked at. @default 1 */
  readonly evaluationPeriods?: number;
  /** In how many of them the threshold must be passed. @default all of them */
  readonly datapointsToAlarm?: number;
  /**
   * What a period without data says; the reason for the choice stands beside it.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
   */
  readonly treatMissingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
  /** Also reports when there is no data any more. @default false */
  readonly reportsSilence?: boolean;
}

/** An alarm that says what it means, where to read on, and when it is over. */
export class Alarm extends Construct {
  readonly alarm: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { namePrefix, topic, runbookUrl, meaning, section, evaluationPeriods = 1 } = props;
    const report = [topic.topic.arn];
    this.alarm = new CloudwatchMetricAlarm(this, 'alarm', {
      ...props.metric,
      alarmName: `${namePrefix}-${id}`,
      alarmDescription: `${meaning} Runbook: ${runbookUrl}#${section}`,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: props.threshold,
      evaluationPeriods,
      datapointsToAlarm: props.datapointsToAlarm ?? evaluationPeriods,
      treatMissingData: props.treatMissingData,
      alarmActions: report,
      okActions: report,
      insufficientDataActions: props.reportsSilence === true ? report : undefined,
    });
  }
}
