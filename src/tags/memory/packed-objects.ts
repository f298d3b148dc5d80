import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import type { Bits } from './packed-bases.ts';
import { binary, packedDsfid, take, takeEbv, takeLength, widthOf } from './packed-bits.ts';
import { idBase, type PackedPart, type PackedRow, packedRows } from './packed-table.ts';
import { readNumber, readText } from './packed-text.ts';
import { readUserMemory } from './user-memory.ts';

/** Elements of user memory in their order. */
export type PackedResult =
  | { readonly ok: true; readonly data: readonly (readonly [ai: string, value: string])[] }
  | { readonly ok: false; readonly error: TagError };

function takeIds(bits: Bits, count: number): PackedRow[] | null {
  const ids: number[] = [];
  for (let left = count; left > 0; left -= 2) {
    const value = take(bits, left === 1 ? 7 : 13);
    if (value === null) return null;
    if (left === 1) ids.push(value);
    else ids.push(Math.floor(value / idBase), value % idBase);
  }
  const rows = ids.flatMap((id) => packedRows.find((row) => row.id === id) ?? []);
  return rows.length === count ? rows : null;
}

function takeItems(bits: Bits, rows: readonly PackedRow[]): PackedPart[] | null {
  const items: PackedPart[] = [];
  for (const row of rows) {
    const choice = row.choices[take(bits, row.choiceBits) ?? -1];
    const digit = take(bits, widthOf(row.range));
    if (choice === undefined || choice === null || digit === null || digit >= row.range) return null;
    const last = row.range === 1 ? '' : String(digit);
    items.push(...choice.map(({ ai, format }) => ({ ai: ai + last, format })));
  }
  return items;
}

/** The length of every item; `null` in its place for the last text, whose length is what is left. */
function takeLengths(bits: Bits, items: readonly PackedPart[]): (number | null)[] | null {
  if (take(bits, 1) !== 1) return null;
  const last = items.findLastIndex(({ format }) => format.kind === 'text');
  const lengths: (number | null)[] = [];
  for (const [at, { format }] of items.entries()) {
    const open = at === last;
    const length = format.min === format.max ? format.max : open ? null : takeLength(bits, format);
    if (length === null && !open) return null;
    lengths.push(length);
  }
  return lengths;
}

/** Cuts the text of the alphanumeric subsection into its items; the last takes what is left. */
function cutText(
  text: string,
  items: readonly PackedPart[],
  lengths: readonly (number | null)[],
  values: string[],
): boolean {
  let from = 0;
  for (const [at, { format }] of items.entries()) {
    if (format.kind === 'digits') continue;
    const value = text.slice(from, from + (lengths[at] ?? text.length));
    if (value.length < format.min || value.length > format.max) return false;
    values[at] = value;
    // Beyond the text where it holds less than the length says.
    from += lengths[at] ?? value.length;
  }
  return from === text.length;
}

function takeValues(bits: Bits, items: readonly PackedPart[], lengths: readonly (number | null)[]): string[] | null {
  const values: string[] = [];
  for (const [at, { format }] of items.entries()) {
    const value = format.kind === 'text' ? '' : readNumber(bits, lengths[at] ?? 0);
    if (value === null) return null;
    values.push(value);
  }
  if (items.every(({ format }) => format.kind === 'digits')) return bits.at === bits.end ? values : null;
  const text = readText(bits);
  return text !== null && cutText(text, items, lengths, values) ? values : null;
}

/** One object whose length and pad bit have been read. */
function takeObject(bits: Bits): [string, string][] | null {
  const count = takeEbv(bits, 3);
  const rows = count === null ? null : takeIds(bits, count + 1);
  const items = rows === null ? null : takeItems(bits, rows);
  const lengths = items === null ? null : takeLengths(bits, items);
  const values = items === null || lengths === null ? null : takeValues(bits, items, lengths);
  return items === null || values === null ? null : joined(items, values);
}

/** AI and value, where the parts of one value are put together. */
function joined(items: readonly PackedPart[], values: readonly string[]): [string, string][] {
  const data: [string, string][] = [];
  for (const [at, { ai }] of items.entries()) {
    const last = data.at(-1);
    if (last?.[0] === ai) last[1] += values[at] ?? '';
    else data.push([ai, values[at] ?? '']);
  }
  return data;
}

/** Stands between objects so that the next begins at a word or block [I.4.4]. */
const paddingOctet = '00000100';

function unreadable(position: number): TagError {
  return tagError(
    'RESERVED_VALUE',
    'This is no packed object that is read here.',
    position,
    'an ID list of known elements',
  );
}

type Taken = { readonly data: readonly (readonly [string, string])[]; readonly end: number };

/** The object that begins at bit `start`, and where it ends. */
function objectAt(all: string, start: number): Taken | TagError {
  const bits: Bits = { all, at: start, end: all.length };
  const octets = takeEbv(bits, 6);
  const padded = take(bits, 1);
  if (octets === null || padded === null || octets < 4) return unreadable(start);
  const end = start + octets * 8;
  if (end > all.length) return tagError('TOO_SHORT', 'A packed object is cut short.', start, `${octets} bytes`);
  const data = takeObject({ all, at: bits.at, end: padded === 1 ? all.lastIndexOf('1', end - 1) : end });
  return data === null ? unreadable(start) : { data, end };
}

/**
 * The GS1 data elements in user memory (hex from bit 00h) as Packed Objects [ISO/IEC 15962, TDS 17]. Objects with an ID list and packed
 * compaction are read; what uses other options, or an element outside the table, is refused whole: no half-read batch number.
 */
export function readPackedObjects(hex: string): PackedResult {
  const memory = readUserMemory(hex);
  if (!memory.ok) return memory;
  if (memory.memory.dsfid !== packedDsfid) {
    const error = tagError('UNKNOWN_SCHEME', 'User memory holds no GS1 packed objects.', 0, packedDsfid);
    return { ok: false, error };
  }
  const all = [...hex].map((digit) => binary(Number.parseInt(digit, 16), 4)).join('');
  const data: (readonly [string, string])[] = [];
  for (let start = 8; start + 8 <= all.length && !all.startsWith('00000000', start); ) {
    if (all.startsWith(paddingOctet, start)) {
      start += 8;
      continue;
    }
    const taken = objectAt(all, start);
    if ('code' in taken) return { ok: false, error: taken };
    data.push(...taken.data);
    start = taken.end;
  }
  return { ok: true, data };
}
