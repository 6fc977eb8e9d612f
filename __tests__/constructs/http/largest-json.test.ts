import { largestJson } from '../../../constructs/http/largest-json';

const CONTROL = '\u0001'; // the character that takes most bytes of JSON

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('the largest JSON that fits a schema', () => {
  it.each<[object, unknown]>([
    [{ type: 'null' }, null],
    [{ type: 'boolean' }, false],
    [{ type: 'integer', minimum: -1000, maximum: 99 }, -1000],
    [{ type: 'string', maxLength: 5 }, CONTROL.repeat(5)],
    [{ enum: ['a', 'longer'] }, 'longer'],
    [{ type: ['null', 'string'], maxLength: 0 }, null],
  ])('of %j has the size of %j, to the byte', (schema, value) => {
    expect(largestJson(schema)).toBe(bytes(value));
  });

  it.each<[object, unknown]>([
    [{ type: 'array', maxItems: 3, items: { type: 'boolean' } }, [false, false, false]],
    [
      {
        type: 'object',
        additionalProperties: false,
        properties: { a: { type: 'string', maxLength: 1 }, 'b"': { type: 'null' } },
      },
      { a: CONTROL, 'b"': null },
    ],
    [{ type: 'object', additionalProperties: false }, {}],
  ])('of %j is at most a comma larger than %j', (schema, value) => {
    expect([0, 1]).toContain(largestJson(schema) - bytes(value));
  });

  it.each([
    [{}, 'requestSchema: any size fits; expected a type'],
    [{ type: 'string' }, 'requestSchema: any size fits; expected maxLength'],
    [{ type: 'number' }, 'requestSchema: any size fits; expected another type'],
    [{ type: 'integer', minimum: 0 }, 'expected minimum and maximum'],
    [{ type: 'array', maxItems: 1 }, 'expected maxItems and items'],
    [{ type: 'array', items: { type: 'null' } }, 'expected maxItems and items'],
    [{ type: 'object' }, 'expected additionalProperties: false'],
    [
      {
        type: 'object',
        additionalProperties: false,
        properties: { a: { type: 'array', maxItems: 1, items: {} } },
      },
      'requestSchema.a.items: any size fits; expected a type',
    ],
  ])('refuses %j', (schema, message) => {
    expect(() => largestJson(schema)).toThrow(message);
  });
});
