import type { TagRead } from '../tags/index.ts';
import { sourceOfEntry } from './entries.ts';
import { BEFORE, glimpseLane, LAST_RSSI, PREVIOUS, SEQ } from './glimpses.ts';
import { laneOf, PRESENT, stateOf, timeOf } from './record.ts';
import type { Room } from './room.ts';

/** Whether the message held the same report before; only reports with a running number can tell. */
export function isSeen(message: { seqs: Set<string> | null }, read: TagRead): boolean {
  if (read.seq === null) return false;
  message.seqs ??= new Set();
  const { seqs } = message;
  const key = `${read.seq}/${read.at}/${read.antenna}/${read.epc}`;
  if (seqs.has(key)) return true;
  seqs.add(key);
  return false;
}

/** Whether the report is the glimpse's last one once more, published by a bridge or by hand: the reader's own time and all else are equal. */
export function isCopy(room: Room, entry: number, read: TagRead): boolean {
  if (read.at !== timeOf(room.slab, entry, 6) || read.at === read.receivedAt) return false;
  const source = sourceOfEntry(room, entry);
  const isSame = read.reader === source?.listener.id && (read.antenna ?? 0) === source.antenna;
  const glimpse = laneOf(room.slab, entry, 8);
  return isSame && isEqual(room, glimpse, SEQ, read.seq) && isEqual(room, glimpse, LAST_RSSI, read.rssi);
}

function isEqual({ glimpses }: Room, glimpse: number, lane: number, value: number | null): boolean {
  return Object.is(glimpseLane(glimpses, glimpse, lane), value ?? Number.NaN);
}

/**
 * Whether a message that came again brings a read that is in the stay already. Of a report without a time of its own
 * nobody can tell, so it adds nothing to what is there.
 */
export function isRedelivery(room: Room, entry: number, read: TagRead): boolean {
  const { slab, glimpses } = room;
  const { at } = read;
  const source = sourceOfEntry(room, entry);
  if (read.reader !== source?.listener.id) return false;
  if (at === read.receivedAt) return true;
  const firstSeenAt = timeOf(slab, entry, 5);
  const lastSeenAt = timeOf(slab, entry, 6);
  if (stateOf(slab, entry) === PRESENT) return at >= firstSeenAt && at <= lastSeenAt;
  if (at === lastSeenAt) return (read.antenna ?? 0) === source.antenna;
  const glimpse = laneOf(slab, entry, 8);
  const before = glimpseLane(glimpses, glimpse, BEFORE);
  if (at === glimpseLane(glimpses, glimpse, PREVIOUS) || at === before) return true;
  // Older than the newest three nothing can confirm.
  return at >= firstSeenAt && at < before;
}
