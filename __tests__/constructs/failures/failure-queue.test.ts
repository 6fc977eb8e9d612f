import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Testing } from 'cdktf';
import { FailureQueue, type FailureQueueProps } from '../../../constructs/failures/failure-queue';
import { nodeFunction } from '../../support/mover';
import { statements } from '../../support/synth';

const synth = (props: Partial<FailureQueueProps> = {}): string =>
  Testing.synthScope((scope) => {
    new FailureQueue(scope, 'failures', { queueName: 'test-failures', ...props });
  });

describe('FailureQueue', () => {
  it('keeps records for fourteen days, encrypted, unless told otherwise', () => {
    expect(synth()).toHaveResourceWithProperties(SqsQueue, {
      name: 'test-failures',
      message_retention_seconds: 1_209_600,
      sqs_managed_sse_enabled: true,
    });
  });

  it('keeps records for as many days as it is told', () => {
    expect(synth({ retentionDays: 3 })).toHaveResourceWithProperties(SqsQueue, {
      message_retention_seconds: 259_200,
    });
  });

  it('refuses whatever does not come over TLS', () => {
    expect(statements(synth())).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Action: ['sqs:*'],
        Resource: [expect.stringMatching(/^arn:.*:sqs:.*:test-failures$/u)],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ]);
  });

  it('takes what a service could not deliver, for one source', () => {
    const source = {
      service: 'events.amazonaws.com',
      sourceArn: 'arn:of:rule',
      sourceAccount: '111122223333',
    };
    const synthesized = Testing.synthScope((scope) => {
      new FailureQueue(scope, 'failures', { queueName: 'test-failures' }).acceptFrom('AcceptIt', source);
    });

    expect(statements(synthesized)).toEqual([
      expect.objectContaining({ Sid: 'DenyInsecureTransport' }),
      expect.objectContaining({
        Sid: 'AcceptIt',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Resource: [expect.stringMatching(/^arn:.*:sqs:.*:test-failures$/u)],
        Condition: {
          ArnEquals: { 'aws:SourceArn': 'arn:of:rule' },
          StringEquals: { 'aws:SourceAccount': '111122223333' },
        },
      }),
    ]);
  });

  it('lets a function send its failures once, however often that is asked for', () => {
    const synthesized = Testing.synthScope((scope) => {
      const failures = new FailureQueue(scope, 'failures', { queueName: 'test-failures' });
      const worker = nodeFunction(scope, 'worker');
      expect(failures.grantSend(worker)).toBe(failures.grantSend(worker));
    });

    expect(statements(synthesized).filter(({ Sid }) => Sid === 'SendFailures')).toHaveLength(1);
  });

  it.each([0, 15, 1.5])('refuses a retention of %p days', (retentionDays) => {
    expect(() => synth({ retentionDays })).toThrow(
      `FailureQueue.retentionDays: got ${retentionDays}; expected an integer from 1 to 14.`,
    );
  });
});
