import { decimalAt, isDigits } from '../bits/digits.ts';
import { type BitReader, need, refuse } from '../bits/reader.ts';
import { narrowAt } from '../bits/words.ts';
import { type BitWriter, put } from '../bits/writer.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import type { Domain, Field } from '../row.ts';

/** One encoding method of TDS 14.5 with its parameters. */
export type Method = {
  /** Characters it always yields, or `null` where the number varies. */
  readonly size: number | null;
  /** The value; on a problem the empty text, with the reason in `reader.problem`. */
  read(reader: BitReader): string;
  write(writer: BitWriter, value: string): TagError | null;
};

/** A method that fields of a scheme use, with what the scheme's page says of it and what it may hold. */
export type FieldMethod = Method & { readonly name: string; readonly bits: string; readonly domain: Domain };

const bitsPerDigit = Math.log2(10);

/** Bits that `digits` decimal digits take as one integer [TDS table B]. */
export function integerBits(digits: number): number {
  return Math.ceil(digits * bitsPerDigit);
}

/** Why `value` is not exactly `digits` digits, or `null`. */
export function digitsProblem(value: string, digits: number): TagError | null {
  if (!isDigits(value)) return tagError('BAD_CHARACTER', 'The value is not all digits.', null, '0-9');
  if (value.length < digits) return tagError('TOO_SHORT', 'The value is too short.', null, `${digits} digits`);
  return value.length > digits ? tagError('TOO_LONG', 'The value is too long.', null, `${digits} digits`) : null;
}

/** `digits` decimal digits as one integer of `width` bits. */
export function readInteger(reader: BitReader, digits: number, width: number): string {
  if (!need(reader, width)) return '';
  const value = decimalAt(reader.words, reader.at, width);
  if (value.length > digits) {
    refuse(reader, 'FIELD_OVERFLOW', 'The number has too many digits.', `at most ${digits} digits`);
    return '';
  }
  reader.at += width;
  return value.padStart(digits, '0');
}

/** Fixed-bit-length numeric string [TDS 14.5.2]. */
export function fixedNumber(digits: number): Method {
  const width = integerBits(digits);
  return {
    size: digits,
    read: (reader) => readInteger(reader, digits, width),
    write(writer, value) {
      const problem = digitsProblem(value, digits);
      if (problem === null) put(writer, value, width);
      return problem;
    },
  };
}

/** `count` nibbles, each a decimal digit. */
export function readNibbles(reader: BitReader, count: number): string {
  if (!need(reader, count * 4)) return '';
  let text = '';
  for (let at = 0; at < count; at++, reader.at += 4) {
    const nibble = narrowAt(reader.words, reader.at, 4);
    if (nibble > 9) {
      refuse(reader, 'BAD_CHARACTER', 'This nibble is no decimal digit.', '0-9');
      return '';
    }
    text += String(nibble);
  }
  return text;
}

/** Fixed-length numeric, 4 bits a digit [TDS 14.5.4]. */
export function nibbles(digits: number): FieldMethod {
  return {
    name: 'Fixed-length numeric (14.5.4)',
    bits: String(digits * 4),
    domain: { kind: 'digits', min: digits, max: digits },
    size: digits,
    read: (reader) => readNibbles(reader, digits),
    write(writer, value) {
      const problem = digitsProblem(value, digits);
      if (problem === null) for (const digit of value) put(writer, digit, 4);
      return problem;
    },
  };
}

/** Variable-length numeric without indicator [TDS 14.5.13]: the number of digits in `lengthBits`, then the integer. */
export function countedNumber(lengthBits: number, max: number, min = 1): FieldMethod {
  return {
    name: 'Variable-length numeric (14.5.13)',
    bits: `${lengthBits} + 0 to ${integerBits(max)}`,
    domain: { kind: 'digits', min, max },
    size: null,
    read(reader) {
      if (!need(reader, lengthBits)) return '';
      const length = narrowAt(reader.words, reader.at, lengthBits);
      if (!lengthFits(reader, length, min, max)) return '';
      reader.at += lengthBits;
      return length === 0 ? '' : readInteger(reader, length, integerBits(length));
    },
    write(writer, value) {
      if (!isDigits(value)) return tagError('BAD_CHARACTER', 'The value is not all digits.', null, '0-9');
      const problem = sizeProblem(value.length, min, max);
      if (problem !== null) return problem;
      put(writer, value.length, lengthBits);
      if (value !== '') put(writer, value, integerBits(value.length));
      return null;
    },
  };
}

/** Whether an announced length is in range; else the problem is set. */
export function lengthFits(reader: BitReader, length: number, min: number, max: number): boolean {
  if (length < min) refuse(reader, 'TOO_SHORT', 'The announced length is too short.', `at least ${min}`);
  else if (length > max) refuse(reader, 'TOO_LONG', 'The announced length is too long.', `at most ${max}`);
  return reader.problem === null;
}

/** Why `length` characters are too few or too many, or `null`. */
export function sizeProblem(length: number, min: number, max: number): TagError | null {
  if (length < min) return tagError('TOO_SHORT', 'The value is too short.', null, `at least ${min}`);
  return length > max ? tagError('TOO_LONG', 'The value is too long.', null, `at most ${max}`) : null;
}

/** A field of a row that holds one value by this method. */
export function methodField(name: string, method: FieldMethod): Field {
  return {
    names: [name],
    domains: [method.domain],
    bits: method.bits,
    method: method.name,
    read(reader, values, first) {
      values[first] = method.read(reader);
    },
    write: (writer, values, first) => method.write(writer, values[first] ?? ''),
  };
}
