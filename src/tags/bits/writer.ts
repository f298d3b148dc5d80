/** Bits in order, as the characters 0 and 1: encoding is not on the hot path and this is easy to look at. */
export type BitWriter = { bits: string };

/** A new, empty row of bits. */
export function newWriter(): BitWriter {
  return { bits: '' };
}

/** Appends `value` (a non-negative integer, given as number or decimal text of any length) in `width` bits; it must fit. */
export function put(writer: BitWriter, value: number | string, width: number): void {
  if (width > 0) writer.bits += BigInt(value).toString(2).padStart(width, '0');
}

/** Whether the decimal text `value` fits into `width` bits. */
export function fits(value: string, width: number): boolean {
  return BigInt(value) < 1n << BigInt(width);
}

/** Upper-case hex of the bits, zero-filled to whole 16-bit words. */
export function hexOf(writer: BitWriter): string {
  const bits = writer.bits.padEnd(Math.ceil(writer.bits.length / 16) * 16, '0');
  let hex = '';
  for (let at = 0; at < bits.length; at += 16)
    hex += Number.parseInt(bits.slice(at, at + 16), 2)
      .toString(16)
      .padStart(4, '0');
  return hex.toUpperCase();
}
