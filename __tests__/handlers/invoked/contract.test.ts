import { keptBytes } from '../../../handlers/shared/failure-record';
import { wrap } from '../../../handlers/shared/invoke-envelope';
import { readAnswer, readRequest, REQUEST_SCHEMA } from '../../../handlers/invoked/contract';

describe('the request to invoked', () => {
  it.each([[{}], [{ echo: { deep: [1] } }], [{ sleepMs: 0 }], [{ sleepMs: 900_000, fail: 'x', echo: null }]])(
    'may be %j',
    (request) => {
      expect(readRequest(request)).toEqual(request);
    },
  );

  it.each([
    [undefined, 'The request: got undefined; expected an object.'],
    [null, 'The request: got null; expected an object.'],
    [[], 'The request: got []; expected an object.'],
    ['text', 'The request: got "text"; expected an object.'],
    [{ sleepMs: -1 }, 'sleepMs: got -1; expected an integer from 0 to 900000 (milliseconds).'],
    [{ sleepMs: 900_001 }, 'sleepMs: got 900001; expected an integer from 0 to 900000 (milliseconds).'],
    [{ sleepMs: 1.5 }, 'sleepMs: got 1.5; expected an integer from 0 to 900000 (milliseconds).'],
    [{ sleepMs: '5' }, 'sleepMs: got "5"; expected an integer from 0 to 900000 (milliseconds).'],
    [{ fail: '' }, 'fail: got ""; expected a message of 1 to 1000 characters.'],
    [{ fail: true }, 'fail: got true; expected a message of 1 to 1000 characters.'],
    [{ fail: 'x'.repeat(1_001) }, 'expected a message of 1 to 1000 characters.'],
    [{ ecco: 1 }, 'ecco: unknown field; expected echo, sleepMs or fail.'],
  ])('may not be %j', (request, message) => {
    expect(() => readRequest(request)).toThrow(message);
  });

  it('has the same fields in the schema that the endpoint validates with', () => {
    expect(REQUEST_SCHEMA.additionalProperties).toBe(false);
    for (const [field, { type, minimum, maximum }] of Object.entries<{
      type?: string;
      minimum?: number;
      maximum?: number;
    }>(REQUEST_SCHEMA.properties)) {
      expect(() => readRequest({ [field]: type === 'integer' ? (minimum ?? 0) : 'text' })).not.toThrow();
      expect(() => readRequest({ [field]: type === 'integer' ? (maximum ?? 0) : 'text' })).not.toThrow();
    }
  });
});

describe('a job over HTTP', () => {
  /** The largest that the endpoint lets in: of every character the one that takes most bytes of JSON. */
  const largest = {
    echo: '\u0001'.repeat(REQUEST_SCHEMA.properties.echo.maxLength),
    sleepMs: REQUEST_SCHEMA.properties.sleepMs.maximum,
    fail: '\u0001'.repeat(REQUEST_SCHEMA.properties.fail.maxLength),
  };

  it('fits, as the endpoint hands it on, where its failure record fits into the smallest queue', () => {
    const event = wrap(largest, { correlationId: 'x'.repeat(36) });

    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(keptBytes(262_144));
    expect(readRequest(largest)).toEqual(largest);
  });
});

describe('the answer of invoked', () => {
  const ANSWER = { echo: [1], requestId: 'r', correlationId: 'c', deadline: null, logLevel: 'INFO' };

  it.each([[ANSWER], [{ ...ANSWER, deadline: '2026-01-01T00:00:00.000Z' }]])('may be %j', (answer) => {
    expect(readAnswer(answer)).toEqual(answer);
  });

  it.each([
    [null, 'the answer is null, not an object'],
    [{ ...ANSWER, requestId: 1 }, 'requestId is 1, not a string'],
    [{ ...ANSWER, correlationId: undefined }, 'correlationId is undefined, not a string'],
    [{ ...ANSWER, deadline: 5 }, 'deadline is 5, not a string'],
    [{ ...ANSWER, logLevel: null }, 'logLevel is null, not a string'],
  ])('may not be %j', (answer, message) => {
    expect(() => readAnswer(answer)).toThrow(message);
  });
});
