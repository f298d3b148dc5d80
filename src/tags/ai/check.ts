import { checkDigit, isDigits } from '../bits/digits.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { isZeroGtin, zeroGtin } from '../gtin.ts';

/** Why a value whose length and characters are right is wrong all the same, or `null`; the place counts from its start. */
export type Check = (value: string) => TagError | null;

/** The last digit is the GS1 check digit of those before it. */
export const checkDigitLast: Check = (value) => {
  const expected = checkDigit(value.slice(0, -1));
  if (value.endsWith(expected)) return null;
  return tagError('CHECK_DIGIT', 'The check digit is wrong.', value.length - 1, expected);
};

/** A GTIN: its check digit is right, and it is not only zeros. */
export const gtinCheck: Check = (value) => (isZeroGtin(value) ? zeroGtin : checkDigitLast(value));

/** A zero, 13 digits with their check digit (GRAI without serial). */
export const zeroFirst: Check = (value) => {
  if (value.startsWith('0')) return checkDigitLast(value);
  return tagError('LEADING_ZERO', 'The value begins with a zero.', 0, '0');
};

/** Piece and total of two digits each, from 1 on, no piece beyond the total. */
export const pieceOfTotal: Check = (value) => {
  const [piece, total] = [value.slice(0, 2), value.slice(2)];
  if (piece > '00' && piece <= total) return null;
  return tagError('RESERVED_VALUE', 'There is no such piece.', 0, 'piece 01 to the total');
};

/** No larger than `max`, which has as many digits. */
export function atMost(max: string): Check {
  return (value) => (value <= max ? null : tagError('FIELD_OVERFLOW', 'The number is too large.', 0, `at most ${max}`));
}

/** As many leading digits as the shortest company prefix has [GS1 General Specifications 1.4.4]. */
export const prefixFirst: Check = (value) => {
  if (value.length >= 4 && isDigits(value.slice(0, 4))) return null;
  return tagError('BAD_CHARACTER', 'No company prefix stands in front.', 0, '4 digits or more');
};

const weighted = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`;
const pairs = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];

/** The GS1 check character pair of a text of at most 23 characters [GS1 General Specifications 7.9.5]. */
export function checkPair(text: string): string {
  const sum = [...text].reduce((total, character, at) => {
    return total + weighted.indexOf(character) * (primes[text.length - 1 - at] ?? 0);
  }, 0);
  return pairs.charAt((sum % 1021) >> 5) + pairs.charAt((sum % 1021) & 31);
}

/** A company prefix in front, a check character pair at the end (GMN, Master UDI-DI). */
export const checkPairLast: Check = (value) => {
  const prefix = prefixFirst(value);
  if (prefix !== null) return prefix;
  if (value.length < 6) return tagError('TOO_SHORT', 'The value is too short for its check pair.', null, 'at least 6');
  const expected = checkPair(value.slice(0, -2));
  if (value.endsWith(expected)) return null;
  return tagError('CHECK_DIGIT', 'The check character pair is wrong.', value.length - 2, expected);
};

/** A Master UDI-DI is never all digits, so that it is no GTIN. */
export const masterUdi: Check = (value) => {
  if (!isDigits(value)) return checkPairLast(value);
  return tagError('BAD_CHARACTER', 'The value is all digits.', 0, 'a letter or a mark');
};

/** An IBAN's two check digits, modulo 97 [ISO 13616]. */
export const iban: Check = (value) => {
  if (!/^[A-Z]{2}\d{2}[0-9A-Z]{11,30}$/.test(value)) {
    return tagError('BAD_CHARACTER', 'This is no IBAN.', 0, 'country, 2 digits, 11 to 30 of 0-9 A-Z');
  }
  let rest = 0;
  for (const character of value.slice(4) + value.slice(0, 4)) {
    const number = Number.parseInt(character, 36);
    rest = (rest * (number < 10 ? 10 : 100) + number) % 97;
  }
  return rest === 1 ? null : tagError('CHECK_DIGIT', 'The check digits of the IBAN are wrong.', 2);
};

/** Text in which characters outside the set are percent-encoded. */
export const percentEncoded: Check = (value) => {
  const at = value.search(/%(?![0-9A-Fa-f]{2})/);
  return at < 0 ? null : tagError('BAD_ESCAPE', 'This escape is not valid.', at, '%XX');
};
