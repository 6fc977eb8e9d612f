import { z } from 'zod';
import { about, integer, number, range } from './about';

/** A queue of jobs. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const queue = z.strictObject({
  enabled: about(z.boolean().default(false), {
    description: 'Takes jobs for invoked from an SQS queue (output job_queue_url).',
    allowed: 'true or false',
  }),
  fifo: about(z.boolean().default(false), {
    description: 'Keeps the order of the jobs of a message group; another value is another queue.',
    allowed: 'true or false; true only with batches of 10 and no batching window',
  }),
  batchSize: about(integer(1, 10_000).default(10), {
    description: 'Jobs that one invocation of invoked gets from the queue at most.',
    unit: 'messages',
    allowed: `${range(1, 10_000)}; above 10 only with jobs.queue.maximumBatchingWindowSeconds of 1 or more`,
  }),
  maximumBatchingWindowSeconds: number(0, 300, 0, {
    description: 'How long to wait for a batch of jobs to fill.',
    unit: 'seconds',
  }),
  maximumConcurrency: about(integer(2, 1000).optional(), {
    description:
      'Invocations by the queue at a time; what is more waits. Left out: the reserved concurrency of invoked, or no limit.',
    unit: 'executions',
    allowed: `${range(2, 1000)}, not above invoked.reservedConcurrentExecutions, or left out`,
  }),
  maxReceiveCount: number(1, 1000, 5, {
    description: 'Attempts before a job of the queue goes to a failure queue; AWS advises 5.',
    unit: 'attempts',
  }),
  retentionDays: about(integer(1, 13).default(4), {
    description: 'How long a job may wait in the queue; it keeps its age when it moves to a failure queue.',
    unit: 'days',
    allowed: `${range(1, 13)}, fewer than failureRetentionDays`,
  }),
});

/** Streams of jobs. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html */
const stream = z.strictObject({
  arns: about(z.array(z.string().regex(/^arn:[\w-]+:(kinesis|dynamodb):/u)).default([]), {
    description: 'Kinesis streams, and streams of DynamoDB tables, that invoked takes jobs from.',
    allowed: 'ARNs (…:stream/NAME or …:table/NAME/stream/LABEL); none for no stream',
  }),
  batchSize: number(1, 10_000, 100, {
    description: 'Jobs that one invocation of invoked gets from a stream at most.',
    unit: 'records',
  }),
  maximumBatchingWindowSeconds: number(0, 300, 0, {
    description: 'How long to wait for a batch of a stream to fill.',
    unit: 'seconds',
  }),
  parallelizationFactor: number(1, 10, 1, {
    description: 'Batches of a shard at a time; the order is then that of a partition key.',
    unit: 'batches',
  }),
  bisectBatchOnFunctionError: about(z.boolean().default(true), {
    description: 'Halves a batch of a stream that failed, so that one bad job is found.',
    allowed: 'true or false',
  }),
  maximumRetryAttempts: number(0, 10_000, 10, {
    description: 'How often a batch of a stream is tried again; its shard waits meanwhile.',
    unit: 'attempts',
  }),
  maximumRecordAgeSeconds: number(60, 604_800, 86_400, {
    description: 'Jobs of a stream that are older are given up.',
    unit: 'seconds',
  }),
  startingPosition: about(z.enum(['TRIM_HORIZON', 'LATEST']).default('TRIM_HORIZON'), {
    description: 'Where a new stream is begun: at the oldest record there is, or at the next one.',
    allowed: 'TRIM_HORIZON or LATEST',
  }),
});

/** A job by the clock. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
const schedule = z.strictObject({
  expression: about(
    z
      .string()
      .regex(/^(rate|cron|at)\(.+\)$/u)
      .optional(),
    {
      description: 'When invoked gets a job by the clock. Left out: never.',
      allowed: 'rate(5 minutes), cron(0 6 ? * MON-FRI *) or at(2027-01-01T06:00:00), or left out',
    },
  ),
  timeZone: about(z.string().min(1).max(50).default('UTC'), {
    description: 'Time zone of a cron or at expression.',
    allowed: 'a name of the IANA database, such as Europe/Berlin',
  }),
  input: about(z.record(z.string(), z.json()).default({}), {
    description: 'The job that the clock brings.',
    allowed: 'an object of JSON values',
  }),
  maximumRetryAttempts: number(0, 185, 185, {
    description: 'How often a job by the clock that Lambda does not take is tried again.',
    unit: 'attempts',
  }),
  maximumEventAgeSeconds: number(60, 86_400, 86_400, {
    description: 'How long a job by the clock that Lambda does not take is kept.',
    unit: 'seconds',
  }),
});

/** A guard against jobs that come twice. https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/ */
const idempotency = z.strictObject({
  enabled: about(z.boolean().default(false), {
    description:
      'Keeps in a DynamoDB table what invoked has done, and does no job twice; needed only where doing one twice does harm.',
    allowed: 'true or false',
  }),
  expiresAfterHours: number(1, 8_760, 24, {
    description: 'How long a job is known by then; longer than its source and its sender may repeat it.',
    unit: 'hours',
  }),
});

/** The ways a job comes to `invoked`, beside its callers and the HTTP endpoint; each is off by default. */
export const jobs = z.strictObject({
  queue: queue.prefault({}),
  stream: stream.prefault({}),
  schedule: schedule.prefault({}),
  idempotency: idempotency.prefault({}),
});
