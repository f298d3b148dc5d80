import { set82, strayAt } from '../text/charset.ts';

/** A walk over the bits of a memory bank, as the characters 0 and 1. */
export type Bits = { readonly all: string; at: number; readonly end: number };

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Base 74: GS, then the set 82 without digits, then the blank [ISO/IEC 15962 table K-4]. */
const base74 = `${String.fromCharCode(29)}!"%&'()*+,-./:;<=>?${letters}_${letters.toLowerCase()} `;

type Base = { readonly header: string; readonly size: number; readonly group: number; readonly members: string };

/** Non-numeric bases with their header bits and the most values of one binary group [I.8.2.1, annex K]. */
const bases: readonly Base[] = [
  { header: '0', size: 30, group: 32, members: ` ${letters}` },
  { header: '10', size: 74, group: 25, members: base74 },
];
const base10: Base = { header: '', size: 10, group: 48, members: '0123456789' };

function bitsFor(base: Base, count: number): number {
  const full = Math.floor(count / base.group);
  const one = (values: number) => Math.ceil(values * Math.log2(base.size));
  return full * one(base.group) + one(count % base.group);
}

function encodeValues(base: Base, text: string): string {
  let bits = '';
  for (let at = 0; at < text.length; at += base.group) {
    const group = text.slice(at, at + base.group);
    let value = 0n;
    for (const character of group) value = value * BigInt(base.size) + BigInt(base.members.indexOf(character));
    bits += value.toString(2).padStart(bitsFor(base, group.length), '0');
  }
  return bits;
}

function decodeGroup(base: Base, bits: string, count: number): string | null {
  let value = BigInt(`0b${bits}`);
  let text = '';
  for (let left = count; left > 0; left--) {
    const member = base.members.charAt(Number(value % BigInt(base.size)));
    if (member === '' || (base.size === 30 && member === ' ')) return null;
    text = member + text;
    value /= BigInt(base.size);
  }
  return value === 0n ? text : null;
}

function decodeValues(base: Base, bits: Bits, count: number): string | null {
  let text = '';
  for (let left = count; left > 0; left -= base.group) {
    const size = Math.min(left, base.group);
    const width = bitsFor(base, size);
    const group = decodeGroup(base, bits.all.slice(bits.at, bits.at + width), size);
    if (group === null) return null;
    text += group;
    bits.at += width;
  }
  return text;
}

/** A number of `digits` digits in the bits that annex K gives it. */
export function numberBits(value: string): string {
  return encodeValues(base10, value);
}

/** Reads a number of `digits` digits; `null` where the bits end or hold more. */
export function readNumber(bits: Bits, digits: number): string | null {
  return bits.at + bitsFor(base10, digits) > bits.end ? null : decodeValues(base10, bits, digits);
}

/** The alphanumeric subsection of `text`, without runs; `null` where a character has no base [I.8.2]. */
export function textBits(text: string): string | null {
  if (strayAt(text, set82) >= 0) return null;
  const others = text.replace(/\d/g, '');
  const base = bases.find(({ members, size }) =>
    [...others].every((one) => members.indexOf(one) >= (size === 30 ? 1 : 0)),
  );
  if (base === undefined) return null;
  const map = [...text].map((character) => (/\d/.test(character) ? '0' : '1')).join('');
  return `${base.header}00${map}${encodeValues(base10, text.replace(/\D/g, ''))}${encodeValues(base, others)}`;
}

/** How many characters the map has: as many as make the rest of the bits come out even. */
function mapLength(bits: Bits, base: Base): number | null {
  let digits = 0;
  for (let length = 1; bits.at + length <= bits.end; length++) {
    if (bits.all.charAt(bits.at + length - 1) === '0') digits++;
    const total = length + bitsFor(base10, digits) + bitsFor(base, length - digits);
    if (bits.at + total === bits.end) return length;
    if (bits.at + total > bits.end) return null;
  }
  return null;
}

/** Reads an alphanumeric subsection up to the end; `null` where it is damaged or uses runs or base 256, which are not read. */
export function readText(bits: Bits): string | null {
  const base = bases.find(({ header }) => bits.all.startsWith(`${header}00`, bits.at));
  if (base === undefined) return null;
  bits.at += base.header.length + 2;
  const length = mapLength(bits, base);
  if (length === null) return null;
  const map = bits.all.slice(bits.at, bits.at + length);
  bits.at += length;
  const count = [...map].filter((bit) => bit === '0').length;
  const digits = decodeValues(base10, bits, count);
  const others = decodeValues(base, bits, length - count);
  if (digits === null || others === null) return null;
  let digit = 0;
  let other = 0;
  return [...map].map((bit) => (bit === '0' ? digits.charAt(digit++) : others.charAt(other++))).join('');
}
