import { MAX_KEPT_BYTES } from '../../../handlers/shared/failure-record';
import { MAX_MESSAGE_BYTES } from '../../../constructs/failures/failure-queue';
import { MINIMAL, parse, synthPipeline } from '../../support/synth';

const text = (length: number): string => 'x'.repeat(length);

/**
 * The largest record that Lambda makes of a job, by the limits of its parts.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations
 */
const record = (payloadBytes: number, errorBytes: number): number =>
  Buffer.byteLength(
    JSON.stringify({
      version: '1.0',
      timestamp: '2026-11-24T18:00:00.000Z',
      requestContext: {
        requestId: '1c5d5e1e-0f5f-4c3e-9c39-6f6d8d3e9f0a',
        functionArn: `arn:aws-us-gov:lambda:ap-southeast-1:123456789012:function:${text(64)}:${text(128)}`,
        condition: 'EventAgeExceeded',
        approximateInvokeCount: 999_999,
      },
      requestPayload: text(payloadBytes - 2), // its quotes
      responseContext: { statusCode: 200, executedVersion: text(20), functionError: 'Unhandled' },
      responsePayload: text(errorBytes - 2),
    }),
  );

describe('the limit of a job that nobody waits for', () => {
  it('leaves room for 16 KiB of error and for the longest names in its failure record, to the byte', () => {
    const room = MAX_MESSAGE_BYTES - record(MAX_KEPT_BYTES, 16_384);

    expect(room).toBe(0);
  });

  it.each([{}, { trigger: 'queue', jobs: { queue: { enabled: true } } }] as const)(
    'is one that every queue takes: %j',
    (settings) => {
      const { resource } = parse(synthPipeline({ ...MINIMAL, ...settings }));
      const queues = Object.values(resource.aws_sqs_queue ?? {});

      expect(queues.length).toBeGreaterThan(0);
      for (const { max_message_size } of queues) expect(max_message_size).toBe(1_048_576);
    },
  );

  it.each([{ localEndpoint: 'http://127.0.0.1:4566' }, { version: '5.100.0' }, { version: '~> 6.7' }])(
    'is lower where the provider may be older than these sizes: %j',
    (awsProvider) => {
      const { resource } = parse(synthPipeline({ ...MINIMAL, awsProvider }));

      const environments = JSON.stringify(resource.aws_lambda_function);
      expect(environments.match(/"FAILURE_MESSAGE_BYTES":"\d+"/gu)).toEqual([
        '"FAILURE_MESSAGE_BYTES":"262144"',
      ]);

      const sizes = Object.values(resource.aws_sqs_queue ?? {}).map((queue) => queue.max_message_size);
      expect([...new Set(sizes)]).toEqual([262_144]);
    },
  );
});
