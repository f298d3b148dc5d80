import { set82, strayAt } from '../text/charset.ts';
import {
  type Base,
  type Bits,
  base10,
  base30,
  base40,
  base74,
  base84,
  base256,
  bitsFor,
  decodeValues,
  encodeValues,
} from './packed-bases.ts';
import { take } from './packed-bits.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Base 74: GS, then the set 82 without digits, then the blank [ISO/IEC 15962 table K-4]. */
const members74 = `${String.fromCharCode(29)}!"%&'()*+,-./:;<=>?${letters}_${letters.toLowerCase()} `;

/** Base 30 value that takes the next one from the punctuation set [table K-1]. */
const shift2 = 28;

/** A base that texts may have beside that of digits, its header bits, and what extends it by the digits, for runs. */
type TextBase = {
  readonly header: string;
  readonly base: Base;
  readonly extended: Base | null;
  character(value: number): string | null;
};

const octet = (value: number) => String.fromCharCode(value);
const textBases: readonly TextBase[] = [
  {
    header: '0',
    base: base30,
    extended: base40,
    character: (value) => (value > 0 && value < 27 ? letters.charAt(value - 1) : null),
  },
  { header: '10', base: base74, extended: base84, character: (value) => members74.charAt(value) },
  { header: '11', base: base256, extended: null, character: octet },
];

/** Which segment of the text a character's value stands in [I.8.2.4]. */
type Kind = 'digit' | 'other' | 'extended';

/** Kinds by the two basis bits of a run; digits extended by letters (base 13) are not read. */
const runKinds: readonly (Kind | null)[] = ['digit', null, 'other', 'extended'];

/** Runs before or after the map: a flag, then runs of a last-one bit, two basis bits and three of length, 6 to 20 [I.8.2.3]. */
function takeRuns(bits: Bits): Kind[] | null {
  const kinds: Kind[] = [];
  for (let last = take(bits, 1) !== 1; !last; ) {
    const run = take(bits, 6);
    const kind = run === null ? null : (runKinds[(run >> 3) & 3] ?? null);
    if (run === null || kind === null) return null;
    kinds.push(...Array.from({ length: 6 + 2 * (run & 7) }, () => kind));
    last = run >= 32;
  }
  return kinds;
}

const countOf = (kinds: readonly Kind[], kind: Kind) => kinds.filter((one) => one === kind).length;

/** Bits of all segments: extended, digits, others, in this order. */
function segmentBits({ base, extended }: TextBase, digits: number, others: number, mixed: number): number {
  return (extended === null ? 0 : bitsFor(extended, mixed)) + bitsFor(base10, digits) + bitsFor(base, others);
}

/** The character map: as long as makes the rest of the bits come out even. */
function takeMap(bits: Bits, text: TextBase, runs: readonly Kind[]): Kind[] | null {
  const [digits, others, mixed] = [countOf(runs, 'digit'), countOf(runs, 'other'), countOf(runs, 'extended')];
  let zeros = 0;
  for (let length = 0; bits.at + length <= bits.end; length++) {
    if (length > 0 && bits.all.charAt(bits.at + length - 1) === '0') zeros++;
    const total = length + segmentBits(text, digits + zeros, others + length - zeros, mixed);
    if (bits.at + total > bits.end) return null;
    if (bits.at + total < bits.end || runs.length + length === 0) continue;
    const map = bits.all.slice(bits.at, bits.at + length);
    bits.at += length;
    return [...map].map((bit) => (bit === '0' ? 'digit' : 'other'));
  }
  return null;
}

/** The values of every segment, each with how it becomes a character. */
function takeSegments(bits: Bits, text: TextBase, kinds: readonly Kind[]): Record<Kind, number[]> | null {
  const mixed = countOf(kinds, 'extended');
  if (mixed > 0 && text.extended === null) return null;
  const extended = text.extended === null ? [] : decodeValues(text.extended, bits, mixed);
  const digit = extended === null ? null : decodeValues(base10, bits, countOf(kinds, 'digit'));
  const other = digit === null ? null : decodeValues(text.base, bits, countOf(kinds, 'other'));
  return extended === null || digit === null || other === null ? null : { extended, digit, other };
}

/** The character of a value; after a shift, one of the first sixteen of the punctuation set, which are ASCII from the blank on. */
function characterOf(text: TextBase, kind: Kind, value: number, shifted: boolean): string | null {
  if (shifted) return value < 16 ? octet(32 + value) : null;
  if (kind === 'digit') return String(value);
  return value >= text.base.size ? String(value - text.base.size) : text.character(value);
}

function spelled(text: TextBase, kinds: readonly Kind[], segments: Record<Kind, number[]>): string | null {
  const next = { digit: 0, other: 0, extended: 0 };
  let result = '';
  let shifted = false;
  for (const kind of kinds) {
    const value = segments[kind][next[kind]++] ?? 0;
    const shifts: boolean = text.base === base30 && value === shift2 && !shifted;
    if (!shifts) {
      const character = characterOf(text, kind, value, shifted);
      if (character === null) return null;
      result += character;
    }
    shifted = shifts;
  }
  return shifted || strayAt(result, set82) >= 0 ? null : result;
}

/**
 * Reads an alphanumeric subsection up to the end; `null` where it is damaged, holds what no GS1 value may, or uses a part of the standard
 * that is not read: runs in base 13, shifts beyond the punctuation.
 */
export function readText(bits: Bits): string | null {
  const text = textBases.find(({ header }) => bits.all.startsWith(header, bits.at));
  if (text === undefined) return null;
  bits.at += text.header.length;
  const before = takeRuns(bits);
  const after = before === null ? null : takeRuns(bits);
  const map = before === null || after === null ? null : takeMap(bits, text, [...before, ...after]);
  if (before === null || after === null || map === null) return null;
  const kinds = [...before, ...map, ...after];
  const segments = takeSegments(bits, text, kinds);
  return segments === null ? null : spelled(text, kinds, segments);
}

const digitsOf = (text: string) => [...text].map(Number);

/** A number of `digits` digits in the bits that annex K gives it. */
export function numberBits(value: string): string {
  return encodeValues(base10, digitsOf(value));
}

/** Reads a number of `digits` digits; `null` where the bits end or hold more. */
export function readNumber(bits: Bits, digits: number): string | null {
  return decodeValues(base10, bits, digits)?.join('') ?? null;
}

/** The alphanumeric subsection of `text`, without runs; `null` where a character has no base [I.8.2]. */
export function textBits(text: string): string | null {
  if (strayAt(text, set82) >= 0) return null;
  const others = [...text.replace(/\d/g, '')];
  const map = [...text].map((character) => (/\d/.test(character) ? '0' : '1')).join('');
  const capitals = others.every((one) => letters.includes(one));
  const body = capitals
    ? encodeValues(
        base30,
        others.map((one) => letters.indexOf(one) + 1),
      )
    : encodeValues(
        base74,
        others.map((one) => members74.indexOf(one)),
      );
  return `${capitals ? '0' : '10'}00${map}${numberBits(text.replace(/\D/g, ''))}${body}`;
}
