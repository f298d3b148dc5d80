import type { TagRead } from '../tags/index.ts';
import {
  addRead,
  type Entry,
  hasLapsed,
  isConfirmed,
  isLater,
  isWhereabouts,
  observe,
  openEntry,
  type Place,
  type Tag,
  weigh,
} from './entry.ts';
import type { Observation } from './observation.ts';
import { confirmationOf, departMsOf, glimpseMs } from './policy.ts';
import type { ReadPoint } from './read-point.ts';
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
  /** Takes back what was kept on disk. Silence counts from the next `take` or `expire` on. */
  restore(rows: readonly PresenceRow[]): void;
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
  count(reader: string, reason: string): void;
  /** The most (tag, read point) pairs that are kept; default 250,000, about 100 MB. */
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
  /** Rows from disk that wait for the first `now`. */
  kept: PresenceRow[];
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
    kept: [],
  };
  const { index, deaf, heardAgainAt } = room.stays;
  return {
    take: (reads, now, redelivered) => takeReads(room, reads, now, redelivered),
    expire: (now) => {
      settle(room, now);
      return expireStays(room.stays, now);
    },
    restore: (rows) => {
      room.kept = room.kept.concat(rows);
    },
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
  settle(room, now);
  const message: Message = { redelivered, seqs: new Set(), out: [] };
  for (const read of reads) {
    const place = placeOfRead(room, read);
    const reason = place === null ? null : takeRead(room, read, place, message);
    if (reason !== null) room.options.count(read.reader, reason);
  }
  return message.out;
}

/** What the reads of one `take` share. */
type Message = { readonly redelivered: boolean; readonly seqs: Set<string>; readonly out: Observation[] };

function placeOfRead(room: Room, read: TagRead): Place | null {
  const id = room.options.readPointOf(read.reader, read.antenna);
  const place = id === null ? undefined : room.places.get(id);
  if (place === undefined) {
    room.options.count(read.reader, 'NO_READ_POINT');
    return null;
  }
  if (place.minRssi === null || read.rssi === null || read.rssi >= place.minRssi) return place;
  room.options.count(read.reader, 'BELOW_FLOOR');
  return null;
}

/** Takes one read; the answer is the reason to count when it is no observation. */
function takeRead(room: Room, read: TagRead, place: Place, message: Message): string | null {
  const { stays } = room;
  const tag = stays.index.tagOf(read);
  const entry = entryAt(tag, place);
  if (isDuplicate(entry, read, message)) return 'DUPLICATE';
  if (entry === undefined) return glimpse(room, tag, place, read, message.out);
  if (hasLapsed(entry, read, aliveSince(stays, entry))) {
    endStay(stays, entry, message.out);
    return glimpse(room, tag, place, read, message.out);
  }
  if (isOtherStay(entry, read)) return 'LATE';
  addRead(entry, read);
  weigh(tag, entry);
  return entry.state === 'PRESENT' ? repeat(room, entry) : confirmOrGlimpse(stays, entry, read, message.out);
}

function glimpse(room: Room, tag: Tag, place: Place, read: TagRead, out: Observation[]): string | null {
  if (room.stays.index.size() >= room.limit) return 'PRESENCE_FULL';
  const entry = openEntry(tag, place, read);
  openStay(room.stays, entry);
  weigh(tag, entry);
  return confirmOrGlimpse(room.stays, entry, read, out);
}

function confirmOrGlimpse(stays: Stays, entry: Entry, read: TagRead, out: Observation[]): null {
  if (isConfirmed(entry)) confirmStay(stays, entry, out);
  else out.push(observe(entry, 'glimpsed', read.at, null));
  return null;
}

/** 98 of 100 reads end here: nothing is allocated. */
function repeat(room: Room, entry: Entry): 'REPEAT' {
  if (!entry.unsaved) room.unsaved.push(entry);
  entry.unsaved = true;
  return 'REPEAT';
}

function settle(room: Room, now: number): void {
  if (room.kept.length === 0) return;
  const rows = room.kept;
  room.kept = [];
  for (const row of rows) {
    const tag = room.stays.index.byId(row.id) ?? { id: row.id, keys: [row.hex], entries: [] };
    const place = room.places.get(row.readPoint) ?? lostPlace(row.readPoint);
    if (entryAt(tag, place) === undefined) openStay(room.stays, entryOf(row, tag, place, now));
  }
}

function forget(room: Room, ids: ReadonlySet<string>): void {
  room.kept = room.kept.filter((row) => !ids.has(row.id));
  for (const id of ids) {
    for (const entry of [...(room.stays.index.byId(id)?.entries ?? [])]) dropStay(room.stays, entry);
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
  };
}

/** A read point that is not configured any more: what was there leaves at once. */
function lostPlace(id: string): Place {
  return { id, minRssi: null, confirm: { reads: 2, withinMs: 0 }, departMs: 0 };
}

function entryAt(tag: Tag, place: Place): Entry | undefined {
  for (const entry of tag.entries) if (entry.place === place) return entry;
  return undefined;
}

/** Whether this very report was taken before. Where the tag is present already it does not matter: that is a repeat. */
function isDuplicate(entry: Entry | undefined, read: TagRead, message: Message): boolean {
  if (entry?.state !== 'PRESENT' && isSeen(read, message.seqs)) return true;
  return message.redelivered && entry !== undefined && isRedelivery(entry, read);
}

/** Whether the message held the same report before; only reports with a running number can tell. */
function isSeen(read: TagRead, seqs: Set<string>): boolean {
  if (read.seq === null) return false;
  const key = `${read.seq}/${read.at}/${read.antenna}/${read.epc}`;
  if (seqs.has(key)) return true;
  seqs.add(key);
  return false;
}

/** Whether a message that came again brings a read that is in the entry already: one of those that could confirm it. */
function isRedelivery(entry: Entry, read: TagRead): boolean {
  // A time that the gateway gave on receipt is never that of the first delivery; only equal times of a reader tell.
  if (read.reader !== entry.reader || read.at === read.receivedAt) return false;
  if (read.at === entry.lastSeenAt) return read.antenna === entry.antenna;
  return (
    read.at === entry.previousAt || read.at === entry.beforeAt || (read.at === entry.firstSeenAt && entry.reads > 1)
  );
}

/** A late report of a stay long before a glimpse says nothing about the glimpse. */
function isOtherStay(entry: Entry, read: TagRead): boolean {
  return entry.state === 'GLIMPSED' && entry.firstSeenAt - read.at >= Math.max(entry.place.departMs, glimpseMs);
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
