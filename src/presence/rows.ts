import { entryAt, moveWhere, sourceOfEntry, whereOf } from './entries.ts';
import {
  BEFORE,
  COUNT,
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
import { contentNamed, keyNamed } from './named-content.ts';
import {
  EARLY,
  GLIMPSED,
  hundredthsOf,
  laneOf,
  PRESENT,
  RESTORED,
  rssiOf,
  setFlag,
  setLane,
  setState,
  setTime,
  tagOfRecord,
  timeOf,
  UNSAVED,
} from './record.ts';
import { spell } from './repeat.ts';
import { firstWaitMs } from './rhythm.ts';
import type { Room } from './room.ts';
import { listenerOf, placeNamed, sourceAt } from './sources.ts';
import { dueAt, newEntry, plan, readsOf } from './stays.ts';
import { findId, hexOf, idHash, idOf, newTag } from './tag-table.ts';

/** A tag at a read point (or glimpsed there) as it is kept on disk; times epoch ms by the reader's clock. */
export type PresenceRow = {
  readonly id: string;
  readonly hex: string;
  readonly readPoint: string;
  readonly state: 'GLIMPSED' | 'PRESENT';
  readonly reader: string;
  readonly antenna: number | null;
  readonly rssi: number | null;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly reads: number;
};

/** Last sight of a tag that lies where it lay. */
export type SeenRow = {
  readonly id: string;
  readonly readPoint: string;
  readonly lastSeenAt: number;
  readonly reads: number;
  readonly rssi: number | null;
};

/**
 * Takes a stay back from its row, unless it is there. Silence counts from `now` (epoch ms), but the tag was last proven to be here
 * when it was last seen: who read it later is later. What was read elsewhere the row does not hold, so the stay has no evidence
 * until the next read, and its confidence is 0.
 */
export function restoreRow(room: Room, row: PresenceRow, now: number): void {
  const place = placeNamed(room.sources, row.readPoint);
  const source = sourceAt(room.sources, listenerOf(room.sources, row.reader), row.antenna ?? 0, place);
  const found = findId(room.tags, row.id);
  if (source === null || (found !== 0 && entryAt(room, found, place) !== 0)) return;
  const tag = found === 0 ? tagFrom(room, row) : found;
  const before = whereOf(room, tag);
  const entry = newEntry(room, tag, source);
  fill(room, entry, row, now);
  if (hexOf(room.tags, tag) !== row.hex) spell(room, entry, keyNamed(room.tags, tag, row.hex, row.id), tag, true);
  moveWhere(before, whereOf(room, tag));
  plan(room, entry, dueAt(room, entry));
}

function tagFrom({ tags }: Room, { hex, id }: PresenceRow): number {
  const content = contentNamed(tags, hex, id);
  return newTag(tags, content.content, id, idHash(tags, id), content.isOdd);
}

function fill(room: Room, entry: number, row: PresenceRow, now: number): void {
  const { slab, line } = room;
  const opened = now - line.shift;
  // A reader's clock that is ahead cannot have proven it after we stopped.
  const alive = Math.min(row.lastSeenAt, now) - line.shift;
  const isGlimpse = row.state === 'GLIMPSED';
  const isEarly = !isGlimpse && alive < opened;
  setState(slab, entry, isGlimpse ? GLIMPSED : PRESENT);
  setFlag(slab, entry, RESTORED, true);
  setFlag(slab, entry, EARLY, isEarly);
  setLane(slab, entry, 8, isGlimpse ? glimpseFrom(room, row, opened) : row.reads);
  setLane(slab, entry, 9, (hundredthsOf(row.rssi ?? Number.NaN) << 16) | 1);
  setTime(slab, entry, 5, row.firstSeenAt);
  setTime(slab, entry, 6, row.lastSeenAt);
  setTime(slab, entry, 7, isEarly ? opened : alive);
}

function glimpseFrom({ glimpses }: Room, row: PresenceRow, opened: number): number {
  const glimpse = newGlimpse(glimpses);
  setGlimpse(glimpses, glimpse, HEARD, opened);
  setGlimpse(glimpses, glimpse, OPENED, opened);
  setGlimpse(glimpses, glimpse, PREVIOUS, row.reads > 1 ? row.firstSeenAt : longAgo);
  setGlimpse(glimpses, glimpse, BEFORE, longAgo);
  setGlimpse(glimpses, glimpse, SEQ, Number.NaN);
  setGlimpse(glimpses, glimpse, LAST_RSSI, row.rssi ?? Number.NaN);
  setGlimpse(glimpses, glimpse, WAIT, firstWaitMs);
  setGlimpse(glimpses, glimpse, COUNT, 1);
  setGlimpse(glimpses, glimpse, READS, row.reads);
  return glimpse;
}

/** The next stays with a last sight that is not on disk, at most `most` of them; each is handed out once. */
export function handOut(room: Room, most: number): SeenRow[] {
  const { slab, unsaved } = room;
  const rows: SeenRow[] = [];
  for (let left = slab.made; left > 0 && unsaved.count > 0 && rows.length < most; left--) {
    unsaved.at = unsaved.at >= slab.made ? 1 : unsaved.at + 1;
    if ((laneOf(slab, unsaved.at, 7) & UNSAVED) === 0) continue;
    setFlag(slab, unsaved.at, UNSAVED, false);
    unsaved.count--;
    rows.push(seenRowOf(room, unsaved.at));
  }
  return rows;
}

function seenRowOf(room: Room, entry: number): SeenRow {
  const { slab } = room;
  return {
    id: idOf(room.tags, tagOfRecord(slab, entry)),
    readPoint: sourceOfEntry(room, entry)?.place.id ?? '',
    lastSeenAt: timeOf(slab, entry, 6),
    reads: readsOf(room, entry),
    rssi: rssiOf(slab, entry),
  };
}
