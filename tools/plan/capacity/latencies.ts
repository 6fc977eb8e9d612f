/** So many are kept as they are, in 128 MB. */
const EXACT = 1 << 24;

/** Bins from a microsecond up, each 0.1 % wider than the last. */
const LEAST_SECONDS = 1e-6;
const STEP = Math.log(1.001);
const BINS = 32_768;

/** Latencies of any number of events, and their quantiles: exact up to 16 million, within 0.1 % beyond. */
export class Latencies {
  #exact: Float64Array | undefined = new Float64Array(1 << 16);
  #bins: Float64Array | undefined;
  #count = 0;
  #max = 0;

  constructor(private readonly mostExact = EXACT) {}

  add(seconds: number): void {
    this.#max = Math.max(this.#max, seconds);
    if (this.#exact !== undefined && this.#count === this.#exact.length) this.#enlarge(this.#exact);
    if (this.#exact === undefined) this.#bin(seconds);
    else this.#exact[this.#count] = seconds;
    this.#count += 1;
  }

  /** @returns the quantile for a part of all latencies, 0-1; 0 of none */
  quantiles(): (part: number) => number {
    const sorted = this.#exact?.subarray(0, this.#count).sort();
    const bins = this.#bins;
    if (bins === undefined) return (part) => sorted?.[Math.ceil(part * this.#count) - 1] ?? 0;
    return (part) => {
      if (part === 1) return this.#max;
      let left = Math.ceil(part * this.#count);
      const bin = bins.findIndex((count) => (left -= count) <= 0);
      return LEAST_SECONDS * Math.exp((bin + 0.5) * STEP);
    };
  }

  #enlarge(full: Float64Array): void {
    if (full.length < this.mostExact) {
      this.#exact = new Float64Array(2 * full.length);
      this.#exact.set(full);
      return;
    }
    this.#exact = undefined;
    for (const seconds of full) this.#bin(seconds);
  }

  #bin(seconds: number): void {
    this.#bins ??= new Float64Array(BINS);
    const bin = Math.floor(Math.log(Math.max(seconds, LEAST_SECONDS) / LEAST_SECONDS) / STEP);
    const at = Math.min(bin, BINS - 1);
    this.#bins[at] = (this.#bins[at] ?? 0) + 1;
  }
}
