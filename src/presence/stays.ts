import {
  addEntry,
  aliveOf,
  elsewhereOf,
  entryAt,
  isLater,
  moveWhere,
  placeOfEntry,
  removeEntry,
  sourceOfEntry,
  spellingOf,
  whereOf,
} from './entries.ts';
import { COUNT, freeGlimpse, glimpseLane, HEARD, OPENED, READS, WAIT } from './glimpses.ts';
import type { Observation } from './observation.ts';
import { holdMs } from './policy.ts';
import {
  EARLY,
  GLIMPSED,
  hasFlag,
  laneOf,
  NO_SLOT,
  nextOf,
  PRESENT,
  RESTORED,
  rssiOf,
  setFlag,
  setLane,
  setMeta,
  setSlot,
  setState,
  setTime,
  shareOf,
  shortCount,
  slotOf,
  stateOf,
  tagOfRecord,
  timeOf,
  UNSETTLED,
} from './record.ts';
import { learnStray, leastWaitMs } from './rhythm.ts';
import type { Room, Turn } from './room.ts';
import type { Listener, Source } from './sources.ts';
import { hexOf, idOf } from './tag-table.ts';

/** A reader whose reads were refused comes again with them; one that does not is taken for heard after so long. */
const refusedMs = 60_000;

/** Whether nothing follows from what a reader does not read. `now` is on the line. */
export function isDeaf(listener: Listener, now: number): boolean {
  const { refusedAt } = listener;
  if (refusedAt !== null && now - refusedAt >= refusedMs) heard(listener, refusedAt + refusedMs);
  return listener.isDown || listener.refusedAt !== null;
}

/** None of its reads is refused any more. */
export function heard(listener: Listener, at: number): void {
  listener.refusedAt = null;
  listener.heardAgainAt = Math.max(listener.heardAgainAt, at);
}

/** Reads of a stay so far. */
export function readsOf({ slab, glimpses }: Room, entry: number): number {
  const lane = laneOf(slab, entry, 8);
  return stateOf(slab, entry) === GLIMPSED ? glimpseLane(glimpses, lane, READS) : lane >>> 0;
}

/**
 * What a present tag's silence counts from: its last receipt, its return from disk, or when its reader was heard of again, if
 * the stay had begun before that. What a reader that is heard again reports late gains nothing by it.
 */
export function aliveSince(room: Room, entry: number): number {
  const { slab } = room;
  const time = timeOf(slab, entry, 7);
  const heardAgainAt = sourceOfEntry(room, entry)?.listener.heardAgainAt ?? time;
  // Where it was last proven later than it was opened, so was what is later than that.
  if (heardAgainAt > time) return heardAgainAt;
  return hasFlag(slab, entry, EARLY) && !hasFlag(slab, entry, RESTORED) ? aliveOf(room, entry) : time;
}

/** When a stay's silence is over, on the line. */
export function dueAt(room: Room, entry: number): number {
  if (stateOf(room.slab, entry) === GLIMPSED) {
    const glimpse = laneOf(room.slab, entry, 8);
    return glimpseLane(room.glimpses, glimpse, HEARD) + glimpseLane(room.glimpses, glimpse, WAIT);
  }
  return aliveSince(room, entry) + (placeOfEntry(room, entry)?.departMs ?? 0);
}

/** Looks at a stay when it is due. */
export function plan({ slab, wheel }: Room, entry: number, due: number): void {
  const slot = due === Number.POSITIVE_INFINITY ? NO_SLOT : wheel.slotFor(due);
  if (slot === slotOf(slab, entry)) return;
  setSlot(slab, entry, slot);
  if (slot !== NO_SLOT) wheel.push(slot, entry);
}

/** A record for a new stay of a tag; whoever asks fills it, and calls `plan`. */
export function newEntry(room: Room, tag: number, source: Source): number {
  const entry = addEntry(room, tag);
  setLane(room.slab, entry, 6, source.index | (NO_SLOT << 16));
  setLane(room.slab, entry, 7, 0);
  return entry;
}

/** A glimpse becomes an arrival; where silence never ends a stay (a handheld), the newer arrival does. */
export function confirmStay(room: Room, given: number, source: Source, turn: Turn): void {
  const { slab } = room;
  const tag = tagOfRecord(slab, given);
  const { place } = source;
  const before = whereOf(room, tag);
  becomePresent(room, given);
  moveWhere(before, whereOf(room, tag));
  turn.out.push(observe(room, given, 'arrived', timeOf(slab, given, 5), elsewhereOf(room, given)));
  plan(room, given, dueAt(room, given));
  wakeOthers(room, tag, given);
  let entry = given;
  for (let other = endless(room, tag, entry); other !== 0; other = endless(room, tag, entry)) {
    endOne(room, other, place.id, turn);
    // The record of a tag's first stay goes to the next one when it ends.
    entry = entryAt(room, tag, place);
  }
}

/** A present stay of the tag that silence never ends and that was read earlier than `entry`, or 0. */
function endless(room: Room, tag: number, entry: number): number {
  const { slab } = room;
  for (let other = tag; other !== 0; other = nextOf(slab, other)) {
    if (stateOf(slab, other) !== PRESENT || placeOfEntry(room, other)?.departMs !== Number.POSITIVE_INFINITY) continue;
    if (isLater(room, entry, other)) return other;
  }
  return 0;
}

function becomePresent({ slab, glimpses }: Room, entry: number): void {
  const glimpse = laneOf(slab, entry, 8);
  const opened = glimpseLane(glimpses, glimpse, OPENED);
  setState(slab, entry, PRESENT);
  setLane(slab, entry, 8, glimpseLane(glimpses, glimpse, READS));
  setLane(slab, entry, 9, (laneOf(slab, entry, 9) & ~0xffff) | shortCount(glimpseLane(glimpses, glimpse, COUNT)));
  freeGlimpse(glimpses, glimpse);
  if (timeOf(slab, entry, 7) < opened) {
    setTime(slab, entry, 7, opened);
    setFlag(slab, entry, EARLY, true);
  } else setFlag(slab, entry, RESTORED, false);
}

/** Ends one stay: departed or stray. A tag that left its last place has left every place it was at before, too. */
export function endStay(room: Room, entry: number, turn: Turn): void {
  const { slab } = room;
  const tag = tagOfRecord(slab, entry);
  if (stateOf(slab, entry) === GLIMPSED) {
    const source = sourceOfEntry(room, entry);
    if (source !== undefined) learnStray(source.rhythm, idOf(room.tags, tag), timeOf(slab, entry, 6), turn.now);
    if (endOne(room, entry, null, turn)) wakeOthers(room, tag, 0);
    return;
  }
  const elsewhere = elsewhereOf(room, entry);
  if (elsewhere !== null) {
    endOne(room, entry, elsewhere, turn);
    return;
  }
  // Of places that read it last at the same time the first counts, whichever silence is over first.
  const last = whereOf(room, tag);
  let next = entry;
  do {
    const place = placeOfEntry(room, next);
    const isKnown = endOne(room, next, place === last ? null : (last?.id ?? null), turn);
    next = isKnown ? presentOf(room, tag) : 0;
  } while (next !== 0);
}

function presentOf({ slab }: Room, tag: number): number {
  for (let entry = tag; entry !== 0; entry = nextOf(slab, entry)) if (stateOf(slab, entry) === PRESENT) return entry;
  return 0;
}

/** Whether the tag has another stay. */
export function endOne(room: Room, entry: number, elsewhere: string | null, turn: Turn): boolean {
  const { slab } = room;
  const source = sourceOfEntry(room, entry);
  const isStray = stateOf(slab, entry) === GLIMPSED;
  if (isStray && source !== undefined) room.count(source.listener.id, 'STRAY', source.antenna || null, 1);
  const gone = observe(room, entry, isStray ? 'stray' : 'departed', timeOf(slab, entry, 6), elsewhere);
  room.ended.add(laneOf(slab, tagOfRecord(slab, entry), 4), gone);
  const isKnown = dropStay(room, entry);
  turn.out.push(gone);
  return isKnown;
}

/** Forgets a stay without a word. Whether the tag has another one. */
export function dropStay(room: Room, entry: number): boolean {
  const tag = tagOfRecord(room.slab, entry);
  const before = whereOf(room, tag);
  const isKnown = removeEntry(room, entry) !== 0;
  moveWhere(before, isKnown ? whereOf(room, tag) : null);
  return isKnown;
}

/** Departures that waited for a glimpse to become something need not wait any longer. */
function wakeOthers(room: Room, tag: number, entry: number): void {
  const { slab } = room;
  for (let other = tag; other !== 0; other = nextOf(slab, other)) {
    if (stateOf(slab, other) === PRESENT && other !== entry) plan(room, other, dueAt(room, other));
  }
}

/** When to look again at a stay that is due, or null when its time is over. `now` is on the line. */
export function notBefore(room: Room, entry: number, now: number): number | null {
  if (stateOf(room.slab, entry) === GLIMPSED) return null;
  const source = sourceOfEntry(room, entry);
  if (source !== undefined && isDeaf(source.listener, now)) return now + Math.max(source.place.departMs, leastWaitMs);
  // A reader whose reads were refused may have been taken for heard again just now.
  const due = dueAt(room, entry);
  if (due > now) return due;
  return elsewhereOf(room, entry) === null ? laterGlimpse(room, entry, now) : null;
}

/** A tag glimpsed elsewhere after its last read here may be about to arrive there: the departure waits for that. */
function laterGlimpse(room: Room, entry: number, now: number): number | null {
  const { slab, glimpses } = room;
  let until: number | null = null;
  for (let other = tagOfRecord(slab, entry); other !== 0; other = nextOf(slab, other)) {
    if (stateOf(slab, other) !== GLIMPSED) continue;
    const glimpse = laneOf(slab, other, 8);
    const open = glimpseLane(glimpses, glimpse, HEARD) + Math.min(glimpseLane(glimpses, glimpse, WAIT), holdMs);
    if (open > now && isLater(room, other, entry)) until = Math.max(until ?? 0, open);
  }
  return until;
}

/** The observation of a stay as it stands. */
export function observe(
  room: Room,
  entry: number,
  change: Observation['change'],
  at: number,
  elsewhere: string | null,
): Observation {
  const { slab, tags, settling } = room;
  const tag = tagOfRecord(slab, entry);
  const source = sourceOfEntry(room, entry);
  settling.note(laneOf(slab, tag, 4));
  setMeta(slab, tag, UNSETTLED, true);
  return {
    change,
    id: idOf(tags, tag),
    hex: hexOf(tags, spellingOf(room, entry, tag)),
    readPoint: source?.place.id ?? '',
    reader: source?.listener.id ?? '',
    antenna: source?.antenna || null,
    rssi: rssiOf(slab, entry),
    at,
    firstSeenAt: timeOf(slab, entry, 5),
    lastSeenAt: timeOf(slab, entry, 6),
    reads: readsOf(room, entry),
    elsewhere,
    confidence: shareOf(slab, entry),
  };
}
