import { sliceText, type TextBytes } from './text-bytes.ts';

/* Numbers inside a text. Each function gives where the number that begins at `from` ends; -1 where none stands there. */

const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const QUOTE = 0x22;

/** Longest number that is read: what a text may be to be taken for a number. */
const MOST_NUMBER = 40;
/** Powers of ten that a double has exactly. */
const tens = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** A number of JSON without an exponent; `out[0]` is its value. */
export function numberEnd(text: TextBytes, from: number, out: Float64Array): number {
  const { bytes } = text;
  const begin = bytes[from] === MINUS ? from + 1 : from;
  // JSON has no leading zeros.
  if (bytes[begin] === ZERO && isDigit(bytes[begin + 1] ?? 0)) return -1;
  return decimalEnd(text, from, begin, out);
}

/** Digits with or without a sign and a fraction, up to a closing quote. */
export function numberTextEnd(text: TextBytes, from: number, out: Float64Array): number {
  const { bytes } = text;
  const sign = bytes[from];
  const end = decimalEnd(text, from, sign === MINUS || sign === PLUS ? from + 1 : from, out);
  return end >= 0 && bytes[end] === QUOTE ? end : -1;
}

/** Where the digits end that stand in four bytes, as a little-endian word less four zeros: 0 to 4. */
function digitsIn(word: number): number {
  // A digit is at most 9 here: added to 0x76 it leaves the top bit of its byte alone, and all else sets it or has it set.
  const others = ((word + 0x76767676) | word) & 0x80808080;
  return others === 0 ? 4 : (31 - Math.clz32(others & -others)) >> 3;
}

/** The value of so many digits at the front of such a word, 1 to 4. */
function valueOf4(word: number, digits: number): number {
  const ended = word << (32 - 8 * digits);
  return 1000 * (ended & 15) + 100 * ((ended >> 8) & 15) + 10 * ((ended >> 16) & 15) + ((ended >> 24) & 15);
}

const zeros = 0x30303030;
/** A word without a digit at its front. */
const noDigit = -1;
const powers = Int32Array.of(1, 10, 100, 1000, 10_000);

/** Up to seven digits before the point and three behind it; all that is longer goes the way of any length. */
function decimalEnd(text: TextBytes, from: number, begin: number, out: Float64Array): number {
  const { bytes, view } = text;
  const word = view.getInt32(begin, true) ^ zeros;
  const first = digitsIn(word);
  if (first === 0) return -1;
  const next = first === 4 ? view.getInt32(begin + 4, true) ^ zeros : noDigit;
  const more = digitsIn(next);
  const at = begin + first + more;
  const value = more === 0 ? valueOf4(word, first) : valueOf4(word, 4) * (powers[more] ?? 1) + valueOf4(next, more);
  const behind = bytes[at] === POINT ? view.getInt32(at + 1, true) ^ zeros : noDigit;
  const places = digitsIn(behind);
  if (more === 4 || places === 4 || (places === 0 && bytes[at] === POINT)) return anyEnd(text, from, begin, out);
  const scale = powers[places] ?? 1;
  // Both are exact, so their quotient is rounded once, as the number that the text is.
  const size = places === 0 ? value : (value * scale + valueOf4(behind, places)) / scale;
  out[0] = bytes[from] === MINUS ? -size : size;
  return places === 0 ? at : at + 1 + places;
}

function anyEnd(text: TextBytes, from: number, begin: number, out: Float64Array): number {
  const { bytes } = text;
  const whole = digitsEnd(bytes, begin);
  const hasFraction = bytes[whole] === POINT;
  const end = hasFraction ? digitsEnd(bytes, whole + 1) : whole;
  if (whole === begin || end === whole + 1 || end - from > MOST_NUMBER) return -1;
  const scale = hasFraction ? end - whole - 1 : 0;
  const digits = addDigits(bytes, whole + 1, whole + 1 + scale, addDigits(bytes, begin, whole, 0));
  if (scale > 22 || digits > Number.MAX_SAFE_INTEGER) {
    out[0] = Number(sliceText(text, from, end));
    return end;
  }
  const size = digits / (tens[scale] ?? 1);
  out[0] = bytes[from] === MINUS ? -size : size;
  return end;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= 0x39;
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at] ?? 0)) at += 1;
  return at;
}

/** The digits behind those that `value` has already. */
function addDigits(bytes: Uint8Array, from: number, to: number, value: number): number {
  let sum = value;
  for (let at = from; at < to; at++) sum = 10 * sum + (bytes[at] ?? 0) - ZERO;
  return sum;
}
