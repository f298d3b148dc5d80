import type { Bits } from './packed-bases.ts';
import type { PackedFormat } from './packed-table.ts';

/** DSFID of Packed Objects with GS1 AIs: access method 10, data format 9. */
export const packedDsfid = '89';

/** `value` in `width` binary digits. */
export const binary = (value: number, width: number) => value.toString(2).padStart(width, '0');

/** An extensible bit vector: groups of an extension bit and `width - 1` value bits [I.5.2]. */
export function ebv(value: number, width: number): string {
  const groups: string[] = [];
  for (
    let left = value, more = '0';
    left > 0 || groups.length === 0;
    left = Math.floor(left / 2 ** (width - 1)), more = '1'
  ) {
    groups.unshift(more + binary(left % 2 ** (width - 1), width - 1));
  }
  return groups.join('');
}

/** The next `width` bits as a number; `null` where they end. */
export function take(bits: Bits, width: number): number | null {
  if (bits.at + width > bits.end) return null;
  const value = width === 0 ? 0 : Number.parseInt(bits.all.slice(bits.at, bits.at + width), 2);
  bits.at += width;
  return value;
}

/** Reads an extensible bit vector; `null` where it is cut or longer than any real one. */
export function takeEbv(bits: Bits, width: number): number | null {
  let value = 0;
  for (let groups = 0; groups < 4; groups++) {
    const group = take(bits, width);
    if (group === null) return null;
    value = value * 2 ** (width - 1) + (group % 2 ** (width - 1));
    if (group < 2 ** (width - 1)) return value;
  }
  return null;
}

/** Bits that tell `count` things apart. */
export const widthOf = (count: number) => Math.ceil(Math.log2(count));

/** Bits of a length beyond its minimum: as many as the range needs; for ranges of 8 to 44 nibbles, of which 1111 adds 15 [I.7.2]. */
export function lengthBits({ min, max }: PackedFormat, length: number): string {
  const range = max - min;
  if (range < 8 || range > 44) return binary(length - min, widthOf(range + 1));
  return '1111'.repeat(Math.floor((length - min) / 15)) + binary((length - min) % 15, 4);
}

/** Reads what `lengthBits` writes; `null` where it is beyond the format. */
export function takeLength(bits: Bits, { min, max }: PackedFormat): number | null {
  const range = max - min;
  let length = min;
  let part = take(bits, range < 8 || range > 44 ? widthOf(range + 1) : 4);
  for (; part === 15 && range >= 8 && range <= 44; part = take(bits, 4)) length += 15;
  return part === null || length + part > max ? null : length + part;
}
