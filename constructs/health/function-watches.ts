import type { Watch } from '../base/watch';
import { requireInteger } from '../base/validate';
import type { NodeFunction } from '../function/node-function';
import { lambdaMetric, errorRate } from './lambda-metrics';

/** When the alarms on a function go off. */
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

/**
 * What a function loses asynchronous events by, and what comes before that. Timeout and event age are its own.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function functionWatches(handler: NodeFunction, thresholds: FunctionThresholds): Watch[] {
  const {
    errorRatePercent = 5,
    throttles = 10,
    durationPercent = 80,
    asyncEventAgePercent = 50,
  } = thresholds;
  requireThresholds({ errorRatePercent, throttles, durationPercent, asyncEventAgePercent });
  const { functionName, timeoutSeconds, maximumEventAgeSeconds } = handler;
  const total = (metricName: string) => lambdaMetric(functionName, metricName, 'Sum');
  const watches: Omit<Watch, 'treatMissingData'>[] = [
    {
      name: 'async-events-dropped',
      meaning: `Lambda dropped events of ${functionName} after the last attempt.`,
      metric: total('AsyncEventsDropped'),
      threshold: 0,
    },
    {
      name: 'async-event-age',
      meaning: `Events of ${functionName} wait for more than ${asyncEventAgePercent} % of the age at which Lambda drops them.`,
      metric: lambdaMetric(functionName, 'AsyncEventAge', 'Maximum'),
      threshold: (maximumEventAgeSeconds * 1000 * asyncEventAgePercent) / 100,
    },
    {
      name: 'destination-delivery-failures',
      meaning: `Lambda could not write records of failed events of ${functionName} to the failure queue; those records are lost.`,
      metric: total('DestinationDeliveryFailures'),
      threshold: 0,
    },
    {
      name: 'recursive-invocations-dropped',
      meaning: `${functionName} invokes itself, and Lambda has begun to break the loop by dropping events.`,
      metric: total('RecursiveInvocationsDropped'),
      threshold: 0,
    },
    {
      name: 'throttles',
      meaning: `Lambda keeps refusing to run ${functionName} because no execution is free; events wait meanwhile.`,
      metric: total('Throttles'),
      threshold: throttles,
      evaluationPeriods: 3, // a burst is throttled and then works itself off
    },
    {
      name: 'error-rate',
      meaning: `More than ${errorRatePercent} % of the invocations of ${functionName} fail.`,
      metric: errorRate(functionName),
      threshold: errorRatePercent,
      // One bad upload is the failure queue's business: its three attempts may lie in two periods, in all three never.
      evaluationPeriods: 3,
    },
    {
      name: 'duration',
      meaning: `The slowest hundredth of the invocations of ${functionName} takes more than ${durationPercent} % of its timeout.`,
      metric: lambdaMetric(functionName, 'Duration', 'p99'),
      threshold: (timeoutSeconds * 1000 * durationPercent) / 100,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    },
  ];
  // Lambda reports these only when there is something to report. Silence is good news, or no news: uploads-waiting
  // notices that nothing is invoked at all.
  return watches.map((watch) => ({ ...watch, treatMissingData: 'notBreaching' }));
}

function requireThresholds(thresholds: Required<FunctionThresholds>): void {
  const ranges: Readonly<Record<keyof FunctionThresholds, readonly [number, number?]>> = {
    errorRatePercent: [0, 99],
    throttles: [0],
    durationPercent: [1, 99],
    asyncEventAgePercent: [1, 99],
  };
  for (const [name, [minimum, maximum]] of Object.entries(ranges)) {
    const value = thresholds[name as keyof FunctionThresholds];
    requireInteger(value, { property: `Health.${name}`, minimum, maximum });
  }
}
