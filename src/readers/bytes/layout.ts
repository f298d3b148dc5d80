import type { Field } from '../profile/byte-profile.ts';
import { bytesOf, hexOf } from './hex.ts';
import { decodeInteger, integerSizes, rawInteger } from './integer.ts';
import { readTagBlock } from './tag-block.ts';

export type Values = Record<string, number | string>;

/** A place in a payload. */
export type Cursor = { readonly bytes: Uint8Array; at: number };

/** Reads one field list at a cursor into `values`; null when all went well, else the reason. */
export function readFields(fields: readonly Field[], cursor: Cursor, values: Values): string | null {
  for (const field of fields) {
    if (isAbsent(field, cursor, values) || !passMarker(field, cursor)) continue;
    const size = sizeOf(field, cursor, values);
    if (!(size >= 0) || cursor.at + size > cursor.bytes.length) return 'SHORT_REPORT';
    const problem = readField(field, cursor.bytes.subarray(cursor.at, cursor.at + size), values);
    if (problem !== null) return problem;
    if (field.peek !== true) cursor.at += size;
  }
  return null;
}

function isAbsent({ when, optional, butLast = 0 }: Field, { bytes, at }: Cursor, values: Values): boolean {
  if (optional === true && at >= bytes.length - butLast) return true;
  return when !== undefined && (Number(values[when.field] ?? 0) & when.bits) === 0;
}

/** Moves past the bytes that announce the field; false where they are not there. */
function passMarker({ marker }: Field, cursor: Cursor): boolean {
  if (marker === undefined) return true;
  const bytes = bytesOf(marker);
  if (!bytes.every((byte, i) => cursor.bytes[cursor.at + i] === byte)) return false;
  cursor.at += bytes.length;
  return true;
}

/** Bytes that the field takes; NaN when the field that says so has no value. */
function sizeOf(field: Field, { bytes, at }: Cursor, values: Values): number {
  const known = integerSizes[field.type] ?? field.bytes;
  if (known !== undefined) return known;
  if (field.bytesFrom !== undefined) return Number(values[field.bytesFrom]);
  if (field.bitsFrom !== undefined) return Math.ceil(Number(values[field.bitsFrom]) / 8);
  // The upper five bits of the PC count the EPC's words [Gen2 6.3.2.1.2.2].
  if (field.sizeFromPc === true) return 2 + ((bytes[at] ?? 0) >> 3) * 2 + (field.type === 'pcEpcCrc' ? 2 : 0);
  return bytes.length - at - (field.butLast ?? 0);
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
