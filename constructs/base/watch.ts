import type { CloudwatchMetricAlarmConfig } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { IConstruct } from 'constructs';

/** Where the numbers of an alarm come from: a metric, or an expression over several. */
export type AlarmMetric =
  | Pick<
      CloudwatchMetricAlarmConfig,
      'namespace' | 'metricName' | 'dimensions' | 'statistic' | 'extendedStatistic' | 'period'
    >
  | Pick<CloudwatchMetricAlarmConfig, 'metricQuery'>;

/** Something that a person should hear of: an alarm, before it has a topic and a runbook. */
export interface Watch {
  /** End of the alarm's name, and its construct id. */
  readonly name: string;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** The section of the runbook, as in a link. @default `name` */
  readonly section?: string;
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

/** When the alarms on what waits go off. */
export interface WaitingLimits {
  /** More messages than this in a queue. @default 10000 */
  readonly queueDepth?: number;
  /** A message that waits longer than this, or a stream that is read later, in minutes. @default 60 */
  readonly waitingMinutes?: number;
}

/** A construct that says which alarms it needs; Health finds it in the construct tree. */
export interface Watched extends IConstruct {
  watches(limits: WaitingLimits): readonly Watch[];
}

export const isWatched = (construct: IConstruct): construct is Watched => 'watches' in construct;
