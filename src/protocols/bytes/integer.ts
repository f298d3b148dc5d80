import type { Field } from '../vocabulary/report-profile.ts';

/** Bytes of each integer type. */
export const integerSizes: Partial<Record<Field['type'], number>> = {
  u8: 1,
  i8: 1,
  u16be: 2,
  u16le: 2,
  i16be: 2,
  u24be: 3,
  u32be: 4,
  u32le: 4,
};

/** The integer as it stands in `bytes`. */
export function rawInteger(type: Field['type'], bytes: Uint8Array): number {
  const order = type.endsWith('le') ? Uint8Array.from(bytes).reverse() : bytes;
  let value = 0;
  for (const byte of order) value = value * 256 + byte;
  const signBit = 2 ** (8 * bytes.length - 1);
  return type.startsWith('i') && value >= signBit ? value - 2 * signBit : value;
}

/** What the profile makes of it: a number, a text by `names`, or null when it stands for no value. */
export function decodeInteger(field: Field, raw: number): number | string | null {
  if (field.names !== undefined) {
    const size = (integerSizes[field.type] ?? 1) * 2;
    const code = sliced(field, raw).toString(16).toUpperCase().padStart(size, '0');
    return field.names[code] ?? code;
  }
  const part = sliced(field, raw);
  if (field.oneHot === true) return oneHotIndex(part);
  if (field.zeroIs !== undefined && part === 0) return field.zeroIs;
  if (field.ranges !== undefined) return inRanges(field.ranges, part);
  return tidy(part * (field.multiply ?? 1) + (field.add ?? 0));
}

/** Without the rest that binary fractions leave: 641 * 0.1 is 64.1. */
function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** The raw integer that decodes to `value`, as the simulator sends it. */
export function encodeInteger(field: Field, value: number): number {
  if (field.oneHot === true) return 2 ** (value - 1);
  if (field.addTo === true) return value > (field.multiply ?? 1) ? 2 ** (field.shift ?? 0) : 0;
  if (field.zeroIs === value) return 0;
  return partOf(field, value) * 2 ** (field.shift ?? 0);
}

function partOf({ ranges, add = 0, multiply = 1, mask }: Field, value: number): number {
  if (ranges !== undefined) return indexInRanges(ranges, value);
  const part = Math.round((value - add) / multiply);
  return mask === undefined ? part : part & mask;
}

function sliced({ shift = 0, mask }: Field, raw: number): number {
  const shifted = shift === 0 ? raw : Math.floor(raw / 2 ** shift);
  return mask === undefined ? shifted : (shifted & mask) >>> 0;
}

function oneHotIndex(part: number): number | null {
  return part > 0 && (part & (part - 1)) === 0 ? 32 - Math.clz32(part) : null;
}

function inRanges(ranges: NonNullable<Field['ranges']>, part: number): number | null {
  const range = ranges.find(({ from, to }) => part >= from && part <= to);
  return range === undefined ? null : tidy(range.first + (part - range.from) * range.step);
}

/** The index that stands for the nearest value; 0 where no range has it. */
function indexInRanges(ranges: NonNullable<Field['ranges']>, value: number): number {
  for (const { from, to, first, step } of ranges) {
    const index = from + Math.round((value - first) / step);
    if (index >= from && index <= to) return index;
  }
  return 0;
}
