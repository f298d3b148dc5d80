/**
 * Lists of numbers, first in, first out, in chunks of a common pool: 4 bytes a number. A chunk is 64 words: the next chunk,
 * then 63 numbers.
 */
export type RefLists = {
  /** The number at the front, taken out; 0 where the list is empty. */
  shift(list: number): number;
  push(list: number, value: number): void;
  /** How many numbers a list has. */
  lengthOf(list: number): number;
  /** Of the whole pool. */
  bytes(): number;
};

const words = 64;
const perSegment = 1 << 10;

type Pool = { readonly segments: Uint32Array[]; free: number; made: number };

/** `lists` empty lists, numbered from 0. */
export function createRefLists(lists: number): RefLists {
  const pool: Pool = { segments: [], free: 0, made: 0 };
  const lengths = new Uint32Array(lists);
  const heads = new Uint32Array(lists);
  const tails = new Uint32Array(lists);
  /** Next word to read in the first chunk, and to write in the last one. */
  const reading = new Uint8Array(lists);
  const writing = new Uint8Array(lists);

  const append = (list: number): void => {
    const chunk = newChunk(pool);
    const tail = tails[list] ?? 0;
    if (tail === 0) {
      heads[list] = chunk;
      reading[list] = 1;
    } else put(pool, tail, 0, chunk);
    tails[list] = chunk;
    writing[list] = 1;
  };

  const drop = (list: number): void => {
    const head = heads[list] ?? 0;
    const next = get(pool, head, 0);
    freeChunk(pool, head);
    heads[list] = next;
    reading[list] = 1;
    if (next === 0) tails[list] = 0;
  };

  return {
    push: (list, value) => {
      if (tails[list] === 0 || writing[list] === words) append(list);
      const at = writing[list] ?? 1;
      put(pool, tails[list] ?? 0, at, value);
      writing[list] = at + 1;
      lengths[list] = (lengths[list] ?? 0) + 1;
    },
    shift: (list) => {
      const length = lengths[list] ?? 0;
      if (length === 0) return 0;
      const at = reading[list] ?? 1;
      const value = get(pool, heads[list] ?? 0, at);
      reading[list] = at + 1;
      lengths[list] = length - 1;
      if (length === 1 || at + 1 === words) drop(list);
      return value;
    },
    lengthOf: (list) => lengths[list] ?? 0,
    bytes: () => pool.segments.length * perSegment * words * 4,
  };
}

function newChunk(pool: Pool): number {
  const { free } = pool;
  if (free !== 0) {
    pool.free = get(pool, free, 0);
    put(pool, free, 0, 0);
    return free;
  }
  pool.made++;
  if (pool.made >= pool.segments.length * perSegment) pool.segments.push(new Uint32Array(perSegment * words));
  return pool.made;
}

function freeChunk(pool: Pool, chunk: number): void {
  put(pool, chunk, 0, pool.free);
  pool.free = chunk;
}

function get({ segments }: Pool, chunk: number, word: number): number {
  return segments[chunk >>> 10]?.[(chunk & (perSegment - 1)) * words + word] ?? 0;
}

function put({ segments }: Pool, chunk: number, word: number, value: number): void {
  const segment = segments[chunk >>> 10];
  if (segment !== undefined) segment[(chunk & (perSegment - 1)) * words + word] = value;
}
