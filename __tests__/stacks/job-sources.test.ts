import type { SettingsInput } from '../../config/settings';
import {
  EVERY_JOB_SOURCE,
  EVERYTHING,
  MINIMAL,
  parse,
  resourceOf,
  synthPipeline,
  type Block,
} from '../support/synth';

const synth = (jobs: NonNullable<SettingsInput['jobs']>): string => synthPipeline({ ...MINIMAL, jobs });

const blocks = (synthesized: string, type: string): Block[] =>
  Object.values(parse(synthesized).resource[type] ?? {});

/** What carries jobs from queues and streams. */
const jobMappings = (synthesized: string): Block[] =>
  Object.entries(parse(synthesized).resource.aws_lambda_event_source_mapping ?? {})
    .filter(([id]) => id.startsWith('job-'))
    .map(([, mapping]) => mapping);

const INVOKED = '${aws_lambda_function.invoked_function_36C26709.arn}';

describe('jobs', () => {
  it('come by their callers alone where nothing is set', () => {
    expect(jobMappings(synthPipeline())).toEqual([]);
    expect(blocks(synthPipeline(), 'aws_scheduler_schedule')).toEqual([]);
  });

  it('come to the invoked function from every enabled source', () => {
    const synthesized = synth(EVERY_JOB_SOURCE);
    const mappings = jobMappings(synthesized);

    expect(mappings.map(({ event_source_arn: source }) => source).sort()).toEqual([
      '${aws_sqs_queue.job-queue_838A966A.arn}',
      ...[...EVERY_JOB_SOURCE.stream.arns].sort(),
    ]);
    expect(new Set(mappings.map(({ function_name: handler }) => handler))).toEqual(new Set([INVOKED]));
    expect(resourceOf(synthesized, 'aws_scheduler_schedule', 'job-schedule').target).toMatchObject({
      arn: INVOKED,
    });
  });

  it('come to the alias of the invoked function with releases', () => {
    const synthesized = synthPipeline({
      ...MINIMAL,
      jobs: EVERY_JOB_SOURCE,
      invoked: { release: { alias: true } },
    });
    const alias = expect.stringMatching(/^\$\{aws_lambda_alias\.invoked_live_alias_.*\.arn\}$/u) as string;

    expect(jobMappings(synthesized).map((mapping) => mapping.function_name)).toEqual([alias, alias, alias]);
    expect(resourceOf(synthesized, 'aws_scheduler_schedule', 'job-schedule').target).toMatchObject({
      arn: alias,
    });
  });

  it('of a queue go to the failure queue that there is', () => {
    const queue = parse(synth({ queue: { enabled: true, maxReceiveCount: 3 } })).resource.aws_sqs_queue;

    expect(queue?.['job-queue_838A966A']).toMatchObject({
      name: 'test-jobs',
      visibility_timeout_seconds: 6 * 30,
      redrive_policy:
        '{"deadLetterTargetArn":"${aws_sqs_queue.failures_queue_3DB484D9.arn}","maxReceiveCount":3}',
    });
  });

  it('of a FIFO queue go to a FIFO queue of their own', () => {
    const queues = blocks(synth({ queue: { enabled: true, fifo: true } }), 'aws_sqs_queue');

    expect(queues.map(({ name, fifo_queue }) => [name, fifo_queue ?? false])).toEqual(
      expect.arrayContaining([
        ['test-failures', false],
        ['test-job-failures.fifo', true],
        ['test-jobs.fifo', true],
      ]),
    );
  });

  it('by the clock carry the time of their run, which all its attempts have', () => {
    const { target, ...schedule } = resourceOf(
      synth(EVERY_JOB_SOURCE),
      'aws_scheduler_schedule',
      'job-schedule',
    );

    expect(schedule).toMatchObject({
      schedule_expression: 'cron(0 6 ? * MON-FRI *)',
      schedule_expression_timezone: 'Europe/Berlin',
    });
    expect(JSON.parse((target as { input: string }).input)).toEqual({
      'upload-pipeline/envelope': { correlationId: '<aws.scheduler.scheduled-time>' },
      payload: { echo: 'good morning' },
    });
  });

  it('of streams keep their addresses, whichever other streams there are', () => {
    const [kinesis = '', dynamodb = ''] = EVERY_JOB_SOURCE.stream.arns;
    const addresses = (...arns: string[]): string[] =>
      Object.keys(parse(synth({ stream: { arns } })).resource.aws_lambda_event_source_mapping ?? {})
        .filter((id) => id.startsWith('job-'))
        .sort();

    expect(addresses(dynamodb, kinesis)).toEqual([...addresses(kinesis), ...addresses(dynamodb)].sort());
  });

  it('share no role with the HTTP endpoint', () => {
    const roles = blocks(synthPipeline({ ...EVERYTHING, jobs: EVERY_JOB_SOURCE }), 'aws_iam_role').map(
      ({ name }) => name,
    );

    expect(new Set(roles).size).toBe(roles.length);
  });

  it('are put out as the address of their queue', () => {
    expect(parse(synth({ queue: { enabled: true } })).output?.job_queue_url).toMatchObject({
      value: '${aws_sqs_queue.job-queue_838A966A.url}',
    });
  });
});
