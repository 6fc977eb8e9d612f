import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition';
import { Testing } from 'cdktf';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { Health, type HealthProps } from '../../../constructs/health/health';
import { QUERIES } from '../../../constructs/health/saved-queries';
import { nodeFunction } from '../../support/mover';
import { onlyResource, parse, type Block } from '../../support/synth';

const synth = (props: Partial<HealthProps> = {}): string =>
  Testing.synthScope((scope) => {
    const mover = nodeFunction(scope, 'mover', { memorySizeMb: 512, timeoutSeconds: 300 });
    new Health(scope, 'health', {
      namePrefix: 'test',
      failures: new FailureQueue(scope, 'failures', { queueName: 'test-failures' }),
      queueName: 'test-failures',
      metricsNamespace: 'UploadPipeline/test',
      sweepEveryMinutes: 60,
      oldestUploadMinutes: 120,
      runbookUrl: 'https://example.com/runbook',
      mover: {
        function: mover,
        functionName: 'test-mover',
        timeoutSeconds: 300,
        memorySizeMb: 512,
        maximumEventAgeSeconds: 21_600,
      },
      ...props,
    });
  });

const alarms = (synthesized = synth()): Block[] =>
  Object.values(parse(synthesized).resource.aws_cloudwatch_metric_alarm ?? {});
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

    expect(alarm).toMatchObject({ threshold: 5, evaluation_periods: 3, datapoints_to_alarm: 2 });
    expect(alarm?.metric_query).toEqual([
      expect.objectContaining({ expression: '100 * errors / invocations', return_data: true }),
      expect.objectContaining({ id: 'errors' }),
      expect.objectContaining({ id: 'invocations' }),
    ]);
  });

  it('raises an alarm when uploads stop being processed, and reports when the sweep falls silent', () => {
    const alarm = alarms().find(({ alarm_name }) => alarm_name === 'test-uploads-waiting');

    expect(alarm).toMatchObject({
      namespace: 'UploadPipeline/test',
      metric_name: 'OldestUploadAgeSeconds',
      dimensions: { service: 'sweep' },
      statistic: 'Maximum',
      period: 3600,
      threshold: 7200,
      treat_missing_data: 'missing',
      insufficient_data_actions: [expect.stringMatching(/^\$\{aws_sns_topic\./u) as string],
    });
  });

  it('has no alarm on what the sweep finds where there is no sweep', () => {
    expect(alarms(synth({ sweepEveryMinutes: undefined })).map(({ alarm_name }) => alarm_name)).not.toContain(
      'test-uploads-waiting',
    );
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
        oldestUploadMinutes: 90,
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
      'test-uploads-waiting': 5400,
    });
  });

  it.each([
    [
      { errorRatePercent: 100 },
      'FunctionAlarms.errorRatePercent: got 100; expected an integer from 0 to 99.',
    ],
    [
      { failureQueueAgeHours: 336 },
      'FailureQueueAlarms.ageHours: got 336; expected an integer from 1 to 335.',
    ],
    [{ sweepEveryMinutes: 0 }, 'SweepAlarm.everyMinutes: got 0; expected an integer from 1 to 1440.'],
  ])('refuses %j', (props, message) => {
    expect(() => synth(props)).toThrow(message);
  });

  it('tells one topic of every alarm and of its end', () => {
    const all = alarms();

    expect(all).toHaveLength(10);
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
    ]);
    expect(widgets.filter(({ type }) => type === 'metric')).toHaveLength(12);
    const places = widgets.map(({ x, y }) => y * 24 + x);
    expect(places).toEqual([...new Set(places)].sort((one, other) => one - other));
    expect(synth()).toHaveResourceWithProperties(CloudwatchDashboard, { dashboard_name: 'test' });
    expect(body(synth())).toEqual(body(synth()));
  });

  it.each(Object.keys(QUERIES))('saves the query %s on the log of the mover', (name) => {
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
