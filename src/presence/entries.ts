import { freeGlimpse } from './glimpses.ts';
import {
  EARLY,
  FURTHER,
  GLIMPSED,
  hasFlag,
  laneOf,
  NO_SLOT,
  nextOf,
  PRESENT,
  SPELLED,
  setLane,
  setTime,
  slotOf,
  sourceOf,
  stateOf,
  tagOfRecord,
  timeOf,
  UNSAVED,
} from './record.ts';
import type { Room } from './room.ts';
import { freeRecord, newRecord } from './slab.ts';
import type { Place, Source } from './sources.ts';
import { dropTag } from './tag-table.ts';
import { shiftAt } from './time-line.ts';

/** The antenna that read a stay's tag last. */
export function sourceOfEntry({ slab, sources }: Room, entry: number): Source | undefined {
  return sources.list[sourceOf(slab, entry)];
}

export function placeOfEntry(room: Room, entry: number): Place | undefined {
  return sourceOfEntry(room, entry)?.place;
}

/** The stay of a tag at a place, or 0. */
export function entryAt({ slab, sources }: Room, tag: number, place: Place): number {
  for (let entry = tag; entry !== 0; entry = nextOf(slab, entry)) {
    if (stateOf(slab, entry) !== 0 && sources.list[sourceOf(slab, entry)]?.place === place) return entry;
  }
  return 0;
}

/** A record for one more stay of a tag, after those that it has. */
export function addEntry({ slab }: Room, tag: number): number {
  if (stateOf(slab, tag) === 0) return tag;
  let last = tag;
  while (nextOf(slab, last) !== 0) last = nextOf(slab, last);
  const entry = newRecord(slab);
  setLane(slab, entry, 0, tag);
  setLane(slab, entry, 3, FURTHER);
  setLane(slab, last, 5, entry);
  return entry;
}

/** Takes a stay away; its tag goes with its last one. Answers the tag, or 0 where it went. */
export function removeEntry(room: Room, entry: number): number {
  const { slab } = room;
  const tag = tagOfRecord(slab, entry);
  if (stateOf(slab, entry) === GLIMPSED) freeGlimpse(room.glimpses, laneOf(slab, entry, 8));
  if (hasFlag(slab, entry, UNSAVED)) room.unsaved.count--;
  room.spellings.delete(entry);
  room.opened.delete(entry);
  if (entry !== tag) {
    let before = tag;
    while (nextOf(slab, before) !== entry) before = nextOf(slab, before);
    setLane(slab, before, 5, nextOf(slab, entry));
    freeRecord(slab, entry);
    return tag;
  }
  const heir = nextOf(slab, tag);
  if (heir === 0) {
    dropTag(room.tags, tag);
    return 0;
  }
  moveEntry(room, heir, tag);
  setLane(slab, tag, 5, nextOf(slab, heir));
  freeRecord(slab, heir);
  return tag;
}

function moveEntry(room: Room, from: number, to: number): void {
  const { slab, wheel, spellings, opened } = room;
  for (let lane = 6; lane < 10; lane++) setLane(slab, to, lane, laneOf(slab, from, lane));
  for (let lane = 5; lane < 8; lane++) setTime(slab, to, lane, timeOf(slab, from, lane));
  const slot = slotOf(slab, from);
  if (slot !== NO_SLOT) wheel.push(slot, to);
  const alias = spellings.get(from);
  spellings.delete(from);
  if (alias !== undefined) spellings.set(to, alias);
  if (opened.delete(from)) opened.add(to);
}

/** When its tag was last proven to be there, on the gateway's line. */
export function aliveOf({ slab, line }: Room, entry: number): number {
  const time = timeOf(slab, entry, 7);
  if (!hasFlag(slab, entry, EARLY)) return time;
  return Math.min(timeOf(slab, entry, 6) - shiftAt(line, time), time);
}

/** Whether `a` read the tag later than `b` did. */
export function isLater(room: Room, a: number, b: number): boolean {
  const of = aliveOf(room, a);
  const other = aliveOf(room, b);
  return of > other || (of === other && timeOf(room.slab, a, 6) > timeOf(room.slab, b, 6));
}

/** The other read point that read the tag later than this one did, if it counts as present there; the latest of them. */
export function elsewhereOf(room: Room, entry: number): string | null {
  const { slab } = room;
  const tag = tagOfRecord(slab, entry);
  if (tag === entry && nextOf(slab, tag) === 0) return null;
  let latest = 0;
  for (let other = tag; other !== 0; other = nextOf(slab, other)) {
    if (other === entry || stateOf(slab, other) !== PRESENT || !isLater(room, other, entry)) continue;
    if (latest === 0 || isLater(room, other, latest)) latest = other;
  }
  return latest === 0 ? null : (placeOfEntry(room, latest)?.id ?? null);
}

/** The place where a tag is present and that read it last; of equal ones the first counts. */
export function whereOf(room: Room, tag: number): Place | null {
  const { slab } = room;
  let latest = 0;
  for (let entry = tag; entry !== 0; entry = nextOf(slab, entry)) {
    if (stateOf(slab, entry) === PRESENT && (latest === 0 || isLater(room, entry, latest))) latest = entry;
  }
  return latest === 0 ? null : (placeOfEntry(room, latest) ?? null);
}

/** Counts a tag where it is now. */
export function moveWhere(before: Place | null, after: Place | null): void {
  if (before === after) return;
  if (before !== null) before.present--;
  if (after !== null) after.present++;
}

/** The record of the spelling by which a stay's tag was read last. */
export function spellingOf({ slab, spellings }: Room, entry: number, tag: number): number {
  return hasFlag(slab, entry, SPELLED) ? (spellings.get(entry) ?? tag) : tag;
}
