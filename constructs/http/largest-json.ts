/** A JSON schema of draft 4, as far as a limit can be read from it. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
}

/** A control character is written as six: `\u0000`. No other needs more bytes of UTF-8. */
const BYTES_A_CHARACTER = 6;

/**
 * The most bytes that JSON takes which fits a schema, written without white space as API Gateway hands it on.
 * @param path of the schema, for the error
 * @throws Error naming what has no limit
 */
export function largestJson(schema: Schema, path = 'requestSchema'): number {
  if (schema.enum) return Math.max(...schema.enum.map((value) => Buffer.byteLength(JSON.stringify(value))));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.length === 0) throw unlimited(path, 'a type');
  return Math.max(...types.map((type) => largestOf(type, schema, path)));
}

function largestOf(type: string, schema: Schema, path: string): number {
  switch (type) {
    case 'null':
      return 'null'.length;
    case 'boolean':
      return 'false'.length;
    case 'integer': {
      const { minimum, maximum } = schema;
      if (minimum === undefined || maximum === undefined) throw unlimited(path, 'minimum and maximum');
      return Math.max(String(minimum).length, String(maximum).length);
    }
    case 'string':
      if (schema.maxLength === undefined) throw unlimited(path, 'maxLength');
      return 2 + schema.maxLength * BYTES_A_CHARACTER;
    case 'array': {
      const { maxItems, items } = schema;
      if (maxItems === undefined || items === undefined) throw unlimited(path, 'maxItems and items');
      return 2 + maxItems * (largestJson(items, `${path}.items`) + 1);
    }
    case 'object': {
      if (schema.additionalProperties !== false) throw unlimited(path, 'additionalProperties: false');
      const members = Object.entries(schema.properties ?? {}).map(
        ([name, member]) =>
          Buffer.byteLength(JSON.stringify(name)) + 2 + largestJson(member, `${path}.${name}`),
      );
      return 2 + members.reduce((sum, bytes) => sum + bytes, 0);
    }
    default: // a number may have as many digits as its sender likes
      throw unlimited(path, 'another type: integer, string, boolean, null, array or object');
  }
}

const unlimited = (path: string, expected: string): Error =>
  new Error(
    `AsyncEndpoint.${path}: any size fits; expected ${expected}, so that the failure record of every job that is accepted fits into the failure queue.`,
  );
