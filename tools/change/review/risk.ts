import type { Markdown } from './markdown';
import type { ResourceChange } from './plan';

/** A resource that would lose data. */
export interface Risk {
  readonly resource: ResourceChange;
  /** The change; continues the sentence that the resource begins. */
  readonly what: Markdown;
  /** The effect on its data; continues the sentence of `what`. */
  readonly detail: Markdown;
}
