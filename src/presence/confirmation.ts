import type { TagRead } from '../tags/index.ts';
import { sourceOfEntry } from './entries.ts';
import {
  BEFORE,
  COUNT,
  glimpseLane,
  HEARD,
  LAST_RSSI,
  longAgo,
  newGlimpse,
  OPENED,
  PREVIOUS,
  READS,
  SEQ,
  setGlimpse,
  WAIT,
} from './glimpses.ts';
import { aliveTime } from './quick-repeat.ts';
import { GLIMPSED, hundredthsOf, laneOf, setLane, setSource, setState, setTime, timeOf } from './record.ts';
import { isCumulative, learnCount, learnGap, type Rhythm, waitMsOf } from './rhythm.ts';
import type { Room } from './room.ts';
import type { Place, Source } from './sources.ts';
import { newEntry } from './stays.ts';

/** A new glimpse from its first read. */
export function openGlimpse(room: Room, tag: number, source: Source, read: TagRead): number {
  const { slab, glimpses, line } = room;
  const entry = newEntry(room, tag, source);
  const glimpse = newGlimpse(glimpses);
  setState(slab, entry, GLIMPSED);
  setLane(slab, entry, 8, glimpse);
  setLane(slab, entry, 9, hundredthsOf(read.rssi ?? Number.NaN) << 16);
  setTime(slab, entry, 5, read.at);
  setTime(slab, entry, 6, read.at);
  setTime(slab, entry, 7, aliveTime(read.at, read.receivedAt) - line.shift);
  setGlimpse(glimpses, glimpse, HEARD, read.receivedAt - line.shift);
  setGlimpse(glimpses, glimpse, OPENED, read.receivedAt - line.shift);
  setGlimpse(glimpses, glimpse, PREVIOUS, longAgo);
  setGlimpse(glimpses, glimpse, BEFORE, longAgo);
  setGlimpse(glimpses, glimpse, READS, 1);
  takeReport(room, glimpse, source, read);
  return entry;
}

/** What the newest report says of itself: by these a copy of it is known. */
function takeReport({ glimpses }: Room, glimpse: number, { rhythm }: Source, { seq, rssi, count }: TagRead): void {
  setGlimpse(glimpses, glimpse, SEQ, seq ?? Number.NaN);
  setGlimpse(glimpses, glimpse, LAST_RSSI, rssi ?? Number.NaN);
  setGlimpse(glimpses, glimpse, COUNT, count);
  setGlimpse(glimpses, glimpse, WAIT, waitMsOf(rhythm));
}

/** Takes one more read into a glimpse. A late read never moves `lastSeenAt` back. Whether it is the newest. */
export function addToGlimpse(room: Room, entry: number, source: Source, read: TagRead): boolean {
  const { slab, glimpses, line } = room;
  const glimpse = laneOf(slab, entry, 8);
  const strength = laneOf(slab, entry, 9);
  const hundredths = hundredthsOf(read.rssi ?? Number.NaN);
  setGlimpse(glimpses, glimpse, READS, glimpseLane(glimpses, glimpse, READS) + 1);
  if (hundredths > strength >> 16) setLane(slab, entry, 9, hundredths << 16);
  const isNewest = read.at >= timeOf(slab, entry, 6);
  if (isNewest) addNewest(room, entry, glimpse, source, read);
  else addEarlier(room, entry, glimpse, read.at);
  const heardAt = read.receivedAt - line.shift;
  if (heardAt > glimpseLane(glimpses, glimpse, HEARD)) setGlimpse(glimpses, glimpse, HEARD, heardAt);
  const alive = aliveTime(read.at, read.receivedAt) - line.shift;
  if (alive > timeOf(slab, entry, 7)) setTime(slab, entry, 7, alive);
  return isNewest;
}

function addNewest(room: Room, entry: number, glimpse: number, source: Source, read: TagRead): void {
  const { slab, glimpses } = room;
  const lastSeenAt = timeOf(slab, entry, 6);
  if (sourceOfEntry(room, entry)?.rhythm === source.rhythm) {
    learnGap(source.rhythm, read.at - lastSeenAt, read.receivedAt);
    learnCount(source.rhythm, glimpseLane(glimpses, glimpse, COUNT), read.count);
  }
  setGlimpse(glimpses, glimpse, BEFORE, glimpseLane(glimpses, glimpse, PREVIOUS));
  setGlimpse(glimpses, glimpse, PREVIOUS, lastSeenAt);
  setTime(slab, entry, 6, read.at);
  setSource(slab, entry, source.index);
  takeReport(room, glimpse, source, read);
}

function addEarlier({ slab, glimpses }: Room, entry: number, glimpse: number, at: number): void {
  const previous = glimpseLane(glimpses, glimpse, PREVIOUS);
  if (at >= previous) {
    setGlimpse(glimpses, glimpse, BEFORE, previous);
    setGlimpse(glimpses, glimpse, PREVIOUS, at);
  } else if (at > glimpseLane(glimpses, glimpse, BEFORE)) setGlimpse(glimpses, glimpse, BEFORE, at);
  if (at < timeOf(slab, entry, 5)) setTime(slab, entry, 5, at);
}

/** Whether this report alone proves that the tag is here; `before` is the count of its report before, null where there is none. */
export function isProof(read: TagRead, before: number | null, rhythm: Rhythm): boolean {
  if (read.round) return true;
  if (read.count < 2) return false;
  // A count that went on from the last one may be a sum: only what is new in it says anything.
  if (before !== null && read.count > before) return read.count - before > 1;
  return !isCumulative(rhythm);
}

/** Whether the reads so far make the glimpse an arrival. */
export function isConfirmed({ slab, glimpses }: Room, entry: number, { confirm }: Place): boolean {
  const glimpse = laneOf(slab, entry, 8);
  if (glimpseLane(glimpses, glimpse, READS) < confirm.reads) return false;
  if (confirm.reads === 1) return true;
  const first = glimpseLane(glimpses, glimpse, confirm.reads === 2 ? PREVIOUS : BEFORE);
  return timeOf(slab, entry, 6) - first <= confirm.withinMs;
}

/** Whether a glimpse had ended before this read was made. */
export function hasLapsed(room: Room, entry: number, place: Place, read: TagRead): boolean {
  const { slab, glimpses, line } = room;
  const glimpse = laneOf(slab, entry, 8);
  // Late reports of one stay come together: the glimpse's wait in gateway time, and on the reader's clock one stay's length.
  const silent = read.receivedAt - line.shift - glimpseLane(glimpses, glimpse, HEARD);
  if (silent >= glimpseLane(glimpses, glimpse, WAIT)) return true;
  return read.at - timeOf(slab, entry, 6) >= stayMs(room, glimpse, place);
}

/** A late report of a stay long before a glimpse says nothing about the glimpse. */
export function isOtherStay(room: Room, entry: number, place: Place, at: number): boolean {
  return timeOf(room.slab, entry, 5) - at >= stayMs(room, laneOf(room.slab, entry, 8), place);
}

/** Reads of a glimpse that are further apart than this are of two stays. */
function stayMs({ glimpses }: Room, glimpse: number, { departMs }: Place): number {
  return Math.max(departMs, glimpseLane(glimpses, glimpse, WAIT));
}
