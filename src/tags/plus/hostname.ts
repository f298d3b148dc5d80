import { narrowAt } from '../bits/hex.ts';
import { type BitReader, mark, need, refuse, take } from '../bits/reader.ts';
import { type BitWriter, newWriter, put } from '../bits/writer.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { putCode40, readCode40 } from './alphanumeric.ts';
import { oneUnit, twoUnits } from './hostname-table.ts';

/** Most units (7-bit) or characters (Code 40) that the 6-bit length can announce. */
const maxLength = 63;

function isHostCharacter(code: number): boolean {
  return /[A-Za-z0-9._:-]/.test(String.fromCharCode(code));
}

/** What the unit at the reader stands for, and how many units that took; `undefined` where it is reserved. */
function pieceAt(reader: BitReader, left: number): { text: string | undefined; units: number } {
  const unit = narrowAt(reader.hex, reader.at, 7);
  if (unit < 4 && left > 1 && need(reader, 14)) {
    const suffix = twoUnits[unit]?.[narrowAt(reader.hex, reader.at + 7, 7)];
    return { text: suffix === undefined ? undefined : `.${suffix}`, units: 2 };
  }
  return { text: oneUnit.get(unit) ?? (isHostCharacter(unit) ? String.fromCharCode(unit) : undefined), units: 1 };
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
  if (reader.problem === null) {
    const best = newWriter();
    if (putHostname(best, text) !== null || best.bits.length < reader.at - start) mark(reader, 'NON_SHORTEST');
  }
  return text;
}

function prefixOf(host: string): [units: number[], length: number] {
  for (const [unit, text] of oneUnit) if (text.endsWith('.') && host.startsWith(text)) return [[unit], text.length];
  return [[], 0];
}

function suffixOf(host: string): [units: number[], length: number] {
  let best: [number[], number] = [[], 0];
  const gain = (units: number[], length: number) => length - units.length > best[1] - best[0].length;
  for (const [unit, text] of oneUnit) {
    if (text.startsWith('.') && host.endsWith(text) && gain([unit], text.length)) best = [[unit], text.length];
  }
  // Of the fourth table only one entry is certain; it is read, but not written.
  twoUnits.slice(0, 3).forEach((names, first) => {
    for (const [second, name] of names.entries()) {
      if (host.endsWith(`.${name}`) && gain([first, second], name.length + 1))
        best = [[first, second], name.length + 1];
    }
  });
  return best;
}

function unitsOf(host: string): number[] {
  const [before, from] = prefixOf(host);
  const [after, length] = suffixOf(host.slice(from));
  const middle = host.slice(from, host.length - length);
  return [...before, ...[...middle].map((character) => character.charCodeAt(0)), ...after];
}

/** Appends a host name: Code 40 where it is all upper case and that is shorter, else 7-bit units with shortcuts. */
export function putHostname(writer: BitWriter, host: string): TagError | null {
  if (!/^[A-Za-z0-9._:-]+$/.test(host)) {
    return tagError('BAD_CHARACTER', 'This is no host name.', null, 'A-Z a-z 0-9 - . _ :');
  }
  const units = unitsOf(host);
  const code40 = host.length <= maxLength && /^[A-Z0-9.:-]+$/.test(host);
  if (code40 && Math.ceil(host.length / 3) * 16 < units.length * 7) {
    put(writer, 0, 1);
    put(writer, host.length, 6);
    putCode40(writer, host);
    return null;
  }
  if (units.length > maxLength) return tagError('TOO_LONG', 'The host name is too long.', null, '63 units of 7 bits');
  put(writer, 1, 1);
  put(writer, units.length, 6);
  for (const unit of units) put(writer, unit, 7);
  return null;
}
