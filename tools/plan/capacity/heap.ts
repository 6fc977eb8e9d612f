/**
 * The pending events of the simulation: a binary heap of (time, code) in typed arrays, the earliest on top. Events of
 * the same time have a deterministic, but unspecified, order.
 */
export class EventHeap {
  #times = new Float64Array(1024);
  #codes = new Int32Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The time of the next event; Infinity if the heap is empty. */
  get nextTime(): number {
    return this.#size === 0 ? Infinity : (this.#times[0] ?? Infinity);
  }

  /** @param code up to 31 bits that identify the event */
  push(time: number, code: number): void {
    if (this.#size === this.#times.length) this.#grow();
    const times = this.#times;
    const codes = this.#codes;
    let hole = this.#size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = times[parent] ?? 0;
      if (above <= time) break;
      times[hole] = above;
      codes[hole] = codes[parent] ?? 0;
      hole = parent;
    }
    times[hole] = time;
    codes[hole] = code;
  }

  /** Removes the earliest event and returns its code. */
  pop(): number {
    const times = this.#times;
    const codes = this.#codes;
    const top = codes[0] ?? 0;
    const last = --this.#size;
    const time = times[last] ?? 0;
    const code = codes[last] ?? 0;
    let hole = 0;
    for (let child = 1; child < last; child = 2 * hole + 1) {
      if (child + 1 < last && (times[child + 1] ?? 0) < (times[child] ?? 0)) child += 1;
      const below = times[child] ?? 0;
      if (below >= time) break;
      times[hole] = below;
      codes[hole] = codes[child] ?? 0;
      hole = child;
    }
    times[hole] = time;
    codes[hole] = code;
    return top;
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    const codes = new Int32Array(this.#codes.length * 2);
    times.set(this.#times);
    codes.set(this.#codes);
    this.#times = times;
    this.#codes = codes;
  }
}
