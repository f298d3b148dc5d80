import type { TagRead } from '../../../../src/tags/index.ts';
import type { Entry } from './entry.ts';

/** Whether the message held the same report before; only reports with a running number can tell. */
export function isSeen(read: TagRead, seqs: Set<string>): boolean {
  if (read.seq === null) return false;
  const key = `${read.seq}/${read.at}/${read.antenna}/${read.epc}`;
  if (seqs.has(key)) return true;
  seqs.add(key);
  return false;
}

/** Whether the report is the entry's last one once more, published by a bridge or by hand: the reader's own time and all else are equal. */
export function isCopy(entry: Entry, read: TagRead): boolean {
  if (read.at !== entry.lastSeenAt || read.at === read.receivedAt) return false;
  const isSame = read.reader === entry.reader && read.antenna === entry.antenna;
  return isSame && read.seq === entry.seq && read.rssi === entry.lastRssi;
}

/**
 * Whether a message that came again brings a read that is in the entry already. Of a report without a time of its own
 * nobody can tell, so it adds nothing to what is there.
 */
export function isRedelivery(entry: Entry, read: TagRead): boolean {
  const { at } = read;
  if (read.reader !== entry.reader) return false;
  if (at === read.receivedAt) return true;
  if (entry.state === 'PRESENT') return at >= entry.firstSeenAt && at <= entry.lastSeenAt;
  if (at === entry.lastSeenAt) return read.antenna === entry.antenna;
  if (at === entry.previousAt || at === entry.beforeAt) return true;
  // Older than the newest three nothing can confirm.
  return at >= entry.firstSeenAt && at < entry.beforeAt;
}
