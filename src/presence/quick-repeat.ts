import type { ReadBatch } from '../tags/index.ts';
import { lateMs } from './policy.ts';
import {
  ALIAS,
  CONTENT,
  EARLY,
  FURTHER,
  NO_SLOT,
  PRESENT,
  RESTORED,
  SPELLED,
  shortCount,
  UNSAVED,
  UNSETTLED,
  weighRecord,
} from './record.ts';
import { learnCount, learnGap } from './rhythm.ts';
import type { Room } from './room.ts';
import { floatAt, floatsAt, floatsOf, intAt, intsAt, intsOf, wordAt } from './slab.ts';
import type { Source } from './sources.ts';

/** Twenty reads, all of them here: one more changes nothing (lane 7 without its flags, see `weighRecord`). */
const allHere = (60_000 << 8) | 20;
/** Lane 7 of a stay to which one more read adds nothing but what it says itself. */
const nothingNew = (allHere << 8) | UNSAVED | PRESENT;
/** Of lane 3: the content, and what makes its record another one than this is for. */
const plainContent = CONTENT | ALIAS | FURTHER | UNSETTLED;
const plainState = 3 | EARLY | SPELLED;

/**
 * What `takeRepeat` does, for the commonest case: the tag's only stay, read again in time and in order by the antenna that read
 * it last, by the tag's own spelling, and known on disk. Takes the rows from `row` up to `to` until it meets another case, of
 * which it takes nothing, and answers the row where it stopped; `from` is the first row that was looked for. Nine of ten reads of
 * a shelf end here. It is in one piece, with one branch for all that may differ, and touches nothing but the tag's record.
 */
export function repeatQuickly(
  room: Room,
  batch: ReadBatch,
  source: Source,
  from: number,
  row: number,
  to: number,
): number {
  const { slab } = room;
  const { records, bits } = room.search;
  const { words } = batch.epc;
  const { antenna: antennas, rssi: rssis, at: times, count: counts, receivedAt } = batch;
  const { antenna, index, rhythm } = source;
  const { minRssi, departMs } = source.place;
  const { shift } = room.line;
  for (let next = row; next < to; next++) {
    const record = intAt(records, next - from);
    const ints = intsOf(slab, record);
    const i = intsAt(record);
    const flags = intAt(ints, i + 7);
    const differs =
      (intAt(ints, i) ^ wordAt(words, 3 * next)) |
      (intAt(ints, i + 1) ^ wordAt(words, 3 * next + 1)) |
      (intAt(ints, i + 2) ^ wordAt(words, 3 * next + 2)) |
      ((intAt(ints, i + 3) & plainContent) ^ intAt(bits, next - from)) |
      intAt(ints, i + 5) |
      ((intAt(ints, i + 6) & NO_SLOT) ^ index) |
      ((flags & plainState) ^ PRESENT) |
      (antennaAt(antennas, next) ^ antenna);
    const rssi = floatAt(rssis, next);
    if (differs !== 0 || rssi < minRssi) return next;
    const floats = floatsOf(slab, record);
    const f = floatsAt(record);
    const at = floatAt(times, next);
    const gap = at - floatAt(floats, f + 6);
    const proven = floatAt(floats, f + 7);
    const alive = aliveTime(at, receivedAt) - shift;
    if (gap < 0 || alive - proven >= departMs) return next;
    const strength = intAt(ints, i + 9);
    const count = shortCount(floatAt(counts, next));
    learnGap(rhythm, gap, receivedAt);
    learnCount(rhythm, strength & 0xffff, count);
    floats[f + 6] = at;
    floats[f + 7] = Math.max(alive, proven);
    ints[i + 8] = intAt(ints, i + 8) + 1;
    ints[i + 9] = strongest(strength, rssi) | count;
    if ((flags & ~RESTORED) !== nothingNew) addWhatIsNew(room, ints, i);
  }
  return to;
}

function addWhatIsNew({ unsaved }: Room, ints: Int32Array, i: number): void {
  weighRecord(ints, i, true);
  const flags = intAt(ints, i + 7);
  if ((flags & UNSAVED) !== 0) return;
  ints[i + 7] = flags | UNSAVED;
  unsaved.count++;
}

/** The time at which a read proves its tag alive, by the gateway's clock: receipt, or the reader's time of a late report. */
export function aliveTime(at: number, receivedAt: number): number {
  return receivedAt - at > lateMs ? at : receivedAt;
}

/** The upper half of lane 9 with the stronger one of two RSSI; NaN is none. */
export function strongest(strength: number, rssi: number): number {
  const before = strength >> 16;
  return rssi * 100 >= before + 0.5 ? hundredths(rssi) << 16 : before << 16;
}

function hundredths(rssi: number): number {
  return Math.min(32_767, Math.round(rssi * 100));
}

function antennaAt(antennas: Uint16Array, row: number): number {
  return antennas[row] ?? 0;
}
