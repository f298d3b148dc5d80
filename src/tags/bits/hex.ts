import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';

/** Most hex digits of an EPC bank's EPC field: 31 words [TDS 9.2, PC length field]. */
export const maxHexDigits = 124;

function nibbleOf(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}

/** Up to 28 bits of `hex` from bit `from` as a number; the digits must have been checked. */
export function narrowAt(hex: string, from: number, width: number): number {
  const end = from + width;
  const lastDigit = (end + 3) >> 2;
  let digit = from >> 2;
  let value = nibbleOf(hex.charCodeAt(digit)) & (15 >> (from & 3));
  for (digit++; digit < lastDigit; digit++) value = (value << 4) | nibbleOf(hex.charCodeAt(digit));
  return value >> (lastDigit * 4 - end);
}

/** Up to 53 bits of `hex` from bit `from` as a number, exactly. */
export function bitsAt(hex: string, from: number, width: number): number {
  if (width <= 28) return narrowAt(hex, from, width);
  return narrowAt(hex, from, width - 28) * 0x10000000 + narrowAt(hex, from + width - 28, 28);
}

/** Whether all bits in [from, to) are zero. */
export function isZero(hex: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 28) if (narrowAt(hex, at, Math.min(28, to - at)) !== 0) return false;
  return true;
}

const isHexDigit = Uint8Array.from({ length: 128 }, (_, code) =>
  /[0-9A-Fa-f]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Why `hex` is not the content of an EPC field: empty, a bad digit, half a byte, or more than 496 bits. */
export function hexProblem(hex: string): TagError | null {
  const length = hex.length;
  for (let at = 0; at < length; at++) {
    if (isHexDigit[hex.charCodeAt(at)] !== 1) return tagError('SYNTAX', 'This is not hexadecimal.', at * 4, '0-9 A-F');
  }
  if (length === 0) return tagError('EMPTY', 'There is no content.', 0, 'hex digits');
  if ((length & 1) === 1) return tagError('TOO_SHORT', 'The last byte is cut in half.', length * 4, 'whole bytes');
  if (length > maxHexDigits) return tagError('TOO_LONG', 'An EPC has at most 496 bits.', maxHexDigits * 4, '496 bits');
  return null;
}
