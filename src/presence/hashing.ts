import { intAt, wordAt } from './slab.ts';

/**
 * Multipliers that nobody outside knows, so that nobody can write tags whose hashes collide. A flipped bit of a word reaches
 * the hash through two of them.
 */
export type Multipliers = Int32Array;

/** The multipliers of a process; `seed` is any 32 bits, drawn anew at each start. */
export function multipliersOf(seed: number): Multipliers {
  const out = new Int32Array(8);
  let state = seed | 0;
  for (let index = 0; index < out.length; index++) {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    out[index] = (mixed ^ (mixed >>> 15)) | 1;
  }
  return out;
}

/**
 * Hashes of many contents, 32 bits, signed, into `hashes`: of three of the `words` each, from 3 × (`from` + n) on, and of `more[n]`
 * beside them. In one piece, because it is of every read.
 */
export function hashContents(
  by: Multipliers,
  words: Uint32Array,
  more: Int32Array,
  from: number,
  many: number,
  hashes: Int32Array,
): void {
  const m0 = intAt(by, 0);
  const m1 = intAt(by, 1);
  const m2 = intAt(by, 2);
  const m3 = intAt(by, 3);
  const m4 = intAt(by, 4);
  const m5 = intAt(by, 5);
  const m6 = intAt(by, 6);
  const m7 = intAt(by, 7);
  for (let n = 0; n < many; n++) {
    const at = 3 * (from + n);
    const first = intAt(more, n) ^ wordAt(words, at);
    const second = Math.imul(first, m0) ^ Math.imul(first >>> 15, m1) ^ wordAt(words, at + 1);
    const third = Math.imul(second, m2) ^ Math.imul(second >>> 15, m3) ^ wordAt(words, at + 2);
    const all = Math.imul(third, m4) ^ Math.imul(third >>> 15, m5);
    const mixed = Math.imul(all ^ (all >>> 16), m6);
    hashes[n] = mixed ^ (mixed >>> 13) ^ Math.imul(mixed >>> 17, m7);
  }
}

/** The hash of one content, as `hashContents` has it. */
export function hashContent(by: Multipliers, w0: number, w1: number, w2: number, more: number): number {
  const second = mix(more ^ w0, intAt(by, 0), intAt(by, 1)) ^ w1;
  const third = mix(second, intAt(by, 2), intAt(by, 3)) ^ w2;
  return spread(by, mix(third, intAt(by, 4), intAt(by, 5)));
}

/** Hash of a text, 32 bits, signed; never 0. */
export function hashText(by: Multipliers, text: string): number {
  let hash = text.length;
  for (let index = 0; index < text.length; index++) {
    hash = mix(hash ^ text.charCodeAt(index), intAt(by, 0), intAt(by, 1));
  }
  return spread(by, hash) || 1;
}

function mix(word: number, a: number, b: number): number {
  return Math.imul(word, a) ^ Math.imul(word >>> 15, b);
}

function spread(by: Multipliers, hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), intAt(by, 6));
  return mixed ^ (mixed >>> 13) ^ Math.imul(mixed >>> 17, intAt(by, 7));
}
