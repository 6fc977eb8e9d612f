/** No state: the parent of the first one. */
export const NONE = 0xffff_ffff;

/**
 * Every state that was met, in the order in which it was met, once: so it is the queue of a breadth-first walk too. A
 * state is a row of whole numbers; the rows lie packed in one array, and a hash table beside it finds them.
 */
export class StateTable {
  #rows: Uint32Array;
  #parents = new Uint32Array(1024);
  /** Index of a state plus 1; 0: free. Its length is a power of two, and half of it at least is free. */
  #hashed = new Uint32Array(2048);
  #size = 0;

  constructor(private readonly width: number) {
    this.#rows = new Uint32Array(1024 * width);
  }

  get size(): number {
    return this.#size;
  }

  /** @returns whether the state is new */
  add(row: readonly number[], parent: number): boolean {
    const slot = this.#slotOf(row);
    if (this.#hashed[slot] !== 0) return false;
    if (this.#size === this.#parents.length) this.#grow();
    this.#rows.set(row, this.#size * this.width);
    this.#parents[this.#size] = parent;
    this.#size += 1;
    if (this.#size * 2 > this.#hashed.length) this.#rehash();
    else this.#hashed[slot] = this.#size;
    return true;
  }

  row(index: number): number[] {
    return Array.from(this.#rows.subarray(index * this.width, (index + 1) * this.width));
  }

  /** The states from the first one to this one, each met from the one before. */
  pathTo(index: number): number[][] {
    const path: number[][] = [];
    for (let at = index; at !== NONE; at = this.#parents[at] ?? NONE) path.unshift(this.row(at));
    return path;
  }

  /** Where the state is, or would be. */
  #slotOf(row: ArrayLike<number> & Iterable<number>): number {
    const mask = this.#hashed.length - 1;
    let slot = hash(row) & mask;
    for (;;) {
      const entry = this.#hashed[slot] ?? 0;
      if (entry === 0 || this.#holds(entry - 1, row)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #holds(index: number, row: ArrayLike<number>): boolean {
    const start = index * this.width;
    for (let i = 0; i < this.width; i += 1) if (this.#rows[start + i] !== row[i]) return false;
    return true;
  }

  #grow(): void {
    const rows = new Uint32Array(this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
    const parents = new Uint32Array(this.#parents.length * 2);
    parents.set(this.#parents);
    this.#parents = parents;
  }

  #rehash(): void {
    this.#hashed = new Uint32Array(this.#hashed.length * 2);
    for (let index = 0; index < this.#size; index += 1) {
      const row = this.#rows.subarray(index * this.width, (index + 1) * this.width);
      this.#hashed[this.#slotOf(row)] = index + 1;
    }
  }
}

/** FNV-1a by numbers, and a last mix: the mask looks at the low bits only. */
function hash(row: Iterable<number>): number {
  let value = 0x811c9dc5;
  for (const number of row) value = Math.imul(value ^ number, 0x01000193);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
