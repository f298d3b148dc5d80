import { bitsAt, narrowAt, type Words } from './words.ts';

const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** 10 to the power of `exponent`, which is 0 to 15. */
export function tenTo(exponent: number): number {
  return powers[exponent] ?? 10 ** exponent;
}

/** The numbers below 1,000 as text, made once: nearly all that a tag says is digits. */
const plain = Array.from({ length: 1000 }, (_, value) => String(value));
/** The numbers of 0 to 3 digits with their leading zeros, by number of digits. */
const zeroed = [0, 1, 2, 3].map((digits) =>
  plain.slice(0, 10 ** digits).map((text) => (digits === 0 ? '' : text.padStart(digits, '0'))),
);
const triples = zeroed[3] ?? [];

/** An integer below 10^6 with leading zeros to `length` digits, 6 at most. */
function short(value: number, length: number): string {
  if (length <= 3) return zeroed[length]?.[value] ?? '';
  const high = (value / 1000) | 0;
  return (zeroed[length - 3]?.[high] ?? '') + (triples[value - high * 1000] ?? '');
}

/** `value` in decimal, with leading zeros to `length` digits; `value` is below 2^53 and fits. */
export function padded(value: number, length: number): string {
  if (length <= 6) return short(value | 0, length);
  const high = Math.floor(value / 1e6);
  return padded(high, length - 6) + short((value - high * 1e6) | 0, 6);
}

/** `value`, which is below 2^53, in decimal. */
function decimal(value: number): string {
  if (value < 1000) return plain[value] ?? '';
  const high = Math.floor(value / 1e6);
  if (high > 0) return decimal(high) + short((value - high * 1e6) | 0, 6);
  const thousands = (value / 1000) | 0;
  return (plain[thousands] ?? '') + (triples[value - thousands * 1000] ?? '');
}

/** The unsigned integer of `width` bits at bit `from`, in decimal; exact at any width. */
export function decimalAt(words: Words, from: number, width: number): string {
  if (width <= 53) return decimal(bitsAt(words, from, width));
  const limbs: number[] = [];
  for (let at = from, left = width; left > 0; ) {
    const step = left % 24 === 0 ? 24 : left % 24;
    multiplyAdd(limbs, 2 ** step, narrowAt(words, at, step));
    at += step;
    left -= step;
  }
  return decimalOf(limbs);
}

function multiplyAdd(limbs: number[], factor: number, add: number): void {
  let carry = add;
  for (let index = 0; index < limbs.length; index++) {
    const value = (limbs[index] ?? 0) * factor + carry;
    carry = Math.floor(value / 1e7);
    limbs[index] = value - carry * 1e7;
  }
  for (; carry > 0; carry = Math.floor(carry / 1e7)) limbs.push(carry % 1e7);
}

function decimalOf(limbs: readonly number[]): string {
  let text = String(limbs.at(-1) ?? 0);
  for (let at = limbs.length - 2; at >= 0; at--) text += padded(limbs[at] ?? 0, 7);
  return text;
}

/** Whether every character is a decimal digit; the empty text counts as digits. */
export function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** The GS1 modulo-10 check digit of `digits` (without its check digit) [GS1 General Specifications 7.9]. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let at = digits.length - 1, weight = 3; at >= 0; at--, weight = 4 - weight) {
    sum += (digits.charCodeAt(at) - 48) * weight;
  }
  return String((10 - (sum % 10)) % 10);
}
