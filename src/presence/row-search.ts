import { type ReadBatch, wordDigits } from '../tags/index.ts';
import { recordMask } from './hash-index.ts';
import { hashContents } from './hashing.ts';
import { CONTENT } from './record.ts';
import { intAt, intsAt, intsOf, type Slab, wordAt } from './slab.ts';
import { contentBits, contentHash, contentOf, findContent, type TagTable } from './tag-table.ts';

/**
 * The first look-up of every read, for many rows at once. A large table is not in the processor's cache: rows that are looked up one
 * after the other wait for memory one after the other. So all their slots are fetched first, then all their records: in loops so
 * short, and without a branch that depends on what is fetched, that many of them come side by side.
 */
export type RowSearch = {
  /** Lane 3 of the record of a row, without flags. */
  readonly bits: Int32Array;
  readonly hashes: Int32Array;
  /** The record that a row is likely to be of, which is not compared yet; 0 = none. */
  readonly records: Int32Array;
  /** Of the table when they were looked up. */
  version: number;
  /** Of no use but that what was summed up here was fetched. */
  fetched: number;
};

/** Rows that are looked up at once. */
export const rowsAtOnce = 64;

export function createRowSearch(): RowSearch {
  const column = () => new Int32Array(rowsAtOnce);
  return { bits: column(), hashes: column(), records: column(), version: 0, fetched: 0 };
}

/** Looks for the records of the rows from `from` up to `to`, at most `rowsAtOnce`; `recordOf` tells what was found. */
export function seek(search: RowSearch, table: TagTable, batch: ReadBatch, from: number, to: number): void {
  const { bits, hashes, records } = search;
  const { slots, mask } = table.keys;
  const many = to - from;
  search.version = table.version;
  hashRows(search, table, batch, from, many);
  for (let n = 0; n < many; n++) records[n] = intAt(slots, intAt(hashes, n) & mask);
  for (let n = 0; n < many; n++) {
    const record = likely(slots, mask, intAt(hashes, n), intAt(records, n));
    records[n] = (intAt(bits, n) & 0xff) <= wordDigits ? record : 0;
  }
  if (table.slab.made > 0) search.fetched = touch(table.slab, records, many);
}

function hashRows({ bits, hashes }: RowSearch, table: TagTable, batch: ReadBatch, from: number, many: number): void {
  for (let n = 0; n < many; n++) bits[n] = contentBits(batch, from + n) & CONTENT;
  hashContents(table.by, batch.epc.words, bits, from, many, hashes);
}

/** The first record whose hash is like this one, or 0; `first` is what stands in the first slot. */
function likely(slots: Int32Array, mask: number, hash: number, first: number): number {
  let slot = first;
  for (let at = hash & mask; slot !== 0 && (slot ^ hash) >>> 26 !== 0; slot = intAt(slots, at)) at = (at + 1) & mask;
  return slot & recordMask;
}

function touch(slab: Slab, records: Int32Array, many: number): number {
  let sum = 0;
  for (let n = 0; n < many; n++) {
    const record = intAt(records, n);
    sum ^= intAt(intsOf(slab, record), intsAt(record));
  }
  return sum;
}

/** The record of the content of row `row` of a batch whose rows from `from` on were looked for, or 0. */
export function recordOf(search: RowSearch, table: TagTable, batch: ReadBatch, from: number, row: number): number {
  const { words } = batch.epc;
  const { keys, slab } = table;
  const bits = intAt(search.bits, row - from);
  if ((bits & 0xff) > wordDigits) {
    const content = contentOf(batch, row);
    return findContent(table, contentHash(table, content), content);
  }
  const w0 = wordAt(words, 3 * row);
  const w1 = wordAt(words, 3 * row + 1);
  const w2 = wordAt(words, 3 * row + 2);
  const record = intAt(search.records, row - from);
  if (record !== 0 && search.version === table.version && isContent(slab, record, w0, w1, w2, bits)) return record;
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
