import { checkDigit, isDigits } from './bits/digits.ts';
import type { TagError } from './epc.ts';
import { tagError } from './error.ts';

export type GtinResult =
  | { readonly ok: true; readonly gtin: string }
  | { readonly ok: false; readonly error: TagError };

const zero = '0'.charCodeAt(0);

const sizes: readonly number[] = [8, 12, 13, 14];

/** Whether so many digits alone are a GTIN-8, -12, -13 or -14. */
export function hasGtinSize(text: string): boolean {
  return sizes.includes(text.length);
}

/** Whether all digits are zero: a placeholder of other systems that passes the check digit, and names no trade item. */
export function isZeroGtin(digits: string): boolean {
  return digits.charCodeAt(0) === zero && Number(digits) === 0;
}

/** Why a GTIN of zeros is refused. */
export const zeroGtin: TagError = tagError('RESERVED_VALUE', 'Zeros alone are no GTIN.', 0, 'a GTIN of a product');

/**
 * A GTIN-8, -12, -13 or -14 as typed or scanned, as GTIN-14; blanks and hyphens between digits are ignored. The check digit is
 * checked, and zeros alone are no GTIN (`RESERVED_VALUE`).
 */
export function parseGtin(text: string): GtinResult {
  const digits = text.trim().replace(/(?<=\d)[ -](?=\d)/g, '');
  if (!isDigits(digits)) return { ok: false, error: tagError('BAD_CHARACTER', 'A GTIN is all digits.', null, '0-9') };
  if (!hasGtinSize(digits)) {
    const code = digits.length < 14 ? 'TOO_SHORT' : 'TOO_LONG';
    return { ok: false, error: tagError(code, 'No GTIN has this length.', digits.length, '8, 12, 13 or 14 digits') };
  }
  if (isZeroGtin(digits)) return { ok: false, error: zeroGtin };
  const expected = checkDigit(digits.slice(0, -1));
  if (digits.endsWith(expected)) return { ok: true, gtin: digits.padStart(14, '0') };
  const named = `The check digit of a GTIN-${digits.length} is wrong.`;
  return { ok: false, error: tagError('CHECK_DIGIT', named, digits.length - 1, expected) };
}
