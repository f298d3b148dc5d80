/** A walk over the bits of a memory bank, as the characters 0 and 1. */
export type Bits = { readonly all: string; at: number; readonly end: number };

/** A base of packed text: how many values it has, and how many of them share one binary group at most [ISO/IEC 15962, annex K]. */
export type Base = { readonly size: number; readonly group: number };

export const base10: Base = { size: 10, group: 48 };
export const base30: Base = { size: 30, group: 32 };
export const base40: Base = { size: 40, group: 30 };
export const base74: Base = { size: 74, group: 25 };
export const base84: Base = { size: 84, group: 25 };
/** Octets as they are; no groups are made of them. */
export const base256: Base = { size: 256, group: 1 };

/** Bits of `count` values: full groups, then what is left. */
export function bitsFor(base: Base, count: number): number {
  const full = Math.floor(count / base.group);
  const one = (values: number) => Math.ceil(values * Math.log2(base.size));
  return full * one(base.group) + one(count % base.group);
}

/** The values in groups of one binary number each. */
export function encodeValues(base: Base, values: readonly number[]): string {
  let bits = '';
  for (let at = 0; at < values.length; at += base.group) {
    const group = values.slice(at, at + base.group);
    const number = group.reduce((sum, value) => sum * BigInt(base.size) + BigInt(value), 0n);
    bits += number.toString(2).padStart(bitsFor(base, group.length), '0');
  }
  return bits;
}

/** Reads `count` values; `null` where the bits end, or a group holds more than its values can. */
export function decodeValues(base: Base, bits: Bits, count: number): number[] | null {
  const values: number[] = [];
  for (let left = count; left > 0; left -= base.group) {
    const size = Math.min(left, base.group);
    const width = bitsFor(base, size);
    if (bits.at + width > bits.end) return null;
    const group = decodeGroup(base, bits.all.slice(bits.at, bits.at + width), size);
    if (group === null) return null;
    values.push(...group);
    bits.at += width;
  }
  return values;
}

function decodeGroup(base: Base, bits: string, count: number): number[] | null {
  let number = BigInt(`0b${bits}`);
  const values: number[] = [];
  for (let left = count; left > 0; left--) {
    values.unshift(Number(number % BigInt(base.size)));
    number /= BigInt(base.size);
  }
  return number === 0n ? values : null;
}
