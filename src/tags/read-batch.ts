import type { TagRead } from './tag-read.ts';

/**
 * Hex values in columns. `digits[i]` counts the digits of value i, 0 = none. Its first 24 digits stand left-aligned in
 * `words[3 * i]` to `words[3 * i + 2]`, big-endian, the rest of the words 0. A value of more digits also stands as a whole,
 * upper-case, in `long[i]`; it is null for all others.
 */
export type HexColumn = { digits: Uint8Array; words: Uint32Array; long: (string | null)[] };

/**
 * Reads of one message or chunk in columns: row i < `size` of each column is one read. All are one reader's and came at one
 * time. Whoever fills it may fill it again as soon as it was taken: keep no column. Members as in `TagRead`; a number that
 * the report did not say is NaN, an antenna 0.
 */
export type ReadBatch = {
  reader: string;
  /** Epoch ms. */
  receivedAt: number;
  size: number;
  /** Index into `idTypes`. */
  idType: Uint8Array;
  epc: HexColumn;
  /** Protocol-control word; -1 = none. */
  pc: Int32Array;
  tid: HexColumn;
  antenna: Uint16Array;
  rssi: Float64Array;
  count: Float64Array;
  /** 1 where the report stands for a whole round. */
  round: Uint8Array;
  /** Epoch ms by the reader's clock. */
  at: Float64Array;
  frequencyKhz: Float64Array;
  phaseDeg: Float64Array;
  seq: Float64Array;
};

/** What `idType` counts. */
export const idTypes = ['epc', 'tid', 'uid'] as const satisfies readonly TagRead['idType'][];

/** Digits that fit into the words of a row of a `HexColumn`. */
export const wordDigits = 24;

/** An empty batch with room for `capacity` reads; `reserve` makes more. */
export function createReadBatch(capacity = 64): ReadBatch {
  return { reader: '', receivedAt: 0, size: 0, ...columnsOf(capacity) };
}

/** Makes room for `size` reads; what is in the columns stays. */
export function reserve(batch: ReadBatch, size: number): void {
  if (size <= batch.idType.length) return;
  const more = columnsOf(Math.max(size, 2 * batch.idType.length));
  for (const name of ['epc', 'tid'] as const) {
    more[name].digits.set(batch[name].digits);
    more[name].words.set(batch[name].words);
    for (let row = 0; row < batch.size; row++) more[name].long[row] = batch[name].long[row] ?? null;
  }
  for (const name of numberColumns) more[name].set(batch[name]);
  Object.assign(batch, more);
}

/**
 * Makes room for a read behind the last one, and gives its row: of an EPC, without anything else that a report may say. It
 * counts once `size` does.
 */
export function beginRow(batch: ReadBatch, receivedAt: number): number {
  const row = batch.size;
  if (row >= batch.idType.length) reserve(batch, row + 1);
  batch.receivedAt = receivedAt;
  batch.idType[row] = 0;
  clearHex(batch.epc, row);
  batch.pc[row] = -1;
  clearHex(batch.tid, row);
  batch.antenna[row] = 0;
  batch.rssi[row] = Number.NaN;
  batch.count[row] = 1;
  batch.round[row] = 0;
  batch.at[row] = receivedAt;
  batch.frequencyKhz[row] = Number.NaN;
  batch.phaseDeg[row] = Number.NaN;
  batch.seq[row] = Number.NaN;
  return row;
}

/** A protocol-control word of four hex digits as its column has it; -1 for anything else. */
export function pcWord(hex: string | null): number {
  return hex !== null && /^[0-9A-Fa-f]{4}$/.test(hex) ? Number.parseInt(hex, 16) : -1;
}

function clearHex({ digits, words, long }: HexColumn, row: number): void {
  digits[row] = 0;
  words[3 * row] = 0;
  words[3 * row + 1] = 0;
  words[3 * row + 2] = 0;
  long[row] = null;
}

/** Adds a read; its `reader` and `receivedAt` are the batch's. */
export function addRead(batch: ReadBatch, read: TagRead): void {
  const row = batch.size;
  reserve(batch, row + 1);
  batch.idType[row] = idTypes.indexOf(read.idType);
  putHex(batch.epc, row, read.epc);
  batch.pc[row] = pcWord(read.pc);
  putHex(batch.tid, row, read.tid);
  batch.antenna[row] = read.antenna ?? 0;
  batch.rssi[row] = read.rssi ?? Number.NaN;
  batch.count[row] = read.count;
  batch.round[row] = read.round ? 1 : 0;
  batch.at[row] = read.at;
  batch.frequencyKhz[row] = read.frequencyKhz ?? Number.NaN;
  batch.phaseDeg[row] = read.phaseDeg ?? Number.NaN;
  batch.seq[row] = read.seq ?? Number.NaN;
  batch.size = row + 1;
}

/** A batch of these reads, which are all of one reader and came at one time; an empty one for none. */
export function batchOf(reads: readonly TagRead[]): ReadBatch {
  const batch = createReadBatch(Math.max(1, reads.length));
  batch.reader = reads[0]?.reader ?? '';
  batch.receivedAt = reads[0]?.receivedAt ?? 0;
  for (const read of reads) addRead(batch, read);
  return batch;
}

/** Row `row` as a value of its own. */
export function readAt(batch: ReadBatch, row: number): TagRead {
  const pc = batch.pc[row] ?? -1;
  return {
    reader: batch.reader,
    idType: idTypes[batch.idType[row] ?? 0] ?? 'epc',
    epc: hexAt(batch.epc, row) ?? '',
    pc: pc < 0 ? null : pc.toString(16).toUpperCase().padStart(4, '0'),
    tid: hexAt(batch.tid, row),
    antenna: batch.antenna[row] || null,
    rssi: numberAt(batch.rssi, row),
    count: batch.count[row] ?? 1,
    round: batch.round[row] === 1,
    at: batch.at[row] ?? batch.receivedAt,
    receivedAt: batch.receivedAt,
    frequencyKhz: numberAt(batch.frequencyKhz, row),
    phaseDeg: numberAt(batch.phaseDeg, row),
    seq: numberAt(batch.seq, row),
  };
}

/** All rows, each as a value of its own. */
export function readsOf(batch: ReadBatch): TagRead[] {
  return Array.from({ length: batch.size }, (_, row) => readAt(batch, row));
}

/** Sets a row to upper-case or lower-case hex without separators; null = none. */
export function putHex(column: HexColumn, row: number, hex: string | null): void {
  const text = hex ?? '';
  column.digits[row] = text.length;
  column.long[row] = text.length > wordDigits ? text.toUpperCase() : null;
  for (let word = 0; word < 3; word++) {
    const part = text.slice(8 * word, 8 * word + 8);
    column.words[3 * row + word] = part === '' ? 0 : Number.parseInt(part.padEnd(8, '0'), 16);
  }
}

/** Sets a row to so many bytes from `from` on, at least one. */
export function putBytes(column: HexColumn, row: number, bytes: Uint8Array, from: number, size: number): void {
  column.digits[row] = 2 * size;
  for (let word = 0; word < 3; word++) {
    let value = 0;
    for (let i = 4 * word; i < 4 * word + 4; i++) value = (value << 8) | (i < size ? (bytes[from + i] ?? 0) : 0);
    column.words[3 * row + word] = value;
  }
  column.long[row] = 2 * size > wordDigits ? hexOfBytes(bytes, from, size) : null;
}

function hexOfBytes(bytes: Uint8Array, from: number, size: number): string {
  let hex = '';
  for (let at = from; at < from + size; at++) hex += (bytes[at] ?? 0).toString(16).padStart(2, '0');
  return hex.toUpperCase();
}

/** The row's upper-case hex, or null for none. */
export function hexAt(column: HexColumn, row: number): string | null {
  const digits = column.digits[row] ?? 0;
  if (digits === 0) return null;
  if (digits > wordDigits) return column.long[row] ?? null;
  const at = 3 * row;
  return hexOfWords(column.words[at] ?? 0, column.words[at + 1] ?? 0, column.words[at + 2] ?? 0, digits);
}

/** The first `digits` upper-case hex digits of three words, at most 24. */
export function hexOfWords(w0: number, w1: number, w2: number, digits: number): string {
  const hex = digitsOf(w0, w1, w2);
  return digits >= wordDigits ? hex : hex.slice(0, digits);
}

/** All of them in one call: a new tag costs a text or two, and this is a fifth of what joining their parts takes. */
function digitsOf(w0: number, w1: number, w2: number): string {
  return String.fromCharCode(
    digit(w0 >>> 28),
    digit(w0 >>> 24),
    digit(w0 >>> 20),
    digit(w0 >>> 16),
    digit(w0 >>> 12),
    digit(w0 >>> 8),
    digit(w0 >>> 4),
    digit(w0 >>> 0),
    digit(w1 >>> 28),
    digit(w1 >>> 24),
    digit(w1 >>> 20),
    digit(w1 >>> 16),
    digit(w1 >>> 12),
    digit(w1 >>> 8),
    digit(w1 >>> 4),
    digit(w1 >>> 0),
    digit(w2 >>> 28),
    digit(w2 >>> 24),
    digit(w2 >>> 20),
    digit(w2 >>> 16),
    digit(w2 >>> 12),
    digit(w2 >>> 8),
    digit(w2 >>> 4),
    digit(w2 >>> 0),
  );
}

/** The character code of the lowest four bits. */
function digit(bits: number): number {
  const value = bits & 15;
  return value < 10 ? 48 + value : 55 + value;
}

const numberColumns = [
  'idType',
  'pc',
  'antenna',
  'rssi',
  'count',
  'round',
  'at',
  'frequencyKhz',
  'phaseDeg',
  'seq',
] as const;

type Columns = Omit<ReadBatch, 'reader' | 'receivedAt' | 'size'>;

function columnsOf(capacity: number): Columns {
  return {
    idType: new Uint8Array(capacity),
    epc: hexColumnOf(capacity),
    pc: new Int32Array(capacity),
    tid: hexColumnOf(capacity),
    antenna: new Uint16Array(capacity),
    rssi: new Float64Array(capacity),
    count: new Float64Array(capacity),
    round: new Uint8Array(capacity),
    at: new Float64Array(capacity),
    frequencyKhz: new Float64Array(capacity),
    phaseDeg: new Float64Array(capacity),
    seq: new Float64Array(capacity),
  };
}

function hexColumnOf(capacity: number): HexColumn {
  return { digits: new Uint8Array(capacity), words: new Uint32Array(3 * capacity), long: [] };
}

function numberAt(column: Float64Array, row: number): number | null {
  const value = column[row] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
}
