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

/** Hash of three words and what stands beside them, 32 bits, signed. */
export function hashWords(by: Multipliers, w0: number, w1: number, w2: number, more: number): number {
  let hash = more | 0;
  hash = Math.imul(hash ^ w0, by[0] ?? 1) ^ Math.imul((hash ^ w0) >>> 15, by[1] ?? 1);
  hash = Math.imul(hash ^ w1, by[2] ?? 1) ^ Math.imul((hash ^ w1) >>> 15, by[3] ?? 1);
  hash = Math.imul(hash ^ w2, by[4] ?? 1) ^ Math.imul((hash ^ w2) >>> 15, by[5] ?? 1);
  return spread(by, hash);
}

/** Hash of a text, 32 bits, signed; never 0. */
export function hashText(by: Multipliers, text: string): number {
  let hash = text.length;
  for (let index = 0; index < text.length; index++) {
    const next = hash ^ text.charCodeAt(index);
    hash = Math.imul(next, by[0] ?? 1) ^ Math.imul(next >>> 15, by[1] ?? 1);
  }
  return spread(by, hash) || 1;
}

function spread(by: Multipliers, hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), by[6] ?? 1);
  return mixed ^ (mixed >>> 13) ^ Math.imul(mixed >>> 17, by[7] ?? 1);
}
