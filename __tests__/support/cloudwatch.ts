import type { Block } from '../../tools/build/synthesize';

/** A value that a service or a handler reported. */
export interface Datum {
  readonly minute: number;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** How CloudWatch sees an alarm of the synthesized JSON. */
interface Alarm {
  readonly periods: number;
  readonly toAlarm: number;
  readonly threshold: number;
  readonly missing: string;
  readonly periodMinutes: number;
  /** The value of the period that ends at a minute; undefined where nothing was reported. */
  readonly valueAt: (data: readonly Datum[], end: number) => number | undefined;
}

/** CloudWatch looks at more periods than it evaluates, for data that is missing in between. */
const MORE_PERIODS = 2;

/**
 * What CloudWatch makes of the periods that it looks at, the oldest first; undefined: no data.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function evaluate(
  range: readonly (boolean | undefined)[],
  { periods, toAlarm, missing }: Pick<Alarm, 'periods' | 'toAlarm' | 'missing'>,
  before: AlarmState = 'OK',
): AlarmState {
  const real = range.filter((breaching) => breaching !== undefined).slice(-periods);
  const bad = real.filter(Boolean).length;
  const absent = periods - real.length;
  if (absent === 0) return bad >= toAlarm ? 'ALARM' : 'OK';
  if (missing === 'breaching') return bad + absent >= toAlarm ? 'ALARM' : 'OK';
  if (missing === 'notBreaching') return bad >= toAlarm ? 'ALARM' : 'OK';
  if (real.length === 0) return missing === 'ignore' ? before : 'INSUFFICIENT_DATA';
  if (missing === 'ignore') return bad === 0 || bad < real.length ? 'OK' : before;
  return bad >= Math.min(toAlarm, real.length) ? 'ALARM' : 'OK';
}

/** The states of an alarm at the end of each of its periods, as time passes. */
export function statesOf(block: Block, data: readonly Datum[], minutes: number): AlarmState[] {
  const alarm = readAlarm(block);
  const { periodMinutes, periods, threshold } = alarm;
  const states: AlarmState[] = [];
  for (let end = periodMinutes; end <= minutes; end += periodMinutes) {
    const range = Array.from({ length: periods + MORE_PERIODS }, (_, index) => {
      const value = alarm.valueAt(data, end - (periods + MORE_PERIODS - 1 - index) * periodMinutes);
      return value === undefined ? undefined : value > threshold;
    });
    states.push(evaluate(range, alarm, states.at(-1)));
  }
  return states;
}

interface MetricBlock {
  readonly namespace: string;
  readonly metric_name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly period: number;
  readonly stat?: string;
}

interface QueryBlock {
  readonly id: string;
  readonly expression?: string;
  readonly return_data?: boolean;
  readonly metric?: MetricBlock;
}

function readAlarm(block: Block): Alarm {
  if (block.comparison_operator !== 'GreaterThanThreshold')
    throw new Error('The model knows no other comparison');
  const periods = Number(block.evaluation_periods);
  const queries = (block.metric_query ?? []) as unknown as readonly QueryBlock[];
  const simple = block as unknown as MetricBlock & { statistic?: string; extended_statistic?: string };
  const seconds = queries.find(({ metric }) => metric)?.metric?.period ?? simple.period;
  const periodMinutes = seconds / 60;
  return {
    periods,
    toAlarm: Number(block.datapoints_to_alarm ?? periods),
    threshold: Number(block.threshold),
    missing: typeof block.treat_missing_data === 'string' ? block.treat_missing_data : 'missing',
    periodMinutes,
    valueAt:
      queries.length > 0
        ? (data, end) => expressionValue(queries, data, end, periodMinutes)
        : (data, end) =>
            statistic(simple, simple.statistic ?? simple.extended_statistic ?? '', data, end, periodMinutes),
  };
}

function statistic(
  { namespace, metric_name: metric, dimensions }: MetricBlock,
  stat: string,
  data: readonly Datum[],
  end: number,
  length: number,
): number | undefined {
  const values = data
    .filter((datum) => datum.minute >= end - length && datum.minute < end)
    .filter((datum) => datum.namespace === namespace && datum.metric === metric)
    .filter((datum) => JSON.stringify(datum.dimensions) === JSON.stringify(dimensions))
    .map(({ value }) => value)
    .sort((one, other) => one - other);
  if (values.length === 0) return undefined;
  const [, percentile] = /^p(\d+)$/u.exec(stat) ?? [];
  if (percentile !== undefined) return values[Math.ceil((Number(percentile) / 100) * values.length) - 1];
  if (stat === 'Sum') return values.reduce((sum, value) => sum + value, 0);
  if (stat === 'Maximum') return values.at(-1);
  throw new Error(`The model knows no statistic ${stat}`);
}

/** A quotient of two metrics, as `100 * errors / invocations`: no data where one of them has none. */
function expressionValue(
  queries: readonly QueryBlock[],
  data: readonly Datum[],
  end: number,
  length: number,
): number | undefined {
  const { expression = '' } = queries.find(({ return_data }) => return_data === true) ?? {};
  const [, factor, dividend, divisor] = /^(\d+) \* (\w+) \/ (\w+)$/u.exec(expression) ?? [];
  if (factor === undefined) throw new Error(`The model does not know the expression ${expression}`);
  const valueOf = (id: string | undefined): number | undefined => {
    const metric = queries.find((query) => query.id === id)?.metric;
    return metric && statistic(metric, metric.stat ?? '', data, end, length);
  };
  const [over, under] = [valueOf(dividend), valueOf(divisor)];
  return over === undefined || under === undefined || under === 0
    ? undefined
    : (Number(factor) * over) / under;
}
