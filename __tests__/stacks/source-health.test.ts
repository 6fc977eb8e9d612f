import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { SettingsInput } from '../../config/settings';
import { EVERY_JOB_SOURCE, MINIMAL, parse, synthPipeline } from '../support/synth';

const alarms = (input: Partial<SettingsInput> = {}): string[] =>
  Object.values(
    parse(synthPipeline({ ...MINIMAL, ...input })).resource.aws_cloudwatch_metric_alarm ?? {},
  ).map(({ alarm_name }) => alarm_name as string);

/** The alarms that settings add. */
const added = (input: Partial<SettingsInput>): string[] => {
  const usual = alarms();
  return alarms(input)
    .filter((name) => !usual.includes(name))
    .sort();
};

const expectAlarm = (input: Partial<SettingsInput>, properties: Record<string, unknown>): void => {
  expect(synthPipeline({ ...MINIMAL, ...input })).toHaveResourceWithProperties(
    CloudwatchMetricAlarm,
    properties,
  );
};

describe('the alarms on the ways to the functions', () => {
  it.each([
    [{ trigger: 'direct' }, []],
    [{ trigger: 'queue' }, ['test-upload-queue-age', 'test-upload-queue-depth']],
    [{ trigger: 'eventbridge' }, ['test-rule-failures']],
    [{ trigger: 'topic' }, ['test-topic-failures']],
    [{ jobs: EVERY_JOB_SOURCE }, ['test-iterator-age', 'test-job-queue-age', 'test-job-queue-depth']],
    [
      { jobs: { queue: { enabled: true, fifo: true } } },
      ['test-job-failures-age', 'test-job-failures-depth', 'test-job-queue-age', 'test-job-queue-depth'],
    ],
  ] as const)('are, with %j, %j', (input, names) => {
    const more = added(input);

    // A further pipeline by the same way has its own beside them.
    const own = names.length === 0 ? more : more.filter((name) => names.some((one) => one === name));
    expect(own).toEqual(names);
  });

  it('are none where health is off', () => {
    expect(alarms({ trigger: 'queue', health: { enabled: false } })).toEqual([]);
  });

  it('look at the upload queue’s depth and age', () => {
    const input = { trigger: 'queue', health: { queueDepth: 5, waitingMinutes: 2 } } as const;

    expectAlarm(input, {
      namespace: 'AWS/SQS',
      metric_name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: 'test-uploads' },
      threshold: 5,
    });
    expectAlarm(input, {
      metric_name: 'ApproximateAgeOfOldestMessage',
      dimensions: { QueueName: 'test-uploads' },
      threshold: 120,
    });
  });

  it.each([
    [
      'eventbridge',
      { namespace: 'AWS/Events', metric_name: 'FailedInvocations', dimensions: { RuleName: 'test-uploads' } },
    ],
    [
      'topic',
      {
        namespace: 'AWS/SNS',
        metric_name: 'NumberOfNotificationsFailed',
        dimensions: { TopicName: 'test-uploads' },
      },
    ],
  ] as const)('go off at the first upload that %s cannot hand over', (trigger, metric) => {
    expectAlarm({ trigger }, { ...metric, statistic: 'Sum', threshold: 0 });
  });

  it('look at how late a stream is read, and at a FIFO queue by its name', () => {
    expectAlarm(
      { jobs: EVERY_JOB_SOURCE },
      { metric_name: 'IteratorAge', dimensions: { FunctionName: 'test-invoked' }, threshold: 3_600_000 },
    );
    expectAlarm(
      { jobs: { queue: { enabled: true, fifo: true } } },
      { metric_name: 'ApproximateAgeOfOldestMessage', dimensions: { QueueName: 'test-jobs.fifo' } },
    );
  });
});
