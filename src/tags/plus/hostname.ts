import { type BitReader, mark, need, refuse, take } from '../bits/reader.ts';
import { narrowAt } from '../bits/words.ts';
import { type BitWriter, put } from '../bits/writer.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { charSet, strayAt } from '../text/charset.ts';
import { putCode40, readCode40 } from './alphanumeric.ts';
import { oneUnit, twoUnits } from './hostname-table.ts';

/** Most units (7-bit) or characters (Code 40) that the 6-bit length can announce. */
const maxLength = 63;

const hostCharacters = charSet(
  'characters of a host name',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:',
);
const code40Characters = charSet('URN Code 40', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:');

/** What the unit at the reader stands for, and how many units that took; `undefined` where it is reserved. */
function pieceAt(reader: BitReader, left: number): { text: string | undefined; units: number } {
  const unit = narrowAt(reader.words, reader.at, 7);
  if (unit < 4 && left > 1 && need(reader, 14)) {
    const suffix = twoUnits[unit]?.[narrowAt(reader.words, reader.at + 7, 7)];
    return { text: suffix === undefined ? undefined : `.${suffix}`, units: 2 };
  }
  return {
    text: oneUnit.get(unit) ?? (hostCharacters.has[unit] === 1 ? String.fromCharCode(unit) : undefined),
    units: 1,
  };
}

function readUnits(reader: BitReader, length: number): string {
  let text = '';
  for (let left = length; left > 0 && need(reader, 7); ) {
    const piece = pieceAt(reader, left);
    if (reader.problem !== null) return '';
    if (piece.text === undefined) {
      refuse(reader, 'RESERVED_VALUE', 'This sequence of a host name is reserved.', 'TDS 14.5.16, tables A and B');
      return '';
    }
    text += piece.text;
    left -= piece.units;
    reader.at += piece.units * 7;
  }
  return text;
}

/** The host name of a `++` tag [TDS 14.5.16]. URN Code 40 gives upper case. */
export function readHostname(reader: BitReader): string {
  if (!need(reader, 7)) return '';
  const start = reader.at;
  const sevenBit = take(reader, 1) === 1;
  const length = take(reader, 6);
  if (length === 0) refuse(reader, 'TOO_SHORT', 'The host name is empty.', '1 to 63', 6);
  else if (!sevenBit && !need(reader, Math.ceil(length / 3) * 16)) return '';
  if (reader.problem !== null) return '';
  const text = sevenBit ? readUnits(reader, length) : readCode40(reader, length);
  if (reader.problem === null && planOf(text).bits < reader.at - start - 7) mark(reader, 'NON_SHORTEST');
  return text;
}

function prefixOf(host: string): [units: number[], length: number] {
  for (const [unit, text] of oneUnit) if (text.endsWith('.') && host.startsWith(text)) return [[unit], text.length];
  return [[], 0];
}

/** Units of each suffix. Of the fourth table only one entry is certain: it is read, but not written. */
const suffixUnits: ReadonlyMap<string, readonly number[]> = new Map([
  ...[...oneUnit].map(([unit, text]): [string, number[]] => [text, [unit]]),
  ...twoUnits
    .slice(0, 3)
    .flatMap((names, first) => names.map((name, second): [string, number[]] => [`.${name}`, [first, second]])),
]);

function suffixOf(host: string): [units: readonly number[], length: number] {
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    const units = suffixUnits.get(host.slice(dot));
    if (units !== undefined) return [units, host.length - dot];
  }
  return [[], 0];
}

function unitsOf(host: string): number[] {
  const [before, from] = prefixOf(host);
  const [after, length] = suffixOf(host.slice(from));
  const middle = host.slice(from, host.length - length);
  return [...before, ...[...middle].map((character) => character.charCodeAt(0)), ...after];
}

/** The shortest way to write a host name: Code 40 where it is all upper case and that is shorter, else 7-bit units. */
function planOf(host: string): { code40: boolean; units: number[]; bits: number } {
  const units = unitsOf(host);
  const code40Bits = Math.ceil(host.length / 3) * 16;
  const code40 = host.length <= maxLength && code40Bits < units.length * 7 && strayAt(host, code40Characters) < 0;
  return { code40, units, bits: code40 ? code40Bits : units.length * 7 };
}

/** Appends a host name the shortest way that keeps its case. */
export function putHostname(writer: BitWriter, host: string): TagError | null {
  const stray = strayAt(host, hostCharacters);
  if (stray >= 0) return tagError('BAD_CHARACTER', 'This is no host name.', stray, 'A-Z a-z 0-9 - . _ :');
  if (host === '') return tagError('TOO_SHORT', 'The host name is empty.', null, '1 to 63 characters');
  const { code40, units } = planOf(host);
  if (!code40 && units.length > maxLength) {
    return tagError('TOO_LONG', 'The host name is too long.', null, '63 units of 7 bits');
  }
  put(writer, code40 ? 0 : 1, 1);
  put(writer, code40 ? host.length : units.length, 6);
  if (code40) putCode40(writer, host);
  else for (const unit of units) put(writer, unit, 7);
  return null;
}
