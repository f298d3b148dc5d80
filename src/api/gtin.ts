import { parseGtin } from '../tags/index.ts';
import { invalid } from './problems.ts';

/** A GTIN of 8, 12, 13 or 14 digits as GTIN-14, or null when it is none, as zeros are not [GS1 General Specifications 7.9]. */
export function gtin14(digits: string): string | null {
  const parsed = /^\d+$/.test(digits) ? parseGtin(digits) : null;
  return parsed?.ok === true ? parsed.gtin : null;
}

/** The GTIN-14 that a request names. Throws REQUEST_INVALID when its check digit is wrong. */
export function checkedGtin(digits: string): string {
  const gtin = gtin14(digits);
  if (gtin === null) throw invalid([{ pointer: '/gtin', found: digits, allowed: 'a GTIN with a right check digit' }]);
  return gtin;
}
