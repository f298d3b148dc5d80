import { type ReadBatch, wordDigits } from '../tags/index.ts';
import { recordMask } from './hash-index.ts';
import { hashWords } from './hashing.ts';
import { CONTENT } from './record.ts';
import { intAt, intsAt, intsOf, type Slab } from './slab.ts';
import { contentBits, contentHash, contentOf, findContent, type TagTable } from './tag-table.ts';

/**
 * The first look-up of every read, for many rows at once. A large table is not in the processor's cache: rows that are looked up one
 * after the other wait for memory one after the other. So all their slots are fetched first, then all their records: these do
 * not depend on each other, and come side by side.
 */
export type RowSearch = {
  readonly hashes: Int32Array;
  readonly records: Int32Array;
  /** Of the table when they were looked up. */
  version: number;
};

/** Rows that are looked up at once. */
export const rowsAtOnce = 64;

export function createRowSearch(): RowSearch {
  return { hashes: new Int32Array(rowsAtOnce), records: new Int32Array(rowsAtOnce), version: 0 };
}

/** Looks for the records of the rows from `from` up to `to`, at most `rowsAtOnce`; `recordOf` tells what was found. */
export function seek(search: RowSearch, table: TagTable, batch: ReadBatch, from: number, to: number): void {
  const { hashes, records } = search;
  search.version = table.version;
  const { words } = batch.epc;
  const { slots, mask } = table.keys;
  for (let row = from; row < to; row++) {
    const hash = hashWords(
      table.by,
      wordAt(words, 3 * row),
      wordAt(words, 3 * row + 1),
      wordAt(words, 3 * row + 2),
      keyBits(batch, row),
    );
    hashes[row - from] = hash;
    // What is kept here is of no use but that it was fetched.
    records[row - from] = intAt(slots, hash & mask);
  }
  for (let row = from; row < to; row++) {
    const record = likely(slots, mask, intAt(hashes, row - from));
    const w0 = wordAt(words, 3 * row);
    const w1 = wordAt(words, 3 * row + 1);
    const isIt = isContent(table.slab, record, w0, w1, wordAt(words, 3 * row + 2), keyBits(batch, row));
    records[row - from] = isIt && intAt(batch.epc.digits, row) <= wordDigits ? record : 0;
  }
}

/** The first record whose hash is like this one, or 0. */
function likely(slots: Int32Array, mask: number, hash: number): number {
  for (let at = hash & mask; ; at = (at + 1) & mask) {
    const slot = intAt(slots, at);
    if (slot === 0 || (slot ^ hash) >>> 26 === 0) return slot & recordMask;
  }
}

/** The record of the content of row `row` of a batch whose rows from `from` on were looked for, or 0. */
export function recordOf(search: RowSearch, table: TagTable, batch: ReadBatch, from: number, row: number): number {
  const record = intAt(search.records, row - from);
  if (record !== 0 && search.version === table.version) return record;
  const { words, digits } = batch.epc;
  if (intAt(digits, row) > wordDigits) {
    const content = contentOf(batch, row);
    return findContent(table, contentHash(table, content), content);
  }
  const w0 = wordAt(words, 3 * row);
  const w1 = wordAt(words, 3 * row + 1);
  const w2 = wordAt(words, 3 * row + 2);
  const bits = keyBits(batch, row);
  const { keys, slab } = table;
  const hash = intAt(search.hashes, row - from);
  const found = find(slab, keys.slots, keys.mask, hash, w0, w1, w2, bits);
  return found !== 0 || keys.old.length === 0 ? found : find(slab, keys.old, keys.oldMask, hash, w0, w1, w2, bits);
}

function find(
  slab: Slab,
  slots: Int32Array,
  mask: number,
  hash: number,
  w0: number,
  w1: number,
  w2: number,
  bits: number,
): number {
  for (let at = hash & mask; ; at = (at + 1) & mask) {
    const slot = intAt(slots, at);
    if (slot === 0) return 0;
    if ((slot ^ hash) >>> 26 !== 0) continue;
    const record = slot & recordMask;
    if (isContent(slab, record, w0, w1, w2, bits)) return record;
  }
}

function isContent(slab: Slab, record: number, w0: number, w1: number, w2: number, bits: number): boolean {
  const ints = intsOf(slab, record);
  const i = intsAt(record);
  if (intAt(ints, i + 2) !== w2 || intAt(ints, i + 1) !== w1) return false;
  return intAt(ints, i) === w0 && (intAt(ints, i + 3) & CONTENT) === bits;
}

function keyBits(batch: ReadBatch, row: number): number {
  return contentBits(batch, row) & CONTENT;
}

function wordAt(words: Uint32Array, index: number): number {
  return (words[index] ?? 0) | 0;
}
