import { readAnswerRecord } from '../../../handlers/shared/answer-record';
import { wrap } from '../../../handlers/shared/invoke-envelope';

/** As AWS documents it: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const record = (requestPayload: unknown, condition = 'Success'): string =>
  JSON.stringify({
    version: '1.0',
    timestamp: '2026-11-24T08:30:00.000Z',
    requestContext: {
      requestId: 'e4b46cbf-b738-xmpl-8880-a18cdf61200e',
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:invoked:live',
      condition,
      approximateInvokeCount: 1,
    },
    requestPayload,
    responseContext: { statusCode: 200, executedVersion: '7' },
    responsePayload: { echo: 'hello' },
  });

describe('the record of an answer', () => {
  it('tells the sender by its correlation ID what was answered to what', () => {
    expect(readAnswerRecord(record(wrap({ echo: 'hello' }, { correlationId: 'order 7' })))).toEqual({
      correlationId: 'order 7',
      requestId: 'e4b46cbf-b738-xmpl-8880-a18cdf61200e',
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:invoked:live',
      request: { echo: 'hello' },
      answer: { echo: 'hello' },
    });
  });

  it('has no correlation ID where the event came without an envelope', () => {
    expect(readAnswerRecord(record({ echo: 'hello' }))).toMatchObject({
      correlationId: undefined,
      request: { echo: 'hello' },
    });
  });

  it('is none where the function failed, or somebody else wrote it', () => {
    expect(() => readAnswerRecord(record({}, 'RetriesExhausted'))).toThrow('is "RetriesExhausted"');
    expect(() => readAnswerRecord('[]')).toThrow(TypeError);
    expect(() => readAnswerRecord('hello')).toThrow(SyntaxError);
  });
});
