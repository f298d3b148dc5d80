import type { Field } from '../vocabulary/report-profile.ts';
import { bytesOf, hexOf } from './hex.ts';
import { decodeInteger, integerSizes, rawInteger } from './integer.ts';
import { readTagBlock } from './tag-block.ts';

export type Values = Record<string, number | string>;

/** A place in a payload. */
export type Cursor = { readonly bytes: Uint8Array; at: number };

/** A field with the bytes of its mark; null where it has none. */
export type LaidField = Field & { readonly mark: Uint8Array | null };

/** A field list as it is read: what is made of its texts is made once. */
export function layOut(fields: readonly Field[]): LaidField[] {
  return fields.map((field) => ({ ...field, mark: field.lead === undefined ? null : bytesOf(field.lead) }));
}

/** Reads one field list at a cursor into `values`; null when all went well, else the reason. */
export function readFields(fields: readonly LaidField[], cursor: Cursor, values: Values): string | null {
  const open: Open = { bytes: cursor.bytes, at: cursor.at, closes: null, marked: false };
  for (const field of fields) {
    const problem = takeField(field, open, values);
    // What is marked and does not fit is of another kind than the profile knows.
    if (problem === 'SHORT_REPORT' && open.marked) break;
    if (problem !== null) return problem;
  }
  cursor.at = open.closes ?? open.at;
  return null;
}

/** What is still open to a field list: only what comes before `closes`, once a field has enclosed the rest of the list. */
type Open = { bytes: Uint8Array; at: number; closes: number | null; marked: boolean };

function takeField(field: LaidField, open: Open, values: Values): string | null {
  const marked = markOf(field, open, values);
  if (marked === null) return null;
  open.marked ||= marked > 0;
  const at = open.at + marked;
  const size = sizeOf(field, { bytes: open.bytes, at }, values);
  const end = at + size;
  if (!(size >= 0) || end > open.bytes.length) return 'SHORT_REPORT';
  const problem = readField(field, open.bytes.subarray(at, end), values);
  if (problem !== null) return problem;
  if (field.peek !== true) open.at = end;
  if (field.encloses !== true) return null;
  const closes = open.at + Number(values[field.name]);
  if (closes > open.bytes.length) return 'SHORT_REPORT';
  open.bytes = open.bytes.subarray(0, closes);
  open.closes = closes;
  return null;
}

/** Whether a field that is there only when an earlier one says so is there. */
export function isMeant({ when }: Field, values: Values): boolean {
  if (when === undefined) return true;
  const value = Number(values[when.field] ?? 0);
  return 'bits' in when ? (value & when.bits) !== 0 : when.is.includes(value);
}

/** Bytes of the mark that stands before the field; null where the field is absent. */
function markOf(field: LaidField, { bytes, at }: Cursor, values: Values): number | null {
  const left = bytes.length - at - tailOf(field, values);
  if ((field.optional === true && left <= 0) || !isMeant(field, values)) return null;
  const { mark } = field;
  if (mark === null) return 0;
  return mark.every((byte, i) => bytes[at + i] === byte) ? mark.length : null;
}

/** Bytes at the end of the report that belong to what follows the list. */
function tailOf({ butLast = 0 }: Field, values: Values): number {
  return Number(typeof butLast === 'string' ? values[butLast] : butLast);
}

/** Bytes that the field takes; NaN when the field that says so has no value. */
function sizeOf(field: Field, { bytes, at }: Cursor, values: Values): number {
  const known = integerSizes[field.type] ?? field.bytes;
  if (known !== undefined) return known;
  if (field.bytesFrom !== undefined) return Number(values[field.bytesFrom]);
  if (field.bitsFrom !== undefined) return Math.ceil(Number(values[field.bitsFrom]) / 8);
  // The upper five bits of the PC count the EPC's words [Gen2 6.3.2.1.2.2].
  if (field.sizeFromPc === true) return 2 + ((bytes[at] ?? 0) >> 3) * 2 + (field.type === 'pcEpcCrc' ? 2 : 0);
  return bytes.length - at - tailOf(field, values);
}

function readField(field: Field, bytes: Uint8Array, values: Values): string | null {
  switch (field.type) {
    case 'skip':
      return null;
    case 'hex':
      keepHex(field, hexOf(field.reverse === true ? Uint8Array.from(bytes).reverse() : bytes), values);
      return null;
    case 'text':
      values[field.name] = printable(bytes);
      return null;
    case 'asciiHex':
      return readDigits(field, bytes, values);
    case 'pcEpc':
    case 'pcEpcCrc':
      return readTag(field, bytes, values);
    default:
      return keepInteger(field, rawInteger(field.type, bytes), values);
  }
}

function readTag(field: Field, bytes: Uint8Array, values: Values): string | null {
  const tag = readTagBlock(bytes, field.type === 'pcEpcCrc', field.xpc === true);
  if (!tag.ok) return tag.reason;
  values['pc'] = tag.pc;
  values['epc'] = tag.epc;
  return null;
}

function readDigits(field: Field, bytes: Uint8Array, values: Values): string | null {
  const text = Buffer.from(bytes).toString('latin1').toUpperCase();
  if (!/^[0-9A-F]*$/.test(text)) return 'NOT_HEX';
  keepHex(field, field.reverse === true ? [...text].reverse().join('') : text, values);
  return null;
}

function keepHex({ name, only }: Field, hex: string, values: Values): void {
  const wanted = only === undefined || only.some((start) => hex.startsWith(start));
  if (hex !== '' && wanted) values[name] = hex;
}

function keepInteger(field: Field, raw: number, values: Values): string | null {
  const value = decodeInteger(field, raw);
  const less = field.minus === undefined ? 0 : Number(values[field.minus] ?? 0);
  const before = field.addTo === true ? Number(values[field.name] ?? 0) : 0;
  if (typeof value === 'number') values[field.name] = value + before - less;
  else if (value !== null) values[field.name] = value;
  return null;
}

/** ASCII as readers send it in version texts, without the zeros that fill it up; what is not printable becomes a full stop. */
function printable(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/\0+$/, '')
    .replace(/[^ -~]/g, '.')
    .trim();
}
