/** Rows found by a 32-bit hash; who asks compares what the row holds. */
export type HashIndex = {
  /** The first row under this hash that `matches`, or -1. */
  find(hash: number, matches: (row: number) => boolean): number;
  add(hash: number, row: number): void;
  remove(hash: number, row: number): void;
};

/**
 * Parts of the index, by the upper bits of the hash. Each grows by itself, so that no insertion ever waits for the whole: at
 * 1e6 rows a part moves a thousand of them.
 */
const partBits = 10;
const firstSlots = 8;
const fullest = 0.75;

/** Pairs of hash and row + 1, found by linear probing; 0 = free. */
type Part = { pairs: Uint32Array; used: number };

export function createHashIndex(): HashIndex {
  const parts: Part[] = Array.from({ length: 1 << partBits }, () => ({
    pairs: new Uint32Array(2 * firstSlots),
    used: 0,
  }));
  const partOf = (hash: number): Part => {
    const part = parts[hash >>> (32 - partBits)];
    if (part === undefined) throw new RangeError(`no part for hash ${hash}`);
    return part;
  };
  return {
    find: (hash, matches) => {
      const { pairs } = partOf(hash);
      const slots = pairs.length / 2;
      for (let slot = hash & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
        const row = pairs[2 * slot + 1] ?? 0;
        if (row === 0) return -1;
        if (pairs[2 * slot] === hash && matches(row - 1)) return row - 1;
      }
    },
    add: (hash, row) => {
      const part = partOf(hash);
      if (part.used >= fullest * (part.pairs.length / 2)) grow(part);
      insert(part.pairs, hash, row + 1);
      part.used++;
    },
    remove: (hash, row) => {
      const part = partOf(hash);
      if (cut(part.pairs, hash, row + 1)) part.used--;
    },
  };
}

function grow(part: Part): void {
  const { pairs } = part;
  part.pairs = new Uint32Array(2 * pairs.length);
  for (let at = 0; at < pairs.length; at += 2) {
    const row = pairs[at + 1] ?? 0;
    if (row !== 0) insert(part.pairs, pairs[at] ?? 0, row);
  }
}

function insert(pairs: Uint32Array, hash: number, row: number): void {
  const mask = pairs.length / 2 - 1;
  let slot = hash & mask;
  while (pairs[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
  pairs[2 * slot] = hash;
  pairs[2 * slot + 1] = row;
}

/** Takes a pair out and moves back what stands behind it, so that no search ends too early [Knuth 6.4, algorithm R]. */
function cut(pairs: Uint32Array, hash: number, row: number): boolean {
  const mask = pairs.length / 2 - 1;
  let hole = hash & mask;
  while (pairs[2 * hole + 1] !== row) {
    if (pairs[2 * hole + 1] === 0) return false;
    hole = (hole + 1) & mask;
  }
  for (let slot = (hole + 1) & mask; pairs[2 * slot + 1] !== 0; slot = (slot + 1) & mask) {
    const home = (pairs[2 * slot] ?? 0) & mask;
    if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
    pairs[2 * hole] = pairs[2 * slot] ?? 0;
    pairs[2 * hole + 1] = pairs[2 * slot + 1] ?? 0;
    hole = slot;
  }
  pairs[2 * hole] = 0;
  pairs[2 * hole + 1] = 0;
  return true;
}

/** A 32-bit hash of a text. `seed` is the process's own, so that nobody can aim at one part. */
export function hashText(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
