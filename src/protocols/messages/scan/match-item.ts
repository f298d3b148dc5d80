import type { HexColumn, ReadBatch } from '../../../tags/index.ts';
import { follow, type Matching } from './follow.ts';
import type { ItemShape } from './shape.ts';
import { type Octets, putOctets } from './strings.ts';
import type { TextBytes } from './text-bytes.ts';

/** Follows a read's own steps; what of it the text does not say is as given. */
export function followItem(
  item: ItemShape,
  text: TextBytes,
  from: number,
  matching: Matching,
  into: ReadBatch,
  row: number,
): number {
  begin(item.given, into, row);
  const end = follow(item.program, text, from, matching, into, row);
  if (end < 0) return -1;
  if (item.suffix > 0 && !splitSuffix(item.suffix / 2, matching.octets, into, row)) return -1;
  if (item.isTid) copyHex(into.tid, into.epc, row);
  return end;
}

function begin(given: ReadBatch, into: ReadBatch, row: number): void {
  into.idType[row] = given.idType[0] ?? 0;
  into.pc[row] = given.pc[0] ?? -1;
  into.tid.digits[row] = 0;
  into.tid.words[3 * row] = 0;
  into.tid.words[3 * row + 1] = 0;
  into.tid.words[3 * row + 2] = 0;
  into.tid.long[row] = null;
  into.antenna[row] = given.antenna[0] ?? 0;
  into.rssi[row] = given.rssi[0] ?? Number.NaN;
  into.count[row] = given.count[0] ?? 1;
  into.round[row] = given.round[0] ?? 0;
  into.at[row] = given.at[0] ?? Number.NaN;
  into.frequencyKhz[row] = given.frequencyKhz[0] ?? Number.NaN;
  into.phaseDeg[row] = given.phaseDeg[0] ?? Number.NaN;
  into.seq[row] = given.seq[0] ?? Number.NaN;
}

/** EPC and TID stand together, in `octets` where they are longer than 96 bits. */
function splitSuffix(size: number, octets: Octets, into: ReadBatch, row: number): boolean {
  const total = (into.epc.digits[row] ?? 0) / 2;
  if (total !== octets.size || total <= size) return false;
  putOctets(into.epc, row, octets, 0, total - size);
  putOctets(into.tid, row, octets, total - size, total);
  return true;
}

function copyHex(from: HexColumn, into: HexColumn, row: number): void {
  into.digits[row] = from.digits[row] ?? 0;
  for (let word = 3 * row; word < 3 * row + 3; word++) into.words[word] = from.words[word] ?? 0;
  into.long[row] = from.long[row] ?? null;
}
