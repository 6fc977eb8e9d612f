import type { MoveResult } from './move';

/** The function's metrics, counted over one invocation: one value a metric, however many records an event holds. */
export type Counts = Readonly<Record<(typeof COUNTS)[number], number>>;

const COUNTS = [
  'UploadsMoved',
  'BytesMoved',
  'UploadsReplaced',
  'UploadsIgnored',
  'UploadsFailed',
  'Conflicts',
] as const;

export class UploadMetrics {
  readonly #counts = Object.fromEntries(COUNTS.map((name) => [name, 0])) as Record<keyof Counts, number>;

  result(result: MoveResult): void {
    if (result.decision === 'ignored') {
      this.#counts.UploadsIgnored += 1;
      return;
    }
    this.#counts.UploadsMoved += 1;
    this.#counts.BytesMoved += result.size;
    if (result.replaced) this.#counts.UploadsReplaced += 1;
  }

  failed(): void {
    this.#counts.UploadsFailed += 1;
  }

  conflict(): void {
    this.#counts.Conflicts += 1;
  }

  /** What there is to report: a metric that did not happen costs money all the same. */
  entries(): [keyof Counts, number][] {
    return COUNTS.map((name): [keyof Counts, number] => [name, this.#counts[name]]).filter(
      ([, count]) => count > 0,
    );
  }
}
