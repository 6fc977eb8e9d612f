import type { TerraformStack } from 'cdktf';
import { FailureQueue } from '../../constructs/failures/failure-queue';
import { AnswerQueue } from '../../constructs/function/answer-queue';
import type { NodeFunction } from '../../constructs/function/node-function';
import { AsyncEndpoint } from '../../constructs/http/async-endpoint';
import { IdempotencyTable } from '../../constructs/sources/idempotency-table';
import { JobSchedule } from '../../constructs/sources/job-schedule';
import { StreamSource } from '../../constructs/sources/stream-source';
import { WorkQueue } from '../../constructs/sources/work-queue';
import { keptBytes } from '../../handlers/shared/failure-record';
import { REQUEST_SCHEMA } from '../../handlers/invoked/contract';
import type { EnvironmentVariables, GuardVariables } from '../../handlers/invoked/environment';
import { wrap } from '../../handlers/shared/invoke-envelope';
import { maxMessageBytes } from '../message-size';
import { addFunction, addOutput, type Shared } from '../shared';

/** Answers other functions and does jobs, from every source that the settings turn on. */
export function addInvoked(stack: TerraformStack, shared: Shared): NodeFunction {
  const { settings } = shared;
  const invoked = addFunction<EnvironmentVariables>(stack, shared, 'invoked', {
    ...settings.invoked,
    description: 'Answers other functions, and works off jobs',
    environment: {},
    vpc: settings.vpc,
  });
  if (settings.invoked.onSuccess) addAnswers(stack, shared, invoked);
  // The guard first: its permission must exist before the first job comes.
  if (settings.jobs.idempotency.enabled) addGuard(stack, shared, invoked);
  if (settings.endpoint.enabled) addEndpoint(stack, shared, invoked);
  if (settings.jobs.queue.enabled) addQueue(stack, shared, invoked);
  for (const streamArn of settings.jobs.stream.arns) {
    new StreamSource(stack, `job-${streamName(streamArn)}`, {
      ...settings.jobs.stream,
      streamArn,
      handler: invoked,
      failures: shared.failures,
    });
  }
  addSchedule(stack, shared, invoked);
  return invoked;
}

/** Lets the sender of an asynchronous event hear what came of it. */
function addAnswers(stack: TerraformStack, { settings, encryptionKey }: Shared, invoked: NodeFunction): void {
  const queueName = `${settings.namePrefix}-answers`;
  const answers = new AnswerQueue(stack, 'answers', { queueName, encryptionKey });
  invoked.onSuccess(answers);
  addOutput(
    stack,
    'answer_queue_url',
    answers.queue.url,
    'What invoked answered to asynchronous events waits here',
  );
}

/** Keeps the function from doing a job twice. */
function addGuard(
  stack: TerraformStack,
  { settings, encryptionKey, network }: Shared,
  invoked: NodeFunction,
): void {
  const { expiresAfterHours } = settings.jobs.idempotency;
  const tableName = `${settings.namePrefix}-jobs-done`;
  const table = new IdempotencyTable(stack, 'jobs-done', { tableName, encryptionKey });
  table.grantUse(invoked);
  const variables: Omit<GuardVariables, 'IDEMPOTENCY_TABLE_NAME'> = {
    IDEMPOTENCY_EXPIRES_AFTER_HOURS: String(expiresAfterHours),
  };
  for (const [name, value] of Object.entries(variables)) invoked.addEnvironment(name, value);
  network?.allowTable(invoked, table);
}

/** The event that a job over HTTP becomes: its body in an envelope, with the job's id as the correlation ID. */
const JOB_TEMPLATE = JSON.stringify(wrap('BODY', { correlationId: '$context.requestId' })).replace(
  '"BODY"',
  () => "$input.json('$')",
);

/** Jobs over HTTP: docs/http.md. */
function addEndpoint(
  stack: TerraformStack,
  { settings, encryptionKey }: Shared,
  invoked: NodeFunction,
): void {
  const { api, stage } = new AsyncEndpoint(stack, 'jobs', {
    ...settings.endpoint,
    name: `${settings.namePrefix}-jobs`,
    handler: invoked,
    requestSchema: REQUEST_SCHEMA,
    requestTemplate: JOB_TEMPLATE,
    maxEventBytes: keptBytes(maxMessageBytes(settings)),
    logRetentionDays: settings.functions.logRetentionDays,
    tracing: settings.invoked.tracing ?? settings.functions.tracing,
    encryptionKey,
  });
  const { localEndpoint } = settings.awsProvider;
  // A local engine serves every API under its own address.
  const url =
    localEndpoint === undefined
      ? `${stage.invokeUrl}/jobs`
      : `${localEndpoint.replace(/\/$/u, '')}/_aws/execute-api/${api.id}/${stage.stageName}/jobs`;
  addOutput(stack, 'jobs_url', url, 'POST jobs here; /sync waits');
}

/** Jobs from a queue. */
function addQueue(stack: TerraformStack, shared: Shared, invoked: NodeFunction): void {
  const { settings, encryptionKey } = shared;
  const jobs = new WorkQueue(stack, 'job-queue', {
    ...settings.jobs.queue,
    queueName: `${settings.namePrefix}-jobs`,
    failures: settings.jobs.queue.fifo ? addFifoFailures(stack, shared) : shared.failures,
    encryptionKey,
  });
  jobs.onMessages(invoked);
  addOutput(stack, 'job_queue_url', jobs.queue.url, 'Jobs for invoked are sent here');
}

/** The dead-letter queue of a FIFO queue is a FIFO queue too, which takes none of Lambda's own failure records. */
function addFifoFailures(stack: TerraformStack, { settings, encryptionKey }: Shared): FailureQueue {
  const failures = new FailureQueue(stack, 'job-failures', {
    queueName: `${settings.namePrefix}-job-failures`,
    retentionDays: settings.failureRetentionDays,
    fifo: true,
    encryptionKey,
  });
  addOutput(stack, 'fifo_failure_queue_url', failures.queue.url, 'Jobs that the FIFO queue gave up');
  return failures;
}

/** A job by the clock. */
function addSchedule(stack: TerraformStack, { settings, failures }: Shared, invoked: NodeFunction): void {
  const { expression, input, ...schedule } = settings.jobs.schedule;
  if (expression === undefined) return;
  new JobSchedule(stack, 'job-schedule', {
    ...schedule,
    scheduleName: `${settings.namePrefix}-job-schedule`,
    scheduleExpression: expression,
    // The scheduler puts the time of the run here, for the job's log lines and its guard. The execution's ID would not
    // do: every attempt of a run has another one.
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    input: wrap(input, { correlationId: '<aws.scheduler.scheduled-time>' }),
    handler: invoked,
    failures,
  });
}

/** `stream-NAME` or `table-NAME`, of the ARN of a stream. */
const streamName = (streamArn: string): string =>
  (streamArn.split(':').at(5) ?? streamArn).split('/').slice(0, 2).join('-');
