import { Construct } from 'constructs';
import { Alarm, type AlarmContext, type AlarmProps } from './alarm';
import { lambdaMetric, errorRate } from './lambda-metrics';
import { requireInteger } from '../base/validate';

/** When the alarms on an asynchronous function go off. */
export interface FunctionThresholds {
  /** Failed invocations, in per cent of all. 0–99. @default 5 */
  readonly errorRatePercent?: number;
  /** Refused invocations in five minutes, three times in a row. @default 10 */
  readonly throttles?: number;
  /** The slowest hundredth, in per cent of the timeout. 1–99. @default 80 */
  readonly durationPercent?: number;
  /** How long an event waits, in per cent of the maximum event age. 1–99. @default 50 */
  readonly asyncEventAgePercent?: number;
}

export interface FunctionAlarmsProps extends Omit<AlarmContext, 'namePrefix'>, FunctionThresholds {
  /** Also the start of each alarm's name. */
  readonly functionName: string;
  /** The function's timeout, in seconds. */
  readonly timeoutSeconds: number;
  /** The event-invoke configuration's maximum event age, in seconds. */
  readonly maximumEventAgeSeconds: number;
}

/**
 * What an asynchronous function loses events by, and what comes before that.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    const { topic, runbookUrl, functionName } = props;
    const { errorRatePercent = 5, throttles = 10, durationPercent = 80, asyncEventAgePercent = 50 } = props;
    validate({ errorRatePercent, throttles, durationPercent, asyncEventAgePercent });
    const timeoutMs = props.timeoutSeconds * 1000;
    const maximumAgeMs = props.maximumEventAgeSeconds * 1000;

    // Lambda reports these only when there is something to report. Silence is good news, or no news: that nothing is
    // invoked at all is what uploads-waiting notices.
    const treatMissingData = 'notBreaching';
    const alarm = (
      name: string,
      rest: Omit<AlarmProps, keyof AlarmContext | 'section' | 'treatMissingData'>,
    ) =>
      new Alarm(this, name, {
        namePrefix: functionName,
        topic,
        runbookUrl,
        section: name,
        treatMissingData,
        ...rest,
      });
    const total = (metricName: string) => lambdaMetric(functionName, metricName, 'Sum');

    alarm('async-events-dropped', {
      meaning: `Lambda gave events of ${functionName} up without success.`,
      metric: total('AsyncEventsDropped'),
      threshold: 0,
    });
    alarm('async-event-age', {
      meaning: `Events of ${functionName} wait for more than ${asyncEventAgePercent} % of the age at which Lambda gives them up.`,
      metric: lambdaMetric(functionName, 'AsyncEventAge', 'Maximum'),
      threshold: (maximumAgeMs * asyncEventAgePercent) / 100,
    });
    alarm('destination-delivery-failures', {
      meaning: `Records of failed events of ${functionName} could not be written to the failure queue and are lost.`,
      metric: total('DestinationDeliveryFailures'),
      threshold: 0,
    });
    alarm('recursive-invocations-dropped', {
      meaning: `${functionName} starts itself, and Lambda has begun to break the loop by dropping events.`,
      metric: total('RecursiveInvocationsDropped'),
      threshold: 0,
    });
    alarm('throttles', {
      meaning: `Lambda keeps refusing to run ${functionName} because no execution is free; events wait meanwhile.`,
      metric: total('Throttles'),
      threshold: throttles,
      evaluationPeriods: 3, // a burst is throttled and then works itself off
    });
    alarm('error-rate', {
      meaning: `More than ${errorRatePercent} % of the invocations of ${functionName} fail.`,
      metric: errorRate(functionName),
      threshold: errorRatePercent,
      evaluationPeriods: 3,
      datapointsToAlarm: 2, // one bad upload that is tried three times is the failure queue's business
    });
    alarm('duration', {
      meaning: `The slowest hundredth of the invocations of ${functionName} takes more than ${durationPercent} % of its timeout.`,
      metric: lambdaMetric(functionName, 'Duration', 'p99'),
      threshold: (timeoutMs * durationPercent) / 100,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
  }
}

function validate(thresholds: Required<FunctionThresholds>): void {
  const { errorRatePercent, throttles, durationPercent, asyncEventAgePercent } = thresholds;
  const property = (name: string) => `FunctionAlarms.${name}`;
  requireInteger(errorRatePercent, { property: property('errorRatePercent'), minimum: 0, maximum: 99 });
  requireInteger(throttles, { property: property('throttles'), minimum: 0 });
  requireInteger(durationPercent, { property: property('durationPercent'), minimum: 1, maximum: 99 });
  requireInteger(asyncEventAgePercent, {
    property: property('asyncEventAgePercent'),
    minimum: 1,
    maximum: 99,
  });
}
