import { tagError } from '../error.ts';
import type { Field } from '../row.ts';
import type { CharSet } from '../text/charset.ts';
import { decimalAt, padded, tenTo } from './digits.ts';
import { bitsAt, narrowAt } from './hex.ts';
import { type BitReader, need, refuse } from './reader.ts';
import { type BitWriter, fits, put } from './writer.ts';

const prefixBits = [40, 37, 34, 30, 27, 24, 20] as const;

/** What follows the company prefix: `bits` by partition value, the digits or characters they hold, and how. */
export type Second = {
  readonly name: string;
  readonly bits: readonly number[];
  readonly sizes: readonly number[];
  readonly method: string;
  readonly holds: 'digits' | 'number' | CharSet;
  /** Reads the second field of `width` bits; `size` is its entry in `sizes`. */
  read(reader: BitReader, width: number, size: number): string;
  write(writer: BitWriter, value: string, width: number, size: number): ReturnType<Field['write']>;
};

/** Company prefix and a second field that share their bits by a 3-bit partition value [TDS 14.3.3, 14.4.3]. */
export function partition(second: Second): Field {
  return {
    names: ['companyPrefix', second.name],
    domains: [{ kind: 'prefix' }, { kind: 'second', sizes: second.sizes, bits: second.bits, holds: second.holds }],
    bits: `3 + ${prefixBits.join('/')} + ${second.bits.join('/')}`,
    method: `Partition table, ${second.method}`,
    read(reader, values) {
      if (!need(reader, 3)) return;
      const value = narrowAt(reader.hex, reader.at, 3);
      if (value === 7) return refuse(reader, 'BAD_PARTITION', 'Partition 7 does not exist.', '0 to 6');
      reader.at += 3;
      readPair(reader, value, second, values);
    },
    write(writer, values, first) {
      const prefix = values[first] ?? '';
      const value = 12 - prefix.length;
      const width = prefixBits[value];
      if (width === undefined)
        return tagError('BAD_PARTITION', 'A company prefix has 6 to 12 digits.', null, '6 to 12');
      put(writer, value, 3);
      put(writer, prefix, width);
      return second.write(writer, values[first + 1] ?? '', second.bits[value] ?? 0, second.sizes[value] ?? 0);
    },
  };
}

function readPair(reader: BitReader, value: number, second: Second, values: string[]): void {
  const width = prefixBits[value] ?? 0;
  const secondWidth = second.bits[value] ?? 0;
  const digits = 12 - value;
  if (!need(reader, width)) return;
  const prefix = bitsAt(reader.hex, reader.at, width);
  if (prefix >= tenTo(digits)) {
    refuse(reader, 'FIELD_OVERFLOW', 'The company prefix has too many digits.', `at most ${digits} digits`);
    return;
  }
  reader.at += width;
  values.push(padded(prefix, digits), second.read(reader, secondWidth, second.sizes[value] ?? 0));
}

function overflow(reader: BitReader, size: number): string {
  const expected = size === 0 ? 'zero bits' : `at most ${size} digits`;
  refuse(reader, 'FIELD_OVERFLOW', 'The reference has too many digits for this partition.', expected);
  return '';
}

/** A reference of a fixed number of digits by partition, zero-padded; no digits at all means zero bits. */
export function paddedReference(name: string, bits: readonly number[], sizes: readonly number[]): Second {
  return {
    name,
    bits,
    sizes,
    method: 'zero-padded integer',
    holds: 'digits',
    read(reader, width, size) {
      if (!need(reader, width)) return '';
      const value = bitsAt(reader.hex, reader.at, width);
      if (value >= tenTo(size)) return overflow(reader, size);
      reader.at += width;
      return padded(value, size);
    },
    write(writer, value, width, size) {
      if (value.length !== size) {
        return tagError('BAD_PARTITION', 'The reference does not fill what the prefix leaves.', null, `${size} digits`);
      }
      put(writer, value === '' ? 0 : value, width);
      return null;
    },
  };
}

/** A reference without leading zeros (GIAI-96, CPI-96); `size` is the most digits it may have. */
export function plainReference(name: string, bits: readonly number[], sizes: readonly number[]): Second {
  return {
    name,
    bits,
    sizes,
    method: 'integer without padding',
    holds: 'number',
    read(reader, width, size) {
      if (!need(reader, width)) return '';
      const value = decimalAt(reader.hex, reader.at, width);
      if (value.length > size) return overflow(reader, size);
      reader.at += width;
      return value;
    },
    write(writer, value, width, size) {
      const problem = integerProblem(value);
      if (problem !== null) return problem;
      if (value.length > size || !fits(value, width)) {
        return tagError('FIELD_OVERFLOW', 'The reference is too large for this scheme.', null, `${width} bits`);
      }
      put(writer, value, width);
      return null;
    },
  };
}

/** Why `value` is not an integer as the 96-bit schemes store it: letters, or leading zeros that would be lost. */
export function integerProblem(value: string): ReturnType<Field['write']> {
  if (value === '') return tagError('TOO_SHORT', 'The number is empty.', null, 'digits');
  if (!/^\d+$/.test(value)) return tagError('BAD_CHARACTER', 'This scheme stores digits only.', null, '0-9');
  if (value.length > 1 && value.startsWith('0')) {
    return tagError('LEADING_ZERO', 'This scheme would lose the leading zero.', null, 'no leading zero');
  }
  return null;
}
