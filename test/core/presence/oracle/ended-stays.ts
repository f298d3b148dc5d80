import type { TagRead } from '../../../../src/tags/index.ts';
import type { Entry } from './entry.ts';

/** Stays that ended, the newest, so that a report that comes once more does not begin them again. */
export type EndedStays = {
  add(entry: Entry): void;
  /**
   * Whether this report of its reader belongs to the last stay of the tag `id` at `place`: one of its ends, or in a message
   * that comes again any time up to its end. Only a time of the reader's own can tell.
   */
  holds(id: string, place: string, read: TagRead, redelivered: boolean): boolean;
  forget(id: string, place: string): void;
};

type Ended = { readonly reader: string; readonly firstSeenAt: number; readonly lastSeenAt: number };

const remembered = 20_000;

/** Remembers nothing yet, and never more than 20,000 stays, about 4 MB. */
export function createEndedStays(): EndedStays {
  const stays = new Map<string, Ended>();
  return {
    add: ({ tag, place, reader, firstSeenAt, lastSeenAt }) => {
      const key = keyOf(tag.id, place.id);
      stays.delete(key);
      stays.set(key, { reader, firstSeenAt, lastSeenAt });
      if (stays.size <= remembered) return;
      for (const oldest of stays.keys()) {
        stays.delete(oldest);
        break;
      }
    },
    holds: (id, place, read, redelivered) => {
      if (read.at === read.receivedAt) return false;
      const stay = stays.get(keyOf(id, place));
      if (stay === undefined || stay.reader !== read.reader) return false;
      if (redelivered) return read.at <= stay.lastSeenAt;
      return read.at === stay.firstSeenAt || read.at === stay.lastSeenAt;
    },
    forget: (id, place) => void stays.delete(keyOf(id, place)),
  };
}

function keyOf(id: string, place: string): string {
  return `${place}\n${id}`;
}
