import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic';
import type { FailureQueue } from '../failures/failure-queue';
import { FailureQueueAlarms } from './failure-queue-alarms';
import { FunctionAlarms, type FunctionThresholds } from './function-alarms';
import { HealthDashboard } from './health-dashboard';
import type { NodeFunction } from '../function/node-function';
import { SavedQueries } from './saved-queries';
import { SweepAlarm } from './sweep-alarm';

/** The function that does the work, as far as its health goes. */
export interface WatchedFunction {
  readonly function: NodeFunction;
  readonly functionName: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMb: number;
  readonly maximumEventAgeSeconds: number;
}

export interface HealthProps extends FunctionThresholds {
  /** Start of the name of everything here. */
  readonly namePrefix: string;
  readonly mover: WatchedFunction;
  readonly failures: FailureQueue;
  /** The queue's name. */
  readonly queueName: string;
  /** The namespace that the functions publish their metrics in. */
  readonly metricsNamespace: string;
  /** How often the sweep looks, in minutes; undefined: there is no sweep, and no alarm on what it finds. */
  readonly sweepEveryMinutes: number | undefined;
  /** Saves the runbook's queries. @default true */
  readonly savedQueries?: boolean;
  /** Who gets an e-mail. @default nobody */
  readonly emails?: readonly string[];
  /** Where the runbook can be read, without a section. */
  readonly runbookUrl: string;
  /** More records than this in the failure queue raise an alarm. @default 0 */
  readonly failureQueueDepth?: number;
  /** A record that waits longer raises an alarm, in hours. @default 24 */
  readonly failureQueueAgeHours?: number;
  /** An upload that waits longer raises an alarm, in minutes. */
  readonly oldestUploadMinutes: number;
}

/** Alarms on what an asynchronous pipeline loses events by, one topic they report to, one dashboard, saved queries. */
export class Health extends Construct {
  readonly topic: AlarmTopic;

  constructor(scope: Construct, id: string, props: HealthProps) {
    super(scope, id);
    const { namePrefix, mover, failures, metricsNamespace, runbookUrl } = props;
    this.topic = new AlarmTopic(this, 'topic', { topicName: `${namePrefix}-alarms`, emails: props.emails });
    const context = { namePrefix, topic: this.topic, runbookUrl };

    new FailureQueueAlarms(this, 'failures', {
      ...context,
      queue: failures,
      depth: props.failureQueueDepth,
      ageHours: props.failureQueueAgeHours,
    });
    const { errorRatePercent, throttles, durationPercent, asyncEventAgePercent } = props;
    new FunctionAlarms(this, 'process-upload', {
      ...context,
      functionName: mover.functionName,
      timeoutSeconds: mover.timeoutSeconds,
      maximumEventAgeSeconds: mover.maximumEventAgeSeconds,
      errorRatePercent,
      throttles,
      durationPercent,
      asyncEventAgePercent,
    });
    if (props.sweepEveryMinutes !== undefined) {
      new SweepAlarm(this, 'sweep', {
        ...context,
        metricsNamespace,
        everyMinutes: props.sweepEveryMinutes,
        oldestUploadMinutes: props.oldestUploadMinutes,
      });
    }
    new HealthDashboard(this, 'dashboard', {
      dashboardName: namePrefix,
      functionName: mover.functionName,
      memorySizeMb: mover.memorySizeMb,
      queueName: props.queueName,
      metricsNamespace,
      runbookUrl,
    });
    if (props.savedQueries ?? true) {
      new SavedQueries(this, 'queries', { folder: namePrefix, logGroup: mover.function.logGroup });
    }
  }
}
