import type { ReadBatch } from '../tags/index.ts';
import { lateMs } from './policy.ts';
import {
  ALIAS,
  EARLY,
  FURTHER,
  NO_SLOT,
  PRESENT,
  SPELLED,
  shortCount,
  UNSAVED,
  UNSETTLED,
  weighRecord,
} from './record.ts';
import { learnCount, learnGap } from './rhythm.ts';
import type { Room } from './room.ts';
import { floatAt, floatsAt, floatsOf, intAt, intsAt, intsOf } from './slab.ts';
import type { Source } from './sources.ts';

/** Twenty reads, all of them here: one more changes nothing (lane 7 without its flags, see `weighRecord`). */
const allHere = (60_000 << 8) | 20;
const otherRecord = ALIAS | FURTHER | UNSETTLED;

/**
 * What `takeRepeat` does, for the commonest case: the tag's only stay, read again in time and in order by the antenna that read
 * it last, and known on disk. False, and nothing done, in any other. In this case nine of ten reads of a shelf end; it is
 * written for speed, in one piece.
 */
export function repeatQuickly(room: Room, batch: ReadBatch, row: number, source: Source, record: number): boolean {
  const ints = intsOf(room.slab, record);
  const i = intsAt(record);
  const flags = intAt(ints, i + 7);
  const isPlain = (flags & (3 | EARLY | SPELLED)) === PRESENT && (intAt(ints, i + 3) & otherRecord) === 0;
  if (!isPlain || intAt(ints, i + 5) !== 0 || (intAt(ints, i + 6) & NO_SLOT) !== source.index) return false;
  const floats = floatsOf(room.slab, record);
  const f = floatsAt(record);
  const at = floatAt(batch.at, row);
  const { receivedAt } = batch;
  const gap = at - floatAt(floats, f + 6);
  const alive = (receivedAt - at > lateMs ? at : receivedAt) - room.line.shift;
  const proven = floatAt(floats, f + 7);
  if (gap < 0 || alive - proven >= source.place.departMs) return false;
  const count = shortCount(floatAt(batch.count, row));
  const strength = intAt(ints, i + 9);
  learnGap(source.rhythm, gap, receivedAt);
  learnCount(source.rhythm, strength & 0xffff, count);
  floats[f + 6] = at;
  if (alive > proven) floats[f + 7] = alive;
  ints[i + 8] = intAt(ints, i + 8) + 1;
  ints[i + 9] = strongest(strength, floatAt(batch.rssi, row)) | count;
  if (flags >>> 8 !== allHere) weighRecord(ints, i, true);
  if ((flags & UNSAVED) === 0) {
    ints[i + 7] = intAt(ints, i + 7) | UNSAVED;
    room.unsaved.count++;
  }
  return true;
}

/** The upper half of lane 9 with the stronger one of two RSSI; NaN is none. */
export function strongest(strength: number, rssi: number): number {
  const before = strength >> 16;
  return rssi * 100 >= before + 0.5 ? hundredths(rssi) << 16 : before << 16;
}

function hundredths(rssi: number): number {
  return Math.min(32_767, Math.round(rssi * 100));
}
