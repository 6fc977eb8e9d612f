/** The peak values of one interval. */
export interface Stretch {
  readonly fromSeconds: number;
  readonly queued: number;
  readonly running: number;
}

const STRETCHES = 256;

/** Keeps a history of unknown length in a fixed number of intervals: when they are full, pairs are merged. */
export class Timeline {
  readonly #queued = new Float64Array(STRETCHES);
  readonly #running = new Float64Array(STRETCHES);
  #width = 1;
  #last = 0;

  record(seconds: number, queued: number, running: number): void {
    while (seconds >= this.#width * STRETCHES) this.#fold();
    const at = Math.floor(seconds / this.#width);
    this.#queued[at] = Math.max(this.#queued[at] ?? 0, queued);
    this.#running[at] = Math.max(this.#running[at] ?? 0, running);
    this.#last = Math.max(this.#last, at);
  }

  stretches(): Stretch[] {
    return Array.from({ length: this.#last + 1 }, (_, at) => ({
      fromSeconds: at * this.#width,
      queued: this.#queued[at] ?? 0,
      running: this.#running[at] ?? 0,
    }));
  }

  #fold(): void {
    for (const values of [this.#queued, this.#running]) {
      for (let at = 0; at < STRETCHES; at += 1) {
        const pair = at < STRETCHES / 2 ? [values[2 * at] ?? 0, values[2 * at + 1] ?? 0] : [0];
        values[at] = Math.max(...pair);
      }
    }
    this.#width *= 2;
    this.#last >>= 1;
  }
}
