import type { ReadBatch, TagRead } from '../tags/index.ts';
import { budgetOf } from './budget.ts';
import { createEndedStays } from './ended-stays.ts';
import { isLater, sourceOfEntry } from './entries.ts';
import { type Expired, expireStays } from './expiry.ts';
import { createGlimpses } from './glimpses.ts';
import type { ReadPoint } from './read-point.ts';
import { nextOf, rssiOf, timeOf } from './record.ts';
import { forgetStray } from './rhythm.ts';
import type { Room } from './room.ts';
import { createRowSearch } from './row-search.ts';
import { handOut, type PresenceRow, restoreRow, type SeenRow } from './rows.ts';
import { createSettling } from './settling.ts';
import { createSlab } from './slab.ts';
import { createSources, listenerOf } from './sources.ts';
import { dropStay, readsOf } from './stays.ts';
import { createTagTable, findId, findIdHash, identitiesOf, idHash } from './tag-table.ts';
import { type Taken, takeBatch } from './taking.ts';
import { createTimeLine, leap } from './time-line.ts';
import { createTimeWheel } from './time-wheel.ts';

/** Last sight of a tag; `at` is epoch ms by the reader's clock, `rssi` the strongest of the stay in dBm. */
export type LastSeen = {
  readonly readPoint: string;
  readonly reader: string;
  readonly antenna: number | null;
  readonly rssi: number | null;
  readonly at: number;
  readonly reads: number;
};

/** Which tag is where. Every read given to `take` becomes an observation, is counted by reader and reason, or is refused. */
export type Presence = {
  /** The reads of one message; `now` is epoch ms. Reads that change nothing (98 of 100) leave no trace but a count. */
  take(batch: ReadBatch, now: number, redelivered: boolean): Taken;
  /** Departures and strays that are due at `now`, of the next `most` stays that may be due. Work follows what is due. */
  expire(now: number, most: number): Expired;
  /** All observations up to this turn are on disk. */
  settled(turn: number): void;
  /** Takes back what was kept on disk, in as many calls as wanted. Silence counts from `now` (epoch ms) on. */
  restore(rows: readonly PresenceRow[], now: number): void;
  /** Who the tags are that these reads are of. */
  identitiesOf(batch: ReadBatch): ReadonlySet<string>;
  /** Forgets these identities at every read point, without an observation. */
  forget(ids: readonly string[]): void;
  /** Last sights that are not on disk yet, in turn, at most `limit` of them; each is handed out once. */
  unsaved(limit?: number): SeenRow[];
  /** How many wait to be handed out. */
  unsavedCount(): number;
  lastSeen(id: string): LastSeen | null;
  /** Tags that are present now, each at the read point that read it last. */
  presentAt(): Record<string, number>;
  /** This reader cannot be heard: what it does not read now is not silence. May be said again. */
  readerDown(reader: string): void;
  /** The reader is heard: if it was not before, the silence of its tags counts from `now` (epoch ms). */
  readerUp(reader: string, now: number): void;
  /** The gateway's clock was set, or the process was held up: between `from` and `to` (epoch ms) nobody fell silent. */
  clockMoved(from: number, to: number): void;
};

/** `count` gets one of NO_READ_POINT, BELOW_FLOOR, REPEAT, DUPLICATE, LATE, STRAY, PRESENCE_FULL, and how many reads it is about. */
export type PresenceOptions = {
  readonly readPoints: readonly ReadPoint[];
  /** The read point of an antenna, or null. Asked once per message. */
  readPointOf(reader: string, antenna: number | null): string | null;
  /** The identity behind what was read; asked when something of the tag changes. The same for the same content, always. */
  identify(read: Pick<TagRead, 'epc' | 'idType' | 'pc'>): string;
  count(reader: string, reason: string, antenna: number | null, by: number): void;
  /** 32 bits that nobody can know: tags that are made to collide in the table shall not. */
  readonly seed: number;
  /** What the stays may take, bytes; default: without bound. */
  readonly memory?: number;
};

/** Builds the presence room. Pure: time comes with the reads and with `now`. */
export function createPresence(options: PresenceOptions): Presence {
  const room = createRoom(options);
  const { tags, sources, line, wheel } = room;
  let messages = 0;
  return {
    take: (batch, now, redelivered) => {
      wheel.begin(now - line.shift);
      return takeBatch(room, batch, ++messages, now, redelivered);
    },
    expire: (now, most) => expireStays(room, now, most),
    settled: room.settling.settled,
    restore: (rows, now) => {
      wheel.begin(now - line.shift);
      for (const row of rows) restoreRow(room, row, now);
    },
    identitiesOf: (batch) => identitiesOf(tags, batch),
    forget: (ids) => forget(room, ids),
    unsaved: (limit) => handOut(room, limit ?? Number.POSITIVE_INFINITY),
    unsavedCount: () => room.unsaved.count,
    lastSeen: (id) => lastSeenOf(room, findId(tags, id)),
    presentAt: () => Object.fromEntries([...sources.places].map(([id, { present }]) => [id, present])),
    readerDown: (reader) => {
      listenerOf(sources, reader).isDown = true;
    },
    readerUp: (reader, now) => {
      const listener = listenerOf(sources, reader);
      if (listener.isDown) listener.heardAgainAt = now - line.shift;
      listener.isDown = false;
    },
    clockMoved: (from, to) => moveClock(room, from, to),
  };
}

function createRoom({ readPoints, readPointOf, identify, count, seed, memory }: PresenceOptions): Room {
  const slab = createSlab();
  return {
    slab,
    glimpses: createGlimpses(),
    tags: createTagTable(slab, identify, seed),
    search: createRowSearch(),
    sources: createSources(readPoints, readPointOf),
    wheel: createTimeWheel(),
    line: createTimeLine(),
    ended: createEndedStays(),
    settling: createSettling(),
    spellings: new Map(),
    opened: new Set(),
    budget: budgetOf(memory ?? Number.POSITIVE_INFINITY),
    unsaved: { count: 0, at: 0 },
    count,
  };
}

function forget(room: Room, ids: readonly string[]): void {
  const { tags, sources, ended, settling } = room;
  for (const id of ids) {
    const hash = idHash(tags, id);
    const tag = findIdHash(tags, hash, id);
    // The record of the first stay goes to the next one, until there is none.
    if (tag !== 0) while (dropStay(room, tag));
    settling.forget(hash);
    for (const place of sources.places.values()) {
      ended.forget(hash, id, place.id);
      for (const rhythm of place.rhythms.values()) forgetStray(rhythm, id);
    }
  }
}

/** What happened after `from`, by the clock as it was before, has its time already. */
function moveClock({ line, sources }: Room, from: number, to: number): void {
  for (const listener of sources.listeners.values()) {
    if (listener.heardAgainAt + line.shift > from) listener.heardAgainAt -= to - from;
  }
  leap(line, from, to);
}

function lastSeenOf(room: Room, tag: number): LastSeen | null {
  const { slab } = room;
  if (tag === 0) return null;
  let latest = tag;
  for (let entry = nextOf(slab, tag); entry !== 0; entry = nextOf(slab, entry)) {
    if (isLater(room, entry, latest)) latest = entry;
  }
  const source = sourceOfEntry(room, latest);
  if (source === undefined) return null;
  return {
    readPoint: source.place.id,
    reader: source.listener.id,
    antenna: source.antenna || null,
    rssi: rssiOf(slab, latest),
    at: timeOf(slab, latest, 6),
    reads: readsOf(room, latest),
  };
}
