import type { HexColumn } from '../../../tags/index.ts';
import type { TextBytes } from './text-bytes.ts';

/* Strings inside a text. Each function gives where the one that begins at `from` ends, before its closing quote; -1 where none stands there. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The text of a string that means nothing to us, escapes and all. */
export function stringEnd({ bytes }: TextBytes, from: number): number {
  let at = from;
  for (let code = bytes[at] ?? 0; code !== QUOTE; code = bytes[at] ?? 0) {
    if (code < 0x20) return -1;
    const size = code === BACKSLASH ? escapeSize(bytes, at) : 1;
    if (size === 0) return -1;
    at += size;
  }
  return at;
}

/** Of an escape of JSON's; 0 for what is none. */
function escapeSize(bytes: Uint8Array, at: number): 0 | 2 | 6 {
  const code = bytes[at + 1] ?? 0;
  if (code !== 0x75) return '"\\/bfnrt'.includes(String.fromCharCode(code)) ? 2 : 0;
  for (let digit = at + 2; digit < at + 6; digit++) if (nibbleOf(bytes[digit] ?? 0) < 0) return 0;
  return 6;
}

function nibbleOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Two hex digits, as little-endian words have them, to the byte that they are; -1 for what is no hex. */
const pairs = Int16Array.from({ length: 0x10000 }, (_, pair) => {
  const high = nibbleOf(pair & 0xff);
  const low = nibbleOf(pair >> 8);
  return high < 0 || low < 0 ? -1 : 16 * high + low;
});

/** 496 bits, what Gen2 allows an EPC to be. */
const MOST_BYTES = 62;
/** Bytes that the words of a row hold. */
const WORD_BYTES = 12;

/** Bytes that stood in a text. */
export type Octets = { readonly bytes: Uint8Array; size: number };

export function createOctets(): Octets {
  return { bytes: new Uint8Array(MOST_BYTES), size: 0 };
}

/** Hex of whole bytes in both cases, at least one and at most 62, up to a closing quote. */
export function hexEnd({ bytes, view }: TextBytes, from: number, out: Octets): number {
  let at = from;
  let size = 0;
  for (; size < MOST_BYTES; size++, at += 2) {
    const byte = pairs[view.getUint16(at, true)] ?? -1;
    if (byte < 0) break;
    out.bytes[size] = byte;
  }
  out.size = size;
  return size > 0 && bytes[at] === QUOTE ? at : -1;
}

/** The same of 24 digits, straight into the words of a row. */
export function hex96End({ bytes, view }: TextBytes, from: number, into: HexColumn, row: number): number {
  if (bytes[from + 24] !== QUOTE) return -1;
  let checked = 0;
  for (let word = 0; word < 3; word++) {
    const at = from + 8 * word;
    const a = pairs[view.getUint16(at, true)] ?? -1;
    const b = pairs[view.getUint16(at + 2, true)] ?? -1;
    const c = pairs[view.getUint16(at + 4, true)] ?? -1;
    const d = pairs[view.getUint16(at + 6, true)] ?? -1;
    checked |= a | b | c | d;
    into.words[3 * row + word] = (a << 24) | (b << 16) | (c << 8) | d;
  }
  into.digits[row] = 24;
  into.long[row] = null;
  return checked < 0 ? -1 : from + 24;
}

const sextets = Int8Array.from({ length: 256 }, (_, code) => {
  const [letter, alike] = [String.fromCharCode(code), { 45: '+', 95: '/' }[code]];
  return 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(alike ?? letter);
});

/** Base64 in either alphabet, padded or not, of at most 62 bytes, up to a closing quote. Bits that make no byte are let go. */
export function base64End({ bytes }: TextBytes, from: number, out: Octets): number {
  const end = lettersEnd(bytes, from);
  out.size = ((end - from) * 6) >> 3;
  if (end === from || ((end - from) & 3) === 1 || out.size > MOST_BYTES) return -1;
  let held = 0;
  for (let at = from; at < end; at++) {
    held = ((held << 6) | (sextets[bytes[at] ?? 0] ?? 0)) & 0xffffff;
    const place = (at - from) & 3;
    if (place > 0) out.bytes[3 * ((at - from) >> 2) + place - 1] = held >> (6 - 2 * place);
  }
  return paddingEnd(bytes, end);
}

function lettersEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((sextets[bytes[at] ?? 0] ?? -1) >= 0) at += 1;
  return at;
}

function paddingEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < from + 2 && bytes[at] === 0x3d) at += 1;
  return bytes[at] === QUOTE ? at : -1;
}

/** Sets a row to bytes `from` up to before `to`. */
export function putOctets(into: HexColumn, row: number, { bytes }: Octets, from: number, to: number): void {
  const size = to - from;
  into.digits[row] = 2 * size;
  for (let word = 0; word < 3; word++) {
    let value = 0;
    for (let i = 4 * word; i < 4 * word + 4; i++) value = (value << 8) | (i < size ? (bytes[from + i] ?? 0) : 0);
    into.words[3 * row + word] = value;
  }
  into.long[row] = size > WORD_BYTES ? hexOf(bytes, from, to) : null;
}

function hexOf(bytes: Uint8Array, from: number, to: number): string {
  let hex = '';
  for (let at = from; at < to; at++) hex += (bytes[at] ?? 0).toString(16).padStart(2, '0');
  return hex.toUpperCase();
}

/** Whether two rows hold the same. */
export function isSameHex(one: HexColumn, row: number, other: HexColumn, otherRow: number): boolean {
  if (one.digits[row] !== other.digits[otherRow]) return false;
  for (let word = 0; word < 3; word++) {
    if (one.words[3 * row + word] !== other.words[3 * otherRow + word]) return false;
  }
  return (one.long[row] ?? null) === (other.long[otherRow] ?? null);
}
