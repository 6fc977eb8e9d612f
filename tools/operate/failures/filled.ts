import { text } from '../../../handlers/shared/fields';

/** A text that says something. */
export const filled = (value: unknown): string | undefined => text(value) || undefined;
