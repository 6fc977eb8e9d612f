/** The members of an object that came from elsewhere, none of which is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** A value's members; none where it is no object. */
export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

/** A text; empty where the value is none. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A text as JSON; undefined where it is none. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
