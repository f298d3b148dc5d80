import type { ReadBatch } from '../tags/index.ts';
import { moveWhere, whereOf } from './entries.ts';
import { aliveTime, strongest } from './quick-repeat.ts';
import { EARLY, nextOf, PRESENT, RESTORED, SPELLED, shortCount, UNSAVED, weighRecord } from './record.ts';
import { learnCount, learnGap } from './rhythm.ts';
import type { Room } from './room.ts';
import { floatAt, floatsAt, floatsOf, intAt, intsAt, intsOf } from './slab.ts';
import type { Place, Source } from './sources.ts';
import { aliveSince } from './stays.ts';
import { shiftAt } from './time-line.ts';

/**
 * Takes a read of a tag that is present at the source's place: 98 of 100 end here, and nothing is allocated. `key` is the record of
 * the spelling that was read. False, and nothing done, where the tag is no more than glimpsed there, or had left before.
 */
export function takeRepeat(
  room: Room,
  batch: ReadBatch,
  row: number,
  source: Source,
  entry: number,
  key: number,
  tag: number,
): boolean {
  const ints = intsOf(room.slab, entry);
  const i = intsAt(entry);
  const flags = intAt(ints, i + 7);
  if ((flags & 3) !== PRESENT) return false;
  const floats = floatsOf(room.slab, entry);
  const f = floatsAt(entry);
  const at = floatAt(batch.at, row);
  const alive = aliveTime(at, batch.receivedAt) - room.line.shift;
  const isSure = alive - floatAt(floats, f + 7) < source.place.departMs && (flags & EARLY) === 0;
  if (!isSure && alive - aliveSince(room, entry) >= source.place.departMs) return false;
  const isAlone = entry === tag && intAt(ints, i + 5) === 0;
  const before = isAlone ? null : whereOf(room, tag);
  const isNewest = at >= floatAt(floats, f + 6);
  if (isNewest) takeNewest(room, batch, row, source, entry);
  if (key !== tag || (flags & SPELLED) !== 0) spell(room, entry, key, tag, isNewest);
  ints[i + 8] = intAt(ints, i + 8) + 1;
  ints[i + 9] = strongest(intAt(ints, i + 9), floatAt(batch.rssi, row)) | (intAt(ints, i + 9) & 0xffff);
  prove(room, entry, flags, alive, at);
  if (isAlone) weighRecord(ints, i, true);
  else weighAll(room, tag, entry, before);
  if ((flags & UNSAVED) === 0) {
    ints[i + 7] = intAt(ints, i + 7) | UNSAVED;
    room.unsaved.count++;
  }
  return true;
}

/** What the newest read of a present tag changes. */
function takeNewest(room: Room, batch: ReadBatch, row: number, source: Source, entry: number): void {
  const ints = intsOf(room.slab, entry);
  const i = intsAt(entry);
  const floats = floatsOf(room.slab, entry);
  const f = floatsAt(entry);
  const at = floatAt(batch.at, row);
  const lane = intAt(ints, i + 6);
  const count = shortCount(batch.count[row] ?? 1);
  const strength = intAt(ints, i + 9);
  if ((lane & 0xffff) === source.index || room.sources.list[lane & 0xffff]?.rhythm === source.rhythm) {
    learnGap(source.rhythm, at - floatAt(floats, f + 6), batch.receivedAt);
    learnCount(source.rhythm, strength & 0xffff, count);
  }
  floats[f + 6] = at;
  ints[i + 6] = (lane & ~0xffff) | source.index;
  ints[i + 9] = (strength & ~0xffff) | count;
}

/** Remembers by which spelling the newest read of a stay named its tag. */
export function spell(room: Room, entry: number, key: number, tag: number, isNewest: boolean): void {
  if (!isNewest) return;
  const ints = intsOf(room.slab, entry);
  const i = intsAt(entry) + 7;
  if (key === tag) {
    room.spellings.delete(entry);
    ints[i] = intAt(ints, i) & ~SPELLED;
  } else {
    room.spellings.set(entry, key);
    ints[i] = intAt(ints, i) | SPELLED;
  }
}

/** Its tag was proven to be there at `alive`. */
function prove(room: Room, entry: number, flags: number, alive: number, at: number): void {
  if ((flags & EARLY) !== 0) proveEarly(room, entry, alive, at);
  else proveLater(room, entry, alive);
}

function proveLater(room: Room, entry: number, alive: number): void {
  const floats = floatsOf(room.slab, entry);
  const f = floatsAt(entry) + 7;
  if (alive > floatAt(floats, f)) floats[f] = alive;
}

/**
 * A stay that was opened later than its tag was last proven to be there, and is read again: by a live read it is as others are.
 * A late one moves the proof with `lastSeenAt`, where the clock has not leapt since.
 */
function proveEarly(room: Room, entry: number, alive: number, at: number): void {
  const floats = floatsOf(room.slab, entry);
  const f = floatsAt(entry);
  const opened = floatAt(floats, f + 7);
  const isLate = alive === at - room.line.shift && alive < opened;
  if (isLate && shiftAt(room.line, opened) === room.line.shift) return;
  const ints = intsOf(room.slab, entry);
  const i = intsAt(entry) + 7;
  const flags = intAt(ints, i);
  ints[i] = flags & ~EARLY;
  floats[f + 7] = isLate && (flags & RESTORED) === 0 ? alive : Math.max(alive, opened);
}

/** Tells every stay of a tag where it was read just now, so that each knows its share of the last reads. */
export function weigh(room: Room, tag: number, here: number): void {
  for (let entry = tag; entry !== 0; entry = nextOf(room.slab, entry)) {
    weighRecord(intsOf(room.slab, entry), intsAt(entry), entry === here);
  }
}

function weighAll(room: Room, tag: number, here: number, before: Place | null): void {
  weigh(room, tag, here);
  moveWhere(before, whereOf(room, tag));
}
