import { parseNumber } from './time.ts';

/** Largest id: 496 bits, what Gen2 allows an EPC to be. */
const MOST_DIGITS = 124;

/** Hex as we spell it: upper case, no separators. `bad` when it is there but is no hex, null when there is nothing. */
export type HexValue = { readonly hex: string } | 'bad' | null;

/** Hex text; blanks, colons, dashes and a leading 0x are taken off. */
export function hexText(value: unknown): HexValue {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string' || value.length > 4 * MOST_DIGITS) return 'bad';
  const hex = value
    .replace(/^\s*0x/i, '')
    .replace(/[\s:-]/g, '')
    .toUpperCase();
  return hex.length <= MOST_DIGITS && /^([0-9A-F]{2})+$/.test(hex) ? { hex } : 'bad';
}

/** Base64 in either alphabet [both occur on Impinj readers]; text that is no base64 says nothing. */
export function base64Text(value: unknown): HexValue {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return null;
  if (value.replace(/={1,2}$/, '').length % 4 === 1) return null;
  const hex = Buffer.from(value, 'base64url').toString('hex').toUpperCase();
  return hex.length <= MOST_DIGITS ? { hex } : 'bad';
}

/** A word of 16 bits, as a number or as text; null for everything else. */
export function wordHex(value: unknown): HexValue {
  const word = parseNumber(value);
  if (word === null || !Number.isInteger(word) || word < 0 || word > 0xffff) return null;
  return { hex: word.toString(16).padStart(4, '0').toUpperCase() };
}

/** Degrees folded into [0, 360), three decimals. */
export function foldDegrees(degrees: number): number {
  const turned = degrees >= 0 && degrees < 360 ? degrees : ((degrees % 360) + 360) % 360;
  const folded = Math.round(turned * 1000) / 1000;
  return folded === 360 ? 0 : folded;
}

/** True for JSON objects. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A word of a reader as text; empty for what is no text, number or truth: making a text of a foreign object may throw. */
export function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
