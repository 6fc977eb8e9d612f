import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Testing } from 'cdktf';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { AnswerQueue } from '../../../constructs/function/answer-queue';
import { NodeFunction } from '../../../constructs/function/node-function';
import { parse, prebuiltCode, statements } from '../../support/synth';

/** A function whose answers are kept, or one that was not told first where failures go. */
const synth = ({ alias = false, failuresFirst = true } = {}): string =>
  Testing.synthScope((scope) => {
    const worker = new NodeFunction(scope, 'worker', {
      functionName: 'test-worker',
      description: 'Works',
      code: prebuiltCode,
      runtime: 'nodejs24.x',
      memorySizeMb: 256,
      timeoutSeconds: 30,
      logRetentionDays: 7,
      ...(alias && { release: {} }),
    });
    const answers = new AnswerQueue(scope, 'answers', {
      queueName: 'test-answers',
      encryptionKey: undefined,
    });
    if (failuresFirst) worker.onFailure(new FailureQueue(scope, 'failures', { queueName: 'test-failures' }));
    worker.onSuccess(answers);
  });

describe('AnswerQueue', () => {
  it('keeps each answer for 14 days, as large as Lambda makes one, encrypted and over TLS', () => {
    expect(synth()).toHaveResourceWithProperties(SqsQueue, {
      name: 'test-answers',
      max_message_size: 1_048_576,
      message_retention_seconds: 1_209_600,
      sqs_managed_sse_enabled: true,
      policy: expect.stringContaining('"aws:SecureTransport":"false"') as string,
    });
  });

  it('gets the answers beside the failures, of the alias too', () => {
    const configs = Object.values(
      parse(synth({ alias: true })).resource.aws_lambda_function_event_invoke_config ?? {},
    );

    expect(configs).toHaveLength(2);
    for (const { destination_config } of configs) {
      expect(destination_config).toEqual({
        on_failure: {
          destination: expect.stringMatching(/aws_sqs_queue\.failures_queue_\w+\.arn/u) as string,
        },
        on_success: {
          destination: expect.stringMatching(/aws_sqs_queue\.answers_queue_\w+\.arn/u) as string,
        },
      });
    }
  });

  it('is permitted to the function alone, before the destination is set', () => {
    const synthesized = synth();

    expect(statements(synthesized)).toContainEqual({
      address: expect.stringContaining('send-answers') as string,
      Sid: 'SendAnswers',
      Effect: 'Allow',
      Action: ['sqs:SendMessage'],
      Resource: [expect.stringMatching(/aws_sqs_queue\.answers_queue_\w+\.arn/u)],
    });
    expect(synthesized).toHaveResourceWithProperties(LambdaFunctionEventInvokeConfig, {
      depends_on: expect.arrayContaining([
        expect.stringMatching(/aws_iam_role_policy\.worker_send-answers_/u),
        expect.stringMatching(/aws_iam_role_policy\.worker_send-failures_/u),
      ]) as string[],
    });
  });

  it('is refused before failures have a place: one configuration holds both', () => {
    expect(() => synth({ failuresFirst: false })).toThrow('call onFailure first');
  });
});
