import type { Field } from '../row.ts';
import type { CharSet } from '../text/charset.ts';
import { decimalAt, padded, tenTo } from './digits.ts';
import { type BitReader, need, refuse } from './reader.ts';
import { bitsAt, narrowAt } from './words.ts';
import { type BitWriter, put } from './writer.ts';

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
  /** Writes a value of the domain. */
  write(writer: BitWriter, value: string, width: number): ReturnType<Field['write']>;
};

/** Company prefix and a second field that share their bits by a 3-bit partition value [TDS 14.3.3, 14.4.3]. */
export function partition(second: Second): Field {
  return {
    names: ['companyPrefix', second.name],
    domains: [{ kind: 'prefix' }, { kind: 'second', sizes: second.sizes, bits: second.bits, holds: second.holds }],
    bits: `3 + ${prefixBits.join('/')} + ${second.bits.join('/')}`,
    method: `Partition table, ${second.method}`,
    read(reader, values, first) {
      if (!need(reader, 3)) return;
      const value = narrowAt(reader.words, reader.at, 3);
      if (value === 7) return refuse(reader, 'BAD_PARTITION', 'Partition 7 does not exist.', '0 to 6');
      reader.at += 3;
      readPair(reader, value, second, values, first);
    },
    write(writer, values, first) {
      const prefix = values[first] ?? '';
      const value = 12 - prefix.length;
      put(writer, value, 3);
      put(writer, prefix, prefixBits[value] ?? 0);
      return second.write(writer, values[first + 1] ?? '', second.bits[value] ?? 0);
    },
  };
}

function readPair(reader: BitReader, value: number, second: Second, values: string[], first: number): void {
  const width = prefixBits[value] ?? 0;
  const secondWidth = second.bits[value] ?? 0;
  const digits = 12 - value;
  if (!need(reader, width)) return;
  const prefix = bitsAt(reader.words, reader.at, width);
  if (prefix >= tenTo(digits)) {
    refuse(reader, 'FIELD_OVERFLOW', 'The company prefix has too many digits.', `at most ${digits} digits`);
    return;
  }
  reader.at += width;
  values[first] = padded(prefix, digits);
  values[first + 1] = second.read(reader, secondWidth, second.sizes[value] ?? 0);
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
      const value = bitsAt(reader.words, reader.at, width);
      if (value >= tenTo(size)) return overflow(reader, size);
      reader.at += width;
      return padded(value, size);
    },
    write(writer, value, width) {
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
      const value = decimalAt(reader.words, reader.at, width);
      if (value.length > size) return overflow(reader, size);
      reader.at += width;
      return value;
    },
    write(writer, value, width) {
      put(writer, value, width);
      return null;
    },
  };
}
