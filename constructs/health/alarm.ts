import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic';
import type { Watch } from '../base/watch';

/** What alarms of a stack have in common. */
export interface AlarmContext {
  /** Start of each alarm's name. */
  readonly namePrefix: string;
  /** Where alarms report. */
  readonly topic: AlarmTopic;
  /** Where the runbook can be read: a path or a URL, without a section. */
  readonly runbookUrl: string;
}

/** An alarm that says what it means, where to read on, and when it is over. */
export class Alarm extends Construct {
  readonly alarm: CloudwatchMetricAlarm;

  constructor(scope: Construct, { namePrefix, topic, runbookUrl }: AlarmContext, watch: Watch) {
    super(scope, watch.name);
    const { name, meaning, section = name, evaluationPeriods = 1 } = watch;
    const report = [topic.topic.arn];
    this.alarm = new CloudwatchMetricAlarm(this, 'alarm', {
      ...watch.metric,
      alarmName: `${namePrefix}-${name}`,
      alarmDescription: `${meaning} Runbook: ${runbookUrl}#${section}`,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: watch.threshold,
      evaluationPeriods,
      datapointsToAlarm: watch.datapointsToAlarm ?? evaluationPeriods,
      treatMissingData: watch.treatMissingData,
      alarmActions: report,
      okActions: report,
      insufficientDataActions: watch.reportsSilence === true ? report : undefined,
    });
  }
}
