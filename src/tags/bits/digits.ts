import { bitsAt, narrowAt } from './hex.ts';

const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** 10 to the power of `exponent`, which is 0 to 15. */
export function tenTo(exponent: number): number {
  return powers[exponent] ?? 10 ** exponent;
}

const zeros = Array.from({ length: 32 }, (_, count) => '0'.repeat(count));

/** `value` in decimal, with leading zeros to `length` digits; `value` is below 2^53 and fits. */
export function padded(value: number, length: number): string {
  if (length === 0) return '';
  const text = String(value);
  return text.length === length ? text : (zeros[length - text.length] ?? '') + text;
}

/** The unsigned integer of `width` bits at bit `from`, in decimal; exact at any width. */
export function decimalAt(hex: string, from: number, width: number): string {
  if (width <= 53) return String(bitsAt(hex, from, width));
  const limbs: number[] = [];
  for (let at = from, left = width; left > 0; ) {
    const step = left % 24 === 0 ? 24 : left % 24;
    multiplyAdd(limbs, 2 ** step, narrowAt(hex, at, step));
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
