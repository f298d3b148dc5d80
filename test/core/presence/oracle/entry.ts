import type { Observation } from '../../../../src/presence/observation.ts';
import { type Confirmation, evidenceReads, lateMs } from '../../../../src/presence/policy.ts';
import { isCumulative, learnCount, learnGap, type Rhythm, waitMsOf } from '../../../../src/presence/rhythm.ts';
import type { TagRead } from '../../../../src/tags/index.ts';

/** A read point as the hot path needs it. */
export type Place = {
  readonly id: string;
  readonly minRssi: number | null;
  readonly confirm: Confirmation;
  readonly departMs: number;
  /** By reader; filled as they are met. */
  readonly rhythms: Map<string, Rhythm>;
};

/** A tag that is known at one read point or more. `keys` are the spellings it was read by. */
export type Tag = { readonly id: string; readonly keys: string[]; readonly entries: Entry[] };

/** One tag at one read point, changed in place. All times epoch ms; `…SeenAt` by the reader's clock. */
export type Entry = {
  readonly tag: Tag;
  readonly place: Place;
  state: 'GLIMPSED' | 'PRESENT' | 'GONE';
  hex: string;
  reader: string;
  rhythm: Rhythm;
  antenna: number | null;
  /** Strongest of the stay. */
  rssi: number | null;
  /** Of the last read: by these, its time and its antenna a copy of it is known. */
  lastRssi: number | null;
  seq: number | null;
  count: number;
  firstSeenAt: number;
  lastSeenAt: number;
  /** The second and third latest read. */
  previousAt: number;
  beforeAt: number;
  reads: number;
  /** Gateway time of the first receipt. */
  openedAt: number;
  /** Gateway time of the last receipt. */
  heardAt: number;
  /** When it was last proven to be here: gateway time for live reads, reader time for late reports. */
  aliveAt: number;
  /** Gateway time of its return from disk; its silence counts from then. */
  restoredAt: number;
  /** How long a glimpse waits for its next read. */
  waitMs: number;
  /** Reads behind `share`, at most `evidenceReads`. */
  evidence: number;
  share: number;
  unsaved: boolean;
  /** When the queue looks at it next; another slot of the queue is stale. */
  queuedAt: number;
  /** Running number of the stays. */
  readonly order: number;
};

export const longAgo = Number.NEGATIVE_INFINITY;

/** A new glimpse from its first read. */
export function openEntry(tag: Tag, place: Place, rhythm: Rhythm, read: TagRead, order: number): Entry {
  return {
    tag,
    place,
    state: 'GLIMPSED',
    hex: read.epc,
    reader: read.reader,
    rhythm,
    antenna: read.antenna,
    rssi: read.rssi,
    lastRssi: read.rssi,
    seq: read.seq,
    count: read.count,
    firstSeenAt: read.at,
    lastSeenAt: read.at,
    previousAt: longAgo,
    beforeAt: longAgo,
    reads: 1,
    openedAt: read.receivedAt,
    heardAt: read.receivedAt,
    aliveAt: aliveTime(read),
    restoredAt: longAgo,
    waitMs: waitMsOf(rhythm),
    evidence: 0,
    share: 0,
    unsaved: false,
    queuedAt: Number.POSITIVE_INFINITY,
    order,
  };
}

/** The time at which this read proves its tag alive: receipt for live reads, the reader's time for late reports. */
export function aliveTime(read: TagRead): number {
  return read.receivedAt - read.at > lateMs ? read.at : read.receivedAt;
}

/** Takes one more read into an entry, in place. A late read never moves `lastSeenAt` back. */
export function addRead(entry: Entry, read: TagRead, rhythm: Rhythm): void {
  entry.reads++;
  if (read.at >= entry.lastSeenAt) addNewest(entry, read, rhythm);
  else addEarlier(entry, read.at);
  if (read.rssi !== null && (entry.rssi === null || read.rssi > entry.rssi)) entry.rssi = read.rssi;
  if (read.receivedAt > entry.heardAt) entry.heardAt = read.receivedAt;
  const alive = aliveTime(read);
  if (alive > entry.aliveAt) entry.aliveAt = alive;
}

function addNewest(entry: Entry, read: TagRead, rhythm: Rhythm): void {
  if (entry.rhythm === rhythm) {
    learnGap(rhythm, read.at - entry.lastSeenAt, read.receivedAt);
    learnCount(rhythm, entry.count, read.count);
  }
  entry.beforeAt = entry.previousAt;
  entry.previousAt = entry.lastSeenAt;
  entry.lastSeenAt = read.at;
  entry.hex = read.epc;
  entry.reader = read.reader;
  entry.rhythm = rhythm;
  entry.antenna = read.antenna;
  entry.lastRssi = read.rssi;
  entry.seq = read.seq;
  entry.count = read.count;
  if (entry.state === 'GLIMPSED') entry.waitMs = waitMsOf(rhythm);
}

function addEarlier(entry: Entry, at: number): void {
  if (at >= entry.previousAt) {
    entry.beforeAt = entry.previousAt;
    entry.previousAt = at;
  } else if (at > entry.beforeAt) entry.beforeAt = at;
  // The arrival of a present tag has been told already, so its first read stays.
  if (entry.state === 'GLIMPSED' && at < entry.firstSeenAt) entry.firstSeenAt = at;
}

/** Tells every read point of a tag where it was read just now, so that each knows its share of the last reads. */
export function weigh(tag: Tag, here: Entry): void {
  for (const entry of tag.entries) {
    if (entry.evidence < evidenceReads) entry.evidence++;
    entry.share += ((entry === here ? 1 : 0) - entry.share) / entry.evidence;
  }
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
export function isConfirmed(entry: Entry): boolean {
  const { reads, withinMs } = entry.place.confirm;
  if (entry.reads < reads) return false;
  if (reads === 1) return true;
  return entry.lastSeenAt - (reads === 2 ? entry.previousAt : entry.beforeAt) <= withinMs;
}

/** Whether the stay had ended before this read was made; `aliveAt` is what the entry's silence counts from. */
export function hasLapsed(entry: Entry, read: TagRead, aliveAt: number): boolean {
  const { departMs } = entry.place;
  if (entry.state === 'PRESENT') return aliveTime(read) - aliveAt >= departMs;
  // Late reports of one stay come together: the glimpse's wait in gateway time, and on the reader's clock one stay's length.
  return read.receivedAt - entry.heardAt >= entry.waitMs || read.at - entry.lastSeenAt >= stayMs(entry);
}

/** Reads of a glimpse that are further apart than this are of two stays. */
export function stayMs({ place, waitMs }: Entry): number {
  return Math.max(place.departMs, waitMs);
}

/** Whether `a` read the tag later than `b` did. */
export function isLater(a: Entry, b: Entry): boolean {
  return a.aliveAt > b.aliveAt || (a.aliveAt === b.aliveAt && a.lastSeenAt > b.lastSeenAt);
}

/** The other read point that read the tag later than this one did, if it counts as present there; the latest of them. */
export function elsewhereOf(entry: Entry): string | null {
  let latest: Entry | null = null;
  for (const other of entry.tag.entries) {
    if (other === entry || other.state !== 'PRESENT' || !isLater(other, entry)) continue;
    if (latest === null || isLater(other, latest)) latest = other;
  }
  return latest === null ? null : latest.place.id;
}

/** Whether the tag counts as present here and at no read point that read it later; of equal ones the first counts. */
export function isWhereabouts(entry: Entry): boolean {
  if (entry.state !== 'PRESENT' || elsewhereOf(entry) !== null) return false;
  return entry.tag.entries.find((other) => other.state === 'PRESENT' && !isLater(entry, other)) === entry;
}

/** The observation of an entry as it stands. */
export function observe(
  entry: Entry,
  change: Observation['change'],
  at: number,
  elsewhere: string | null,
): Observation {
  return {
    change,
    id: entry.tag.id,
    hex: entry.hex,
    readPoint: entry.place.id,
    reader: entry.reader,
    antenna: entry.antenna,
    rssi: entry.rssi,
    at,
    firstSeenAt: entry.firstSeenAt,
    lastSeenAt: entry.lastSeenAt,
    reads: entry.reads,
    elsewhere,
    confidence: entry.share,
  };
}
