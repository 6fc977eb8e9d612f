import { TerraformOutput, type TerraformStack } from 'cdktf';
import type { Settings } from '../config/settings';
import type { EncryptionKey } from '../constructs/keys/encryption-key';
import { FailureQueue } from '../constructs/failures/failure-queue';
import { JobSchedule } from '../constructs/sources/job-schedule';
import type { NodeFunction } from '../constructs/function/node-function';
import { StreamSource } from '../constructs/sources/stream-source';
import { WorkQueue } from '../constructs/sources/work-queue';
import { wrap } from '../handlers/shared/invoke-envelope';

interface Parts {
  readonly worker: NodeFunction;
  readonly failures: FailureQueue;
  readonly encryptionKey: EncryptionKey | undefined;
}

/** The ways a job comes to the worker that are on in the settings, beside its callers and the HTTP endpoint. */
export function connectJobs(stack: TerraformStack, settings: Settings, parts: Parts): void {
  if (settings.jobs.queue.enabled) connectQueue(stack, settings, parts);
  for (const streamArn of settings.jobs.stream.arns) {
    new StreamSource(stack, `job-${streamName(streamArn)}`, {
      ...settings.jobs.stream,
      streamArn,
      handler: parts.worker,
      failures: parts.failures,
    });
  }
  const { expression, input, ...schedule } = settings.jobs.schedule;
  if (expression === undefined) return;
  new JobSchedule(stack, 'job-schedule', {
    ...schedule,
    scheduleName: `${settings.namePrefix}-job-schedule`,
    scheduleExpression: expression,
    // The scheduler writes here which run it is, for the job's log lines and its guard. Not the execution's ID: every
    // attempt of a run has another one.
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    input: wrap(input, { correlationId: '<aws.scheduler.scheduled-time>' }),
    handler: parts.worker,
    failures: parts.failures,
  });
}

function connectQueue(stack: TerraformStack, settings: Settings, parts: Parts): void {
  const { queue } = settings.jobs;
  const { worker, encryptionKey } = parts;
  const work = new WorkQueue(stack, 'job-queue', {
    ...queue,
    queueName: `${settings.namePrefix}-jobs`,
    failures: queue.fifo ? fifoFailures(stack, settings, parts) : parts.failures,
    encryptionKey,
  });
  work.onMessages(worker);
  new TerraformOutput(stack, 'job_queue_url', {
    value: work.queue.url,
    description: 'Jobs for the worker are sent here',
  });
}

/** A FIFO queue gives up to a FIFO queue, which Lambda's own failure records may not go to. */
const fifoFailures = (stack: TerraformStack, settings: Settings, { encryptionKey }: Parts): FailureQueue =>
  new FailureQueue(stack, 'job-failures', {
    queueName: `${settings.namePrefix}-job-failures`,
    retentionDays: settings.failureRetentionDays,
    fifo: true,
    encryptionKey,
  });

/** `stream-NAME` or `table-NAME`, of the ARN of a stream. */
const streamName = (streamArn: string): string =>
  (streamArn.split(':').at(5) ?? streamArn).split('/').slice(0, 2).join('-');
