/** An empty slot; rows count from 1. */
const FREE = 0;
const FIRST_SIZE = 1 << 12;

/**
 * Where the newest row of each key stands, and until when anyone asks for it. A table in three typed arrays: 28 bytes a slot, half of
 * them used, whatever the keys' length; a `Map` of strings takes five times as much, and every collection of garbage walks it.
 *
 * Keys are known by a 64-bit hash alone. Whoever finds a row by it compares the row's own key: of two keys that hash alike (one
 * pair in four billion keys) the older one is forgotten.
 */
export class RecentKeys {
  #hashes = new Uint32Array(2 * FIRST_SIZE);
  #rows = new Float64Array(FIRST_SIZE);
  #until = new Float64Array(FIRST_SIZE);
  #used = 0;

  /** The row that was set last for `key`, unless its time is over; 0 if there is none. */
  get(key: string, now: number): number {
    const slot = this.#find(hash(key, 0), hash(key, 1));
    return (this.#until[slot] ?? 0) > now ? (this.#rows[slot] ?? FREE) : FREE;
  }

  set(key: string, row: number, until: number, now: number): void {
    if (2 * this.#used >= this.#rows.length) this.#forgetAndGrow(now);
    this.#put(hash(key, 0), hash(key, 1), row, until);
  }

  #put(high: number, low: number, row: number, until: number): void {
    const slot = this.#find(high, low);
    if (this.#rows[slot] === FREE) this.#used += 1;
    this.#hashes[2 * slot] = high;
    this.#hashes[2 * slot + 1] = low;
    this.#rows[slot] = row;
    this.#until[slot] = until;
  }

  /** The slot of the hash, or the free one where it would stand. */
  #find(high: number, low: number): number {
    const mask = this.#rows.length - 1;
    let slot = low & mask;
    while (this.#rows[slot] !== FREE && (this.#hashes[2 * slot] !== high || this.#hashes[2 * slot + 1] !== low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Makes room: drops what is over, then doubles if more than a quarter is still in use. */
  #forgetAndGrow(now: number): void {
    const [hashes, rows, until] = [this.#hashes, this.#rows, this.#until];
    const live = until.reduce((count, end) => (end > now ? count + 1 : count), 0);
    const size = 4 * live > rows.length ? 2 * rows.length : rows.length;
    this.#hashes = new Uint32Array(2 * size);
    this.#rows = new Float64Array(size);
    this.#until = new Float64Array(size);
    this.#used = 0;
    for (const [slot, end] of until.entries()) {
      if (end > now) this.#put(hashes[2 * slot] ?? 0, hashes[2 * slot + 1] ?? 0, rows[slot] ?? FREE, end);
    }
  }
}

/** A 32-bit hash of `text`, another one for each `seed`: multiply and fold (FNV-1a), then mixed so that low bits are even too. */
function hash(text: string, seed: number): number {
  let value = 0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1);
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
