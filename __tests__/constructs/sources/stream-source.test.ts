import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { Testing } from 'cdktf';
import { FailureQueue } from '../../../constructs/failures/failure-queue';
import { StreamSource, type StreamSourceProps } from '../../../constructs/sources/stream-source';
import { nodeFunction } from '../../support/mover';
import { onlyResource, statements } from '../../support/synth';

const KINESIS = 'arn:aws:kinesis:eu-west-1:111122223333:stream/jobs';
const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/jobs';
const DYNAMODB = `${TABLE}/stream/2026-01-01T00:00:00.000`;

const synth = (props: Partial<StreamSourceProps> = {}): string =>
  Testing.synthScope((scope) => {
    const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures' });
    const handler = nodeFunction(scope, 'worker');
    handler.onFailure(failures);
    new StreamSource(scope, 'stream', { streamArn: KINESIS, handler, failures, ...props });
  });

const grants = (synthesized: string) =>
  statements(synthesized)
    .filter(({ address }) => address.includes('read-stream'))
    .map(({ Action, Resource }) => ({ Action, Resource }));

describe('StreamSource', () => {
  it('reads from the oldest record on, halves a batch that fails, and gives up after ten retries or a day', () => {
    expect(synth()).toHaveResourceWithProperties(LambdaEventSourceMapping, {
      event_source_arn: KINESIS,
      function_name: expect.stringMatching(/^\$\{aws_lambda_function\.worker_\w+\.arn\}$/u) as string,
      batch_size: 100,
      maximum_batching_window_in_seconds: 0,
      parallelization_factor: 1,
      bisect_batch_on_function_error: true,
      maximum_retry_attempts: 10,
      maximum_record_age_in_seconds: 86_400,
      starting_position: 'TRIM_HORIZON',
      function_response_types: ['ReportBatchItemFailures'],
      destination_config: {
        on_failure: {
          destination_arn: expect.stringMatching(/^\$\{aws_sqs_queue\.failures_\w+\.arn\}$/u) as string,
        },
      },
    });
  });

  it('lets the function send to the failure queue by itself, before the mapping is made', () => {
    const synthesized = Testing.synthScope((scope) => {
      const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures' });
      new StreamSource(scope, 'stream', {
        streamArn: KINESIS,
        handler: nodeFunction(scope, 'worker'),
        failures,
      });
    });

    const sends = statements(synthesized).find(({ Action }) => Action.includes('sqs:SendMessage'));
    expect(sends?.Resource).toEqual([expect.stringMatching(/^\$\{aws_sqs_queue\.failures_\w+\.arn\}$/u)]);
    expect(onlyResource(synthesized, 'aws_lambda_event_source_mapping').depends_on).toContain(sends?.address);
  });

  it('takes every limit it is given', () => {
    const limits: Partial<StreamSourceProps> = {
      batchSize: 10,
      maximumBatchingWindowSeconds: 5,
      parallelizationFactor: 2,
      bisectBatchOnFunctionError: false,
      maximumRetryAttempts: 0,
      maximumRecordAgeSeconds: 60,
      startingPosition: 'LATEST',
    };

    expect(onlyResource(synth(limits), 'aws_lambda_event_source_mapping')).toMatchObject({
      batch_size: 10,
      maximum_batching_window_in_seconds: 5,
      parallelization_factor: 2,
      bisect_batch_on_function_error: false,
      maximum_retry_attempts: 0,
      maximum_record_age_in_seconds: 60,
      starting_position: 'LATEST',
    });
  });

  it('lets the function read this Kinesis stream, and no other', () => {
    expect(grants(synth())).toEqual([
      {
        Action: [
          'kinesis:DescribeStream',
          'kinesis:DescribeStreamSummary',
          'kinesis:GetRecords',
          'kinesis:GetShardIterator',
          'kinesis:ListShards',
        ],
        Resource: [KINESIS],
      },
    ]);
  });

  it('lets the function read this DynamoDB stream, and list those of its table', () => {
    expect(grants(synth({ streamArn: DYNAMODB }))).toEqual([
      {
        Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        Resource: [DYNAMODB],
      },
      { Action: ['dynamodb:ListStreams'], Resource: [`${TABLE}/stream/*`] },
    ]);
  });

  it('begins only when the function may read, and may tell of failures', () => {
    expect(onlyResource(synth(), 'aws_lambda_event_source_mapping').depends_on).toEqual(
      expect.arrayContaining([
        expect.stringContaining('aws_iam_role_policy.worker_read-stream_'),
        expect.stringContaining('aws_iam_role_policy.worker_send-failures_'),
        expect.stringContaining('aws_iam_role_policy.worker_write-logs_'),
      ]),
    );
  });

  it.each([
    [
      { streamArn: TABLE },
      /^StreamSource\.streamArn: got "arn:aws:dynamodb:.*expected the ARN of a Kinesis stream/u,
    ],
    [{ streamArn: 'jobs' }, /^StreamSource\.streamArn: got "jobs"/u],
    [{ batchSize: 10_001 }, 'StreamSource.batchSize: got 10001; expected an integer from 1 to 10000.'],
    [
      { maximumBatchingWindowSeconds: 301 },
      'StreamSource.maximumBatchingWindowSeconds: got 301; expected an integer from 0 to 300.',
    ],
    [
      { parallelizationFactor: 11 },
      'StreamSource.parallelizationFactor: got 11; expected an integer from 1 to 10.',
    ],
    [
      { maximumRetryAttempts: -1 },
      'StreamSource.maximumRetryAttempts: got -1; expected an integer from 0 to 10000.',
    ],
    [
      { maximumRecordAgeSeconds: 59 },
      'StreamSource.maximumRecordAgeSeconds: got 59; expected an integer from 60 to 604800.',
    ],
  ])('refuses %j', (wrong, message) => {
    expect(() => synth(wrong)).toThrow(message);
  });
});
