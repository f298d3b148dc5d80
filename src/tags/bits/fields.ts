import type { Field } from '../row.ts';
import { set82 } from '../text/charset.ts';
import { decimalAt } from './digits.ts';
import type { Second } from './partition.ts';
import { type BitReader, need, refuse } from './reader.ts';
import { isZero, narrowAt } from './words.ts';
import { type BitWriter, put } from './writer.ts';

/** An integer without leading zeros in `width` bits [TDS 14.3.1]. */
export function integer(name: string, width: number): Field {
  return {
    names: [name],
    domains: [{ kind: 'integer', max: String(2n ** BigInt(width) - 1n) }],
    bits: String(width),
    method: 'Integer',
    read(reader, values, first) {
      if (!need(reader, width)) return;
      values[first] = decimalAt(reader.words, reader.at, width);
      reader.at += width;
    },
    write(writer, values, first) {
      put(writer, values[first] ?? '', width);
      return null;
    },
  };
}

/** A number of exactly `digits` digits in `width` bits [TDS 14.5.2]. */
export function fixedDigits(name: string, width: number, digits: number): Field {
  const expected = `${digits} digits`;
  return {
    names: [name],
    domains: [{ kind: 'digits', min: digits, max: digits }],
    bits: String(width),
    method: 'Fixed-bit-length numeric string',
    read(reader, values, first) {
      if (!need(reader, width)) return;
      const value = decimalAt(reader.words, reader.at, width);
      if (value.length > digits) return refuse(reader, 'FIELD_OVERFLOW', `The ${name} is too large.`, expected);
      values[first] = value.padStart(digits, '0');
      reader.at += width;
    },
    write(writer, values, first) {
      put(writer, values[first] ?? '', width);
      return null;
    },
  };
}

/** Digits whose leading zeros count: stored as an integer behind a leading 1 [TDS 14.3.5]. */
export function numericString(name: string, width: number, max: number): Field {
  return {
    names: [name],
    domains: [{ kind: 'digits', min: 1, max }],
    bits: String(width),
    method: 'Numeric string',
    read(reader, values, first) {
      if (!need(reader, width)) return;
      const value = decimalAt(reader.words, reader.at, width);
      if (!value.startsWith('1') || value.length === 1) {
        return refuse(reader, 'BAD_NUMERIC_STRING', `The ${name} lacks its leading 1 or is empty.`, '1, then digits');
      }
      values[first] = value.slice(1);
      reader.at += width;
    },
    write(writer, values, first) {
      put(writer, `1${values[first]}`, width);
      return null;
    },
  };
}

/** Bits that must be zero [TDS 14.6, “Reserved”]. */
export function reservedZero(width: number): Field {
  return {
    names: [],
    domains: [],
    bits: String(width),
    method: 'Reserved, zero',
    read(reader) {
      if (!need(reader, width)) return;
      if (!isZero(reader.words, reader.at, reader.at + width)) {
        return refuse(reader, 'BAD_PADDING', 'Reserved bits are not zero.', 'zero bits');
      }
      reader.at += width;
    },
    write(writer) {
      put(writer, 0, width);
      return null;
    },
  };
}

function readString(reader: BitReader, width: number, max: number): string {
  if (!need(reader, width)) return '';
  const end = reader.at + width;
  let text = '';
  for (; text.length < max; reader.at += 7) {
    const code = narrowAt(reader.words, reader.at, 7);
    if (code === 0) break;
    if (set82.has[code] !== 1) {
      refuse(reader, 'BAD_CHARACTER', 'This character is not in the set.', set82.name);
      return '';
    }
    text += String.fromCharCode(code);
  }
  if (text === '') refuse(reader, 'BAD_CHARACTER', 'The text is empty.', set82.name);
  else if (isZero(reader.words, reader.at, end)) reader.at = end;
  else refuseRest(reader, end, text.length === max ? max : null);
  return text;
}

/** Bits that are not zero after the end of a text: one more character than the `max` of a full one, or what no encoder writes. */
function refuseRest(reader: BitReader, end: number, max: number | null): void {
  if (max !== null && end - reader.at >= 7 && narrowAt(reader.words, reader.at, 7) !== 0) {
    refuse(reader, 'TOO_LONG', 'The text is too long.', `at most ${max} characters`);
  } else refuse(reader, 'BAD_CHARACTER', 'Text goes on after its zero terminator.', 'zero bits');
}

function writeString(writer: BitWriter, value: string, width: number): null {
  for (const character of value) put(writer, character.charCodeAt(0), 7);
  put(writer, 0, width - value.length * 7);
  return null;
}

/** A string of 7-bit characters, padded with zero bits [TDS 14.3.2]. */
export function string7(name: string, width: number): Field {
  const max = Math.floor(width / 7);
  return {
    names: [name],
    domains: [{ kind: 'text', set: set82, min: 1, max }],
    bits: String(width),
    method: 'String',
    read(reader, values, first) {
      values[first] = readString(reader, width, max);
    },
    write: (writer, values, first) => writeString(writer, values[first] ?? '', width),
  };
}

/** A string of 7-bit characters as the second field of a partition (GIAI-202). */
export function stringReference(name: string, bits: readonly number[], sizes: readonly number[]): Second {
  return { name, bits, sizes, method: 'string', holds: set82, read: readString, write: writeString };
}
