import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition';
import { Testing } from 'cdktf';
import type { Construct } from 'constructs';
import type { Watch } from '../../../constructs/base/watch';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { Health, type HealthProps } from '../../../constructs/health/health';
import { QUERIES } from '../../../constructs/health/saved-queries';
import { WorkQueue } from '../../../constructs/sources/work-queue';
import { nodeFunction } from '../../support/mover';
import { onlyResource, parse, type Block } from '../../support/synth';

const synth = (
  props: Partial<HealthProps> = {},
  add: (scope: Construct, failures: FailureQueue) => void = () => undefined,
): string =>
  Testing.synthScope((scope) => {
    const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures' });
    const mover = nodeFunction(scope, 'mover', { memorySizeMb: 512, timeoutSeconds: 300 });
    mover.onFailure(failures);
    add(scope, failures);
    new Health(scope, 'health', {
      namePrefix: 'test',
      of: scope,
      mover,
      failures,
      metricsNamespace: 'UploadPipeline/test',
      runbookUrl: 'https://example.com/runbook',
      ...props,
    });
  });

const alarms = (synthesized = synth()): Block[] =>
  Object.values(parse(synthesized).resource.aws_cloudwatch_metric_alarm ?? {});
const WITH_A_QUEUE = (scope: Construct, failures: FailureQueue): void => {
  new WorkQueue(scope, 'orders', { queueName: 'test-orders', failures });
};
const WATCH: Watch & { readonly metric: object } = {
  name: 'x',
  meaning: 'Rows were rejected.',
  metric: {
    namespace: 'Ours',
    metricName: 'RowsRejected',
    dimensions: { service: 'second' },
    statistic: 'Sum',
    period: 300,
  },
  threshold: 3,
  treatMissingData: 'notBreaching',
};
const lambda = (metric: string, rest: object) => ({
  namespace: 'AWS/Lambda',
  metric_name: metric,
  dimensions: { FunctionName: 'test-mover' },
  period: 300,
  comparison_operator: 'GreaterThanThreshold',
  ...rest,
});

describe('Health', () => {
  it('raises an alarm when records wait in the failure queue', () => {
    expect(synth()).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: 'test-failure-queue-depth',
      namespace: 'AWS/SQS',
      metric_name: 'ApproximateNumberOfMessagesVisible',
      statistic: 'Maximum',
      threshold: 0,
      treat_missing_data: 'notBreaching',
    });
  });

  it('raises an alarm when nobody looks at them for a day', () => {
    expect(synth()).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: 'test-failure-queue-age',
      metric_name: 'ApproximateAgeOfOldestMessage',
      statistic: 'Maximum',
      threshold: 86_400,
      treat_missing_data: 'notBreaching',
    });
  });

  it.each([
    ['async-events-dropped', lambda('AsyncEventsDropped', { statistic: 'Sum', threshold: 0 })],
    ['async-event-age', lambda('AsyncEventAge', { statistic: 'Maximum', threshold: 10_800_000 })],
    [
      'destination-delivery-failures',
      lambda('DestinationDeliveryFailures', { statistic: 'Sum', threshold: 0 }),
    ],
    [
      'recursive-invocations-dropped',
      lambda('RecursiveInvocationsDropped', { statistic: 'Sum', threshold: 0 }),
    ],
    [
      'throttles',
      lambda('Throttles', { statistic: 'Sum', threshold: 10, evaluation_periods: 3, datapoints_to_alarm: 3 }),
    ],
    [
      'duration',
      lambda('Duration', {
        extended_statistic: 'p99',
        threshold: 240_000,
        evaluation_periods: 3,
        datapoints_to_alarm: 2,
      }),
    ],
  ])('raises the alarm %s by what Lambda reports, and takes silence for good news', (name, properties) => {
    expect(synth()).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: `test-mover-${name}`,
      treat_missing_data: 'notBreaching',
      ...properties,
    });
  });

  it('raises an alarm at a rate of errors, not at a number', () => {
    const alarm = alarms().find(({ alarm_name }) => alarm_name === 'test-mover-error-rate');

    expect(alarm).toMatchObject({ threshold: 5, evaluation_periods: 3, datapoints_to_alarm: 3 });
    expect(alarm?.metric_query).toEqual([
      expect.objectContaining({ expression: '100 * errors / invocations', return_data: true }),
      expect.objectContaining({ id: 'errors' }),
      expect.objectContaining({ id: 'invocations' }),
    ]);
  });

  describe('of whatever is in the construct tree', () => {
    const more = (scope: Construct, failures: FailureQueue): void => {
      const second = nodeFunction(scope, 'second', { timeoutSeconds: 10 });
      second.onFailure(failures, { maximumEventAgeSeconds: 60 });
      second.watch({ ...WATCH, name: 'rows-rejected' });
      const third = nodeFunction(scope, 'third');
      third.onFailure(failures);
      third.watch({ ...WATCH, name: 'rows-rejected', threshold: 9 });
      third.watch({
        ...WATCH,
        name: 'rows-rejected',
        metric: { ...WATCH.metric, dimensions: { service: 'third' } },
      });
      new WorkQueue(scope, 'orders', { queueName: 'test-orders', failures });
      new FailureQueue(scope, 'order-failures', { queueName: 'test-order-failures', fifo: true });
    };
    const named = (name: string): Block | undefined =>
      alarms(synth({}, more)).find(({ alarm_name }) => alarm_name === name);

    it('watches every function, by its own timeout and event age', () => {
      expect(named('test-second-duration')).toMatchObject({ threshold: 8000 });
      expect(named('test-second-async-event-age')).toMatchObject({ threshold: 30_000 });
      expect(named('test-third-error-rate')).toBeDefined();
    });

    it('watches every queue, as what it is', () => {
      expect(named('test-orders-depth')).toMatchObject({ threshold: 10_000 });
      expect(named('test-orders-age')).toMatchObject({
        threshold: 3600,
        dimensions: { QueueName: 'test-orders' },
      });
      expect(named('test-order-failures-depth')).toMatchObject({
        threshold: 0,
        dimensions: { QueueName: 'test-order-failures.fifo' },
        alarm_description: expect.stringContaining('#fifo-failure-queue-depth') as string,
      });
      expect(named('test-order-failures-age')).toMatchObject({ threshold: 86_400 });
    });

    it('makes the alarms that a unit asks for, one for each metric, and sends them to their section', () => {
      expect(named('test-rows-rejected')).toMatchObject({ threshold: 3, dimensions: { service: 'second' } });
      expect(named('test-third-rows-rejected')).toMatchObject({
        dimensions: { service: 'third' },
        alarm_description: expect.stringMatching(/#rows-rejected$/u) as string,
      });
      expect(
        alarms(synth({}, more)).filter(({ metric_name }) => metric_name === 'RowsRejected'),
      ).toHaveLength(2);
    });

    it('shows each on the dashboard', () => {
      const { dashboard_body: body } = onlyResource(synth({}, more), 'aws_cloudwatch_dashboard');

      for (const title of ['test-second: invocations', 'test-third: rows-rejected', 'test-orders: oldest']) {
        expect(body).toContain(JSON.stringify(title));
      }
    });

    it('saves the question for errors on all logs', () => {
      expect(synth({}, more)).toHaveResourceWithProperties(CloudwatchQueryDefinition, {
        name: 'test/errors',
        log_group_names: ['mover', 'second', 'third'].map(
          (id) => expect.stringContaining(`aws_cloudwatch_log_group.${id}_`) as string,
        ),
      });
    });
  });

  it('takes its thresholds from its props', () => {
    const changed = alarms(
      synth({
        failureQueueDepth: 3,
        failureQueueAgeHours: 1,
        asyncEventAgePercent: 10,
        throttles: 7,
        errorRatePercent: 50,
        durationPercent: 90,
      }),
    );
    const thresholds = Object.fromEntries(
      changed.map(({ alarm_name, threshold }) => [alarm_name as string, threshold]),
    );

    expect(thresholds).toMatchObject({
      'test-failure-queue-depth': 3,
      'test-failure-queue-age': 3600,
      'test-mover-async-event-age': 2_160_000,
      'test-mover-throttles': 7,
      'test-mover-error-rate': 50,
      'test-mover-duration': 270_000,
    });
  });

  it.each([
    [{ errorRatePercent: 100 }, 'Health.errorRatePercent: got 100; expected an integer from 0 to 99.'],
    [
      { failureQueueAgeHours: 336 },
      'Health.failureQueueAgeHours: got 336; expected an integer from 1 to 335.',
    ],
    [{ queueDepth: -1 }, 'Health.queueDepth: got -1; expected an integer of 0 or more.'],
  ])('refuses %j', (props, message) => {
    expect(() => synth(props, WITH_A_QUEUE)).toThrow(message);
  });

  it('tells one topic of every alarm and of its end', () => {
    const all = alarms();

    expect(all).toHaveLength(9); // 7 of the function, 2 of the queue
    for (const { alarm_actions, ok_actions } of all) {
      expect(alarm_actions).toEqual([expect.stringMatching(/^\$\{aws_sns_topic\..*\.arn\}$/u)]);
      expect(ok_actions).toEqual(alarm_actions);
    }
  });

  it('says in one sentence what each alarm means, and where to read on', () => {
    for (const { alarm_description } of alarms()) {
      expect(alarm_description).toMatch(/^[^.]+\. Runbook: https:\/\/example\.com\/runbook#[a-z0-9-]+$/u);
    }
  });

  it('has a dashboard that reads as the data flows, the same bytes at every synth', () => {
    const body = (synthesized: string) =>
      JSON.parse(onlyResource(synthesized, 'aws_cloudwatch_dashboard').dashboard_body as string) as {
        widgets: { type: string; x: number; y: number; properties: { title?: string; markdown?: string } }[];
      };
    const { widgets } = body(synth());
    const chapters = widgets.flatMap(
      ({ properties }) => /^## \d\. (.*)/u.exec(properties.markdown ?? '')?.[1] ?? [],
    );

    expect(chapters).toEqual([
      'Uploads',
      'Invocations',
      'Waiting for an execution',
      'Moves',
      'Failures',
      'What it costs',
      'Every function',
      'Every queue',
    ]);
    expect(widgets.filter(({ type }) => type === 'metric')).toHaveLength(16);
    const places = widgets.map(({ x, y }) => y * 24 + x);
    expect(places).toEqual([...new Set(places)].sort((one, other) => one - other));
    expect(synth()).toHaveResourceWithProperties(CloudwatchDashboard, { dashboard_name: 'test' });
    expect(body(synth())).toEqual(body(synth()));
  });

  it.each(Object.keys(QUERIES))('saves the query %s, on the log of the mover among others', (name) => {
    expect(synth()).toHaveResourceWithProperties(CloudwatchQueryDefinition, {
      name: `test/${name}`,
      query_string: QUERIES[name],
      log_group_names: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.mover_/u) as string],
    });
  });

  it('saves no queries where it is told so', () => {
    expect(parse(synth({ savedQueries: false })).resource.aws_cloudwatch_query_definition).toBeUndefined();
  });
});
