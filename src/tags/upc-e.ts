import { checkDigit } from './bits/digits.ts';

/** The five digits of manufacturer and five of item that six digits of UPC-E stand for [GS1 General Specifications 5.2.2.4.2]. */
function expanded(six: string): string {
  const last = Number(six.charAt(5));
  if (last < 3) return `${six.slice(0, 2)}${last}0000${six.slice(2, 5)}`;
  if (last === 3) return `${six.slice(0, 3)}00000${six.slice(3, 5)}`;
  if (last === 4) return `${six.slice(0, 4)}00000${six.charAt(4)}`;
  return `${six.slice(0, 5)}0000${last}`;
}

/**
 * The GTIN-12 of a UPC-E: 6 digits (number system 0), 7 (with number system 0 or 1), or 8 (with check digit, which is that of
 * the GTIN-12). `null` for what is none.
 */
export function upcEToGtin12(digits: string): string | null {
  const match = /^(?:([01])?(\d{6})|([01])(\d{6})(\d))$/.exec(digits);
  if (match === null) return null;
  const [, short = '0', sixOfShort, long, sixOfLong = '', check] = match;
  const body = (long ?? short) + expanded(sixOfShort ?? sixOfLong);
  const expected = checkDigit(body);
  return check === undefined || check === expected ? body + expected : null;
}
