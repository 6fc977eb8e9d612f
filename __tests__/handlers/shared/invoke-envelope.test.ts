import { ENVELOPE, unwrap, wrap } from '../../../handlers/shared/invoke-envelope';

describe('the envelope', () => {
  it.each([[{ n: 1 }], [[1, 2]], ['text'], [null], [0], [wrap('inner', { correlationId: 'b' })]])(
    'brings %j as it was sent',
    (payload) => {
      const envelope = { correlationId: 'a', deadline: '2026-01-01T00:00:00.000Z' };

      expect(unwrap(wrap(payload, envelope))).toEqual({ payload, envelope });
    },
  );

  it.each([[{ n: 1 }], [{ payload: 1 }], [[1]], ['text'], [null], [undefined], [{ [ENVELOPE]: 'text' }]])(
    'takes an event without one for all payload: %j',
    (event) => {
      expect(unwrap(event)).toEqual({ payload: event, envelope: {} });
    },
  );

  it('takes the body of an HTTP request that came without a mapping template', () => {
    const event = { version: '1.0', body: '{"echo": 1}', requestContext: { requestId: 'http-1' } };

    expect(unwrap(event)).toEqual({ payload: { echo: 1 }, envelope: { correlationId: 'http-1' } });
  });

  it('decodes the body of an HTTP request that came as base64', () => {
    const body = Buffer.from('{"echo": "ü"}').toString('base64');
    const event = { version: '1.0', body, isBase64Encoded: true, requestContext: { requestId: 'http-1' } };

    expect(unwrap(event)).toMatchObject({ payload: { echo: 'ü' } });
  });

  it.each([
    [{ body: '{}' }],
    [{ body: { n: 1 }, requestContext: { requestId: 'x' } }],
    [{ body: '{}', requestContext: {} }],
  ])('does not take %j for an HTTP request', (event) => {
    expect(unwrap(event)).toEqual({ payload: event, envelope: {} });
  });

  it('leaves out what is not text, so that a log line is never a surprise', () => {
    const event = { [ENVELOPE]: { correlationId: 7, deadline: {}, more: 'x' }, payload: 1 };

    expect(unwrap(event)).toEqual({ payload: 1, envelope: {} });
  });
});
