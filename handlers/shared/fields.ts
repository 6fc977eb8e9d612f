/** The members of an object of unknown shape. */
export type Fields = Readonly<Record<string, unknown>>;

/** A value's members; an empty object if the value is not an object. */
export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

/** The value if it is a string; otherwise an empty string. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The parsed JSON; undefined if the text is not JSON. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
