import type { AlarmMetric } from '../base/watch';

const PERIOD_SECONDS = 300;

/** A metric that Lambda reports of a function. `p99` and the like are percentiles. */
export function lambdaMetric(functionName: string, metricName: string, statistic: string): AlarmMetric {
  return {
    namespace: 'AWS/Lambda',
    metricName,
    dimensions: { FunctionName: functionName },
    ...(/^p\d/u.test(statistic) ? { extendedStatistic: statistic } : { statistic }),
    period: PERIOD_SECONDS,
  };
}

/** Failed invocations in per cent of all: a count would say more of the load than of the function. */
export function errorRate(functionName: string): AlarmMetric {
  const metric = (id: string, metricName: string) => ({
    id,
    metric: {
      namespace: 'AWS/Lambda',
      metricName,
      dimensions: { FunctionName: functionName },
      stat: 'Sum',
      period: PERIOD_SECONDS,
    },
  });
  return {
    metricQuery: [
      {
        id: 'rate',
        expression: '100 * errors / invocations',
        label: 'Failed invocations (%)',
        returnData: true,
      },
      metric('errors', 'Errors'),
      metric('invocations', 'Invocations'),
    ],
  };
}
