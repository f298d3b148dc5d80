import type { Observation } from '../../../../src/presence/observation.ts';
import { confirmationOf, departMsOf } from '../../../../src/presence/policy.ts';
import type { ReadPoint } from '../../../../src/presence/read-point.ts';
import { createRhythm, forgetStray, learnReturn, type Rhythm } from '../../../../src/presence/rhythm.ts';
import type { TagRead } from '../../../../src/tags/index.ts';
import {
  addRead,
  type Entry,
  hasLapsed,
  isConfirmed,
  isLater,
  isProof,
  isWhereabouts,
  observe,
  openEntry,
  type Place,
  stayMs,
  type Tag,
  weigh,
} from './entry.ts';
import { isCopy, isRedelivery, isSeen } from './repetition.ts';
import { entryOf, type PresenceRow, type SeenRow, seenRowOf } from './rows.ts';
import {
  aliveSince,
  confirmStay,
  createStays,
  dropStay,
  endStay,
  expireStays,
  moveStays,
  openStay,
  type Stays,
} from './stays.ts';
import { createTagIndex } from './tag-index.ts';

/** Last sight of a tag; `at` is epoch ms by the reader's clock, `rssi` the strongest of the stay in dBm. */
export type LastSeen = {
  readonly readPoint: string;
  readonly reader: string;
  readonly antenna: number | null;
  readonly rssi: number | null;
  readonly at: number;
  readonly reads: number;
};

/** Which tag is where. Every read given to `take` becomes an observation or is counted by reader and reason. */
export type Presence = {
  /** The reads of one message; `now` is epoch ms. Reads that change nothing (98 of 100) leave no trace but a count. */
  take(reads: readonly TagRead[], now: number, redelivered: boolean): Observation[];
  /** Departures and strays that are due at `now`. Work follows what is due. */
  expire(now: number): Observation[];
  /** Takes back what was kept on disk. Silence counts from `now` (epoch ms) on. */
  restore(rows: readonly PresenceRow[], now: number): void;
  /** Forgets these identities at every read point, without an observation. */
  forget(ids: readonly string[]): void;
  /** Last sights that are not on disk yet, the longest waiting first, at most `limit` of them; each is handed out once. */
  unsaved(limit?: number): SeenRow[];
  /** How many wait to be handed out. */
  unsavedCount(): number;
  lastSeen(id: string): LastSeen | null;
  /** Tags that are present now, each at the read point that read it last. Looks at every tag. */
  presentAt(): Record<string, number>;
  /** This reader cannot be heard: what it does not read now is not silence. May be said again. */
  readerDown(reader: string): void;
  /** The reader is heard: if it was not before, the silence of its tags counts from `now` (epoch ms). */
  readerUp(reader: string, now: number): void;
  /** The gateway's clock was set, or the process was held up: between `from` and `to` (epoch ms) nobody fell silent. */
  clockMoved(from: number, to: number): void;
};

/** `count` gets one of NO_READ_POINT, BELOW_FLOOR, REPEAT, DUPLICATE, LATE, STRAY, PRESENCE_FULL. */
export type PresenceOptions = {
  readonly readPoints: readonly ReadPoint[];
  /** The read point of an antenna, or null. */
  readPointOf(reader: string, antenna: number | null): string | null;
  /** The identity behind what was read; asked once per tag. */
  identify(read: Pick<TagRead, 'epc' | 'idType' | 'pc'>): string;
  count(reader: string, reason: string, antenna: number | null): void;
  /** The most (tag, read point) pairs that are kept; default 250,000, about 260 MB. */
  readonly limit?: number;
};

/** Everything the room remembers. */
type Room = {
  readonly options: PresenceOptions;
  readonly limit: number;
  readonly places: ReadonlyMap<string, Place>;
  readonly stays: Stays;
  /** Entries with a newer last sight than the disk has. */
  unsaved: Entry[];
};

/** Builds the presence room. Pure: time comes with the reads and with `now`. */
export function createPresence(options: PresenceOptions): Presence {
  const limit = options.limit ?? 250_000;
  const room: Room = {
    options,
    limit,
    places: new Map(options.readPoints.map((readPoint) => [readPoint.id, placeOf(readPoint)])),
    stays: createStays(createTagIndex(options.identify, limit), options.count),
    unsaved: [],
  };
  const { index, deaf, heardAgainAt } = room.stays;
  return {
    take: (reads, now, redelivered) => takeReads(room, reads, now, redelivered),
    expire: (now) => expireStays(room.stays, now),
    restore: (rows, now) => restore(room, rows, now),
    forget: (ids) => forget(room, new Set(ids)),
    unsaved: (most) => handOut(room, most),
    unsavedCount: () => room.unsaved.length,
    lastSeen: (id) => lastSeenOf(index.byId(id)),
    presentAt: () => presentAt(room),
    readerDown: (reader) => void deaf.add(reader),
    readerUp: (reader, now) => {
      if (deaf.delete(reader)) heardAgainAt.set(reader, now);
    },
    clockMoved: (from, to) => moveStays(room.stays, from, to),
  };
}

function takeReads(room: Room, reads: readonly TagRead[], now: number, redelivered: boolean): Observation[] {
  const message: Message = { redelivered, now, seqs: new Set(), opened: new Set(), out: [] };
  for (const read of reads) {
    const place = placeOfRead(room, read);
    const reason = place === null ? null : takeRead(room, read, place, message);
    if (reason !== null) room.options.count(read.reader, reason, read.antenna);
  }
  return message.out;
}

/** What the reads of one `take` share. */
type Message = {
  readonly redelivered: boolean;
  readonly now: number;
  readonly seqs: Set<string>;
  /** Stays that this very message began: what it says more of them was not taken before. */
  readonly opened: Set<Entry>;
  readonly out: Observation[];
};

function placeOfRead(room: Room, read: TagRead): Place | null {
  const id = room.options.readPointOf(read.reader, read.antenna);
  const place = id === null ? undefined : room.places.get(id);
  if (place === undefined) {
    room.options.count(read.reader, 'NO_READ_POINT', read.antenna);
    return null;
  }
  if (place.minRssi === null || read.rssi === null || read.rssi >= place.minRssi) return place;
  room.options.count(read.reader, 'BELOW_FLOOR', read.antenna);
  return null;
}

/** Takes one read; the answer is the reason to count when it is no observation. */
function takeRead(room: Room, read: TagRead, place: Place, message: Message): string | null {
  const { stays } = room;
  const tag = stays.index.tagOf(read);
  const entry = entryAt(tag, place);
  if (isDuplicate(room, tag, place, entry, read, message)) return 'DUPLICATE';
  if (entry === undefined) return glimpse(room, tag, place, read, message);
  if (hasLapsed(entry, read, aliveSince(stays, entry))) {
    endStay(stays, entry, message.now, message.out);
    return glimpse(room, tag, place, read, message);
  }
  if (isOtherStay(entry, read)) return 'LATE';
  const rhythm = entry.reader === read.reader ? entry.rhythm : rhythmAt(place, read.reader);
  const isProven = entry.state === 'GLIMPSED' && isProof(read, entry.count, rhythm);
  addRead(entry, read, rhythm);
  weigh(tag, entry);
  return entry.state === 'PRESENT' ? repeat(room, entry) : confirmOrGlimpse(stays, entry, isProven, read, message.out);
}

function glimpse(room: Room, tag: Tag, place: Place, read: TagRead, message: Message): string | null {
  if (room.stays.index.size() >= room.limit) return 'PRESENCE_FULL';
  const rhythm = rhythmAt(place, read.reader);
  learnReturn(rhythm, tag.id, read.at, message.now);
  const entry = openEntry(tag, place, rhythm, read, room.stays.made++);
  openStay(room.stays, entry);
  message.opened.add(entry);
  weigh(tag, entry);
  return confirmOrGlimpse(room.stays, entry, isProof(read, null, rhythm), read, message.out);
}

function confirmOrGlimpse(stays: Stays, entry: Entry, isProven: boolean, read: TagRead, out: Observation[]): null {
  if (isProven || isConfirmed(entry)) confirmStay(stays, entry, out);
  else out.push(observe(entry, 'glimpsed', read.at, null));
  return null;
}

function rhythmAt(place: Place, reader: string): Rhythm {
  const known = place.rhythms.get(reader);
  if (known !== undefined) return known;
  const rhythm = createRhythm();
  place.rhythms.set(reader, rhythm);
  return rhythm;
}

/** 98 of 100 reads end here: nothing is allocated. */
function repeat(room: Room, entry: Entry): 'REPEAT' {
  if (!entry.unsaved) room.unsaved.push(entry);
  entry.unsaved = true;
  return 'REPEAT';
}

function restore(room: Room, rows: readonly PresenceRow[], now: number): void {
  for (const row of rows) {
    const tag = room.stays.index.byId(row.id) ?? { id: row.id, keys: [row.hex], entries: [] };
    const place = room.places.get(row.readPoint) ?? lostPlace(row.readPoint);
    const isNew = entryAt(tag, place) === undefined;
    if (isNew) openStay(room.stays, entryOf(row, tag, place, rhythmAt(place, row.reader), now, room.stays.made++));
  }
}

function forget({ stays, places }: Room, ids: ReadonlySet<string>): void {
  for (const id of ids) {
    for (const entry of [...(stays.index.byId(id)?.entries ?? [])]) dropStay(stays, entry);
    for (const place of places.values()) {
      stays.ended.forget(id, place.id);
      for (const rhythm of place.rhythms.values()) forgetStray(rhythm, id);
    }
  }
}

function handOut(room: Room, most = room.unsaved.length): SeenRow[] {
  const entries = room.unsaved.splice(0, most);
  for (const entry of entries) entry.unsaved = false;
  return entries.filter((entry) => entry.state === 'PRESENT').map(seenRowOf);
}

function placeOf(readPoint: ReadPoint): Place {
  return {
    id: readPoint.id,
    minRssi: readPoint.minRssi,
    confirm: confirmationOf(readPoint),
    departMs: departMsOf(readPoint),
    rhythms: new Map(),
  };
}

/** A read point that is not configured any more: what was there leaves at once. */
function lostPlace(id: string): Place {
  return { id, minRssi: null, confirm: { reads: 2, withinMs: 0 }, departMs: 0, rhythms: new Map() };
}

function entryAt(tag: Tag, place: Place): Entry | undefined {
  for (const entry of tag.entries) if (entry.place === place) return entry;
  return undefined;
}

/** Whether this very report was taken before. Where the tag is present already only a redelivery matters: the rest is a repeat. */
function isDuplicate(
  { stays }: Room,
  tag: Tag,
  place: Place,
  entry: Entry | undefined,
  read: TagRead,
  { redelivered, seqs, opened }: Message,
): boolean {
  if (entry?.state === 'PRESENT' && !redelivered) return false;
  const wasThere = entry !== undefined && !opened.has(entry);
  if (wasThere && redelivered && isRedelivery(entry, read)) return true;
  if (stays.ended.holds(tag.id, place.id, read, redelivered)) return true;
  if (entry?.state === 'PRESENT') return false;
  return isSeen(read, seqs) || (entry !== undefined && isCopy(entry, read));
}

/** A late report of a stay long before a glimpse says nothing about the glimpse. */
function isOtherStay(entry: Entry, read: TagRead): boolean {
  return entry.state === 'GLIMPSED' && entry.firstSeenAt - read.at >= stayMs(entry);
}

function presentAt(room: Room): Record<string, number> {
  const counts = new Map([...room.places.keys()].map((id) => [id, 0]));
  room.stays.index.each((entry) => {
    const before = isWhereabouts(entry) ? counts.get(entry.place.id) : undefined;
    if (before !== undefined) counts.set(entry.place.id, before + 1);
  });
  return Object.fromEntries(counts);
}

function lastSeenOf(tag: Tag | undefined): LastSeen | null {
  let latest: Entry | undefined;
  for (const entry of tag?.entries ?? []) if (latest === undefined || isLater(entry, latest)) latest = entry;
  if (latest === undefined) return null;
  const { reader, antenna, rssi, lastSeenAt, reads } = latest;
  return { readPoint: latest.place.id, reader, antenna, rssi, at: lastSeenAt, reads };
}
