import { checkDigit, isDigits } from './bits/digits.ts';
import type { TagError } from './epc.ts';
import { tagError } from './error.ts';

export type GtinResult =
  | { readonly ok: true; readonly gtin: string }
  | { readonly ok: false; readonly error: TagError };

/** A GTIN-8, -12, -13 or -14 as typed or scanned, as GTIN-14; blanks and hyphens between digits are ignored. The check digit is checked. */
export function parseGtin(text: string): GtinResult {
  const digits = text.trim().replace(/(?<=\d)[ -](?=\d)/g, '');
  if (!isDigits(digits)) return { ok: false, error: tagError('BAD_CHARACTER', 'A GTIN is all digits.', null, '0-9') };
  if (![8, 12, 13, 14].includes(digits.length)) {
    const code = digits.length < 14 ? 'TOO_SHORT' : 'TOO_LONG';
    return { ok: false, error: tagError(code, 'No GTIN has this length.', digits.length, '8, 12, 13 or 14 digits') };
  }
  const expected = checkDigit(digits.slice(0, -1));
  if (digits.endsWith(expected)) return { ok: true, gtin: digits.padStart(14, '0') };
  return { ok: false, error: tagError('CHECK_DIGIT', 'The check digit is wrong.', digits.length - 1, expected) };
}
