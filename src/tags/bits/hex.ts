import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import type { Words } from './words.ts';

/** Most hex digits of an EPC bank's EPC field: 31 words [TDS 9.2, PC length field]. */
export const maxHexDigits = 124;

/** What no hex digit has as its value. */
const notHex = 128;

/** The value of each character of one byte as a hex digit. */
const digitOf = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase());
  return value < 0 ? notHex : value;
});

/** Why `hex` is not the content of an EPC field: empty, a bad digit, half a byte, or more than 496 bits. */
export function hexProblem(hex: string): TagError | null {
  const length = hex.length;
  for (let at = 0; at < length; at++) {
    if ((digitOf[hex.charCodeAt(at)] ?? notHex) === notHex)
      return tagError('SYNTAX', 'This is not hexadecimal.', at * 4, '0-9 A-F');
  }
  if (length === 0) return tagError('EMPTY', 'There is no content.', 0, 'hex digits');
  if ((length & 1) === 1) return tagError('TOO_SHORT', 'The last byte is cut in half.', length * 4, 'whole bytes');
  if (length > maxHexDigits) return tagError('TOO_LONG', 'An EPC has at most 496 bits.', maxHexDigits * 4, '496 bits');
  return null;
}

/** The bits of the content of an EPC field; `null` where `hexProblem` has a reason. */
export function wordsOf(hex: string): Words | null {
  const length = hex.length;
  if (length === 0 || (length & 1) === 1 || length > maxHexDigits) return null;
  const words: number[] = [];
  let seen = 0;
  for (let from = 0; from < length; from += 8) {
    const end = Math.min(from + 8, length);
    let word = 0;
    for (let at = from; at < end; at++) {
      const digit = digitOf[hex.charCodeAt(at)] ?? notHex;
      seen |= digit;
      word = (word << 4) | digit;
    }
    words.push(word << ((from + 8 - end) * 4));
  }
  words.push(0);
  return seen < notHex ? words : null;
}
