import type { Block } from '../../build/synthesize';

/** A block of Terraform's: one, a list of one, or none. */
export const first = (value: unknown): Block =>
  ((Array.isArray(value) ? (value as unknown[])[0] : value) as Block | undefined) ?? {};

/** A list of blocks. */
export const list = (value: unknown): readonly Block[] => (Array.isArray(value) ? (value as Block[]) : []);

/** One text or several. */
export const strings = (value: unknown): string[] => [value].flat().filter((one) => typeof one === 'string');

/** A string or number as text; empty for other types. */
export const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** JSON in a property: a policy, a pattern. */
export const json = (value: unknown): Block =>
  typeof value === 'string' ? (JSON.parse(value) as Block) : {};
