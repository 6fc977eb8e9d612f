import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { Testing } from 'cdktf';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { EncryptionKey } from '../../../constructs/keys/encryption-key';
import type { NodeFunctionProps } from '../../../constructs/function/node-function';
import { WorkQueue, type WorkQueueProps } from '../../../constructs/sources/work-queue';
import { nodeFunction } from '../../support/mover';
import { onlyResource, parse, statements, type Block } from '../../support/synth';

const synth = (props: Partial<WorkQueueProps> = {}, handler: Partial<NodeFunctionProps> = {}): string =>
  Testing.synthScope((scope) => {
    const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures' });
    const work = new WorkQueue(scope, 'work', { queueName: 'test-work', failures, ...props });
    work.onMessages(nodeFunction(scope, 'worker', handler));
  });

const workQueue = (synthesized: string): Block | undefined =>
  Object.values(parse(synthesized).resource.aws_sqs_queue ?? {}).find(({ name }) => name === 'test-work');

describe('WorkQueue', () => {
  it('is encrypted and refuses whatever does not come over TLS', () => {
    expect(workQueue(synth())).toMatchObject({ sqs_managed_sse_enabled: true });
    expect(statements(synth())).toContainEqual(
      expect.objectContaining({
        Sid: 'DenyInsecureTransport',
        Resource: [expect.stringMatching(/^arn:.*:test-work$/u)],
      }),
    );
  });

  it('hides a message for six times the timeout of its function and the batching window', () => {
    expect(workQueue(synth())).toMatchObject({ visibility_timeout_seconds: 180 });
    expect(workQueue(synth({ maximumBatchingWindowSeconds: 20 }, { timeoutSeconds: 900 }))).toMatchObject({
      visibility_timeout_seconds: 5420,
    });
  });

  it('gives a message up after its last attempt, to the failure queue', () => {
    const { redrive_policy, message_retention_seconds } =
      workQueue(synth({ maxReceiveCount: 7, retentionDays: 2 })) ?? {};

    expect(message_retention_seconds).toBe(172_800);
    expect(JSON.parse(redrive_policy as string)).toEqual({
      deadLetterTargetArn: expect.stringMatching(/^\$\{aws_sqs_queue\.failures_queue_\w+\.arn\}$/u) as string,
      maxReceiveCount: 7,
    });
  });

  it('has its messages taken in batches of which only what failed comes back', () => {
    const synthesized = synth({ batchSize: 100, maximumBatchingWindowSeconds: 5, maximumConcurrency: 4 });

    expect(synthesized).toHaveResourceWithProperties(LambdaEventSourceMapping, {
      event_source_arn: expect.stringMatching(/^\$\{aws_sqs_queue\.work_queue_\w+\.arn\}$/u) as string,
      function_name: expect.stringMatching(/^\$\{aws_lambda_function\.worker_\w+\.arn\}$/u) as string,
      batch_size: 100,
      maximum_batching_window_in_seconds: 5,
      function_response_types: ['ReportBatchItemFailures'],
      scaling_config: { maximum_concurrency: 4 },
    });
  });

  it('lets the function take messages of this queue, and no more, before the first arrives', () => {
    expect(statements(synth()).filter(({ Sid }) => Sid === 'ReceiveMessages')).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        Resource: [expect.stringMatching(/^\$\{aws_sqs_queue\.work_\w+\.arn\}$/u)],
      }),
    ]);
    expect(onlyResource(synth(), 'aws_lambda_event_source_mapping').depends_on).toEqual([
      expect.stringContaining('aws_iam_role_policy.worker_write-logs_'),
      expect.stringContaining('aws_iam_role_policy.worker_receive-work_'),
    ]);
  });

  it.each([
    [undefined, undefined, undefined],
    [undefined, 5, { maximum_concurrency: 5 }],
    [3, 5, { maximum_concurrency: 3 }],
  ])(
    'with maximum concurrency %p and reserved concurrency %p scales to %j',
    (maximumConcurrency, reservedConcurrentExecutions, scaling) => {
      const mapping = onlyResource(
        synth({ maximumConcurrency }, { reservedConcurrentExecutions }),
        'aws_lambda_event_source_mapping',
      );

      expect(mapping.scaling_config).toEqual(scaling);
    },
  );

  it.each([
    [{ batchSize: 0 }, 'WorkQueue.batchSize: got 0; expected an integer from 1 to 10000.'],
    [
      { batchSize: 11 },
      'WorkQueue.batchSize: got 11 without a batching window; expected at most 10, or a maximumBatchingWindowSeconds of 1 or more.',
    ],
    [
      { maximumBatchingWindowSeconds: 301 },
      'WorkQueue.maximumBatchingWindowSeconds: got 301; expected an integer from 0 to 300.',
    ],
    [{ maximumConcurrency: 1 }, 'WorkQueue.maximumConcurrency: got 1; expected an integer from 2 to 1000.'],
    [{ maxReceiveCount: 0 }, 'WorkQueue.maxReceiveCount: got 0; expected an integer from 1 to 1000.'],
    [{ retentionDays: 15 }, 'WorkQueue.retentionDays: got 15; expected an integer from 1 to 14.'],
  ])('refuses %j', (wrong, message) => {
    expect(() => synth(wrong)).toThrow(message);
  });

  it.each([0, 1])(
    'refuses a function with %p reserved: its poller starts two at a time at least',
    (reserved) => {
      expect(() => synth({}, { reservedConcurrentExecutions: reserved })).toThrow(
        `WorkQueue.onMessages: the function's reservedConcurrentExecutions is ${reserved}; expected 2 or more, or none`,
      );
    },
  );

  it('refuses more invocations at a time than are reserved: what is throttled counts as an attempt', () => {
    expect(() => synth({ maximumConcurrency: 6 }, { reservedConcurrentExecutions: 5 })).toThrow(
      /^WorkQueue\.maximumConcurrency: got 6; expected at most the function's reservedConcurrentExecutions, 5/u,
    );
  });

  describe('as a FIFO queue', () => {
    const synthFifo = (props: Partial<WorkQueueProps> = {}): string =>
      Testing.synthScope((scope) => {
        const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures', fifo: true });
        const work = new WorkQueue(scope, 'work', { queueName: 'test-work', fifo: true, failures, ...props });
        work.onMessages(nodeFunction(scope, 'worker'));
      });

    it('keeps the order by group, and gives up to a FIFO queue', () => {
      const queues = Object.values(parse(synthFifo()).resource.aws_sqs_queue ?? {});

      expect(queues.map(({ name, fifo_queue }) => [name, fifo_queue])).toEqual([
        ['test-failures.fifo', true],
        ['test-work.fifo', true],
      ]);
      expect(queues[1]).toMatchObject({
        content_based_deduplication: true,
        deduplication_scope: 'messageGroup',
        fifo_throughput_limit: 'perMessageGroupId',
      });
    });

    it.each([{ batchSize: 11, maximumBatchingWindowSeconds: 1 }, { maximumBatchingWindowSeconds: 1 }])(
      'refuses %j: no larger batches are gathered from it',
      (wrong) => {
        expect(() => synthFifo(wrong)).toThrow(/^WorkQueue\.fifo: got a batchSize of/u);
      },
    );
  });

  it('lets whoever is granted it put messages in, and no more', () => {
    const synthesized = Testing.synthScope((scope) => {
      const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures' });
      new WorkQueue(scope, 'work', { queueName: 'test-work', failures }).grantSend(
        nodeFunction(scope, 'caller'),
      );
    });

    expect(statements(synthesized).filter(({ Sid }) => Sid === 'SendMessages')).toEqual([
      expect.objectContaining({
        address: expect.stringContaining('caller_send-work') as string,
        Action: ['sqs:SendMessage'],
        Resource: [expect.stringMatching(/^\$\{aws_sqs_queue\.work_queue_\w+\.arn\}$/u)],
      }),
    ]);
  });

  describe.each(['onMessages', 'grantSend'] as const)('with a key of one’s own, %s', (verb) => {
    it('lets the function use that key too', () => {
      const synthesized = Testing.synthScope((scope) => {
        const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures' });
        const encryptionKey = new EncryptionKey(scope, 'key', { namePrefix: 'test' });
        const work = new WorkQueue(scope, 'work', { queueName: 'test-work', failures, encryptionKey });
        work[verb](nodeFunction(scope, 'worker'));
      });

      expect(statements(synthesized)).toContainEqual(
        expect.objectContaining({
          address: expect.stringContaining('worker_use-key') as string,
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        }),
      );
    });
  });
});
