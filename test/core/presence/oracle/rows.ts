import { firstWaitMs, type Rhythm } from '../../../../src/presence/rhythm.ts';
import { type Entry, longAgo, type Place, type Tag } from './entry.ts';

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
 * An entry from its row. Silence counts from `now`, but the tag was last proven to be here when it was last seen: who
 * read it later is later. What was read elsewhere the row does not hold, so the entry has no evidence until the next read,
 * and its confidence is 0.
 */
export function entryOf(row: PresenceRow, tag: Tag, place: Place, rhythm: Rhythm, now: number, order: number): Entry {
  return {
    tag,
    place,
    state: row.state,
    hex: row.hex,
    reader: row.reader,
    rhythm,
    antenna: row.antenna,
    rssi: row.rssi,
    lastRssi: row.rssi,
    seq: null,
    count: 1,
    firstSeenAt: row.firstSeenAt,
    lastSeenAt: row.lastSeenAt,
    previousAt: row.reads > 1 ? row.firstSeenAt : longAgo,
    beforeAt: longAgo,
    reads: row.reads,
    openedAt: now,
    heardAt: now,
    // A reader's clock that is ahead cannot have proven it after we stopped.
    aliveAt: Math.min(row.lastSeenAt, now),
    restoredAt: now,
    waitMs: firstWaitMs,
    evidence: 0,
    share: 0,
    unsaved: false,
    queuedAt: Number.POSITIVE_INFINITY,
    order,
  };
}

/** What `unsaved` writes of an entry. */
export function seenRowOf(entry: Entry): SeenRow {
  return {
    id: entry.tag.id,
    readPoint: entry.place.id,
    lastSeenAt: entry.lastSeenAt,
    reads: entry.reads,
    rssi: entry.rssi,
  };
}
