/** Stays that ended, the newest, so that a report that comes once more does not begin them again. */
export type EndedStays = {
  add(id: string, place: string, stay: EndedStay): void;
  /**
   * Whether this report of its reader belongs to the last stay of the tag `id` at `place`: one of its ends, or in a message
   * that comes again any time up to its end. Only a time of the reader's own can tell.
   */
  holds(id: string, place: string, report: Report): boolean;
  forget(id: string, place: string): void;
};

/** Times epoch ms by the reader's clock. */
export type EndedStay = { readonly reader: string; readonly firstSeenAt: number; readonly lastSeenAt: number };

type Report = {
  readonly reader: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly redelivered: boolean;
};

const remembered = 20_000;

/** Remembers nothing yet, and never more than 20,000 stays, about 4 MB. */
export function createEndedStays(): EndedStays {
  const stays = new Map<string, EndedStay & { readonly turn: number }>();
  /** The keys in the order in which they were added, turn n in slot n modulo the length. */
  const keys: string[] = [];
  let turn = 0;
  return {
    add: (id, place, { reader, firstSeenAt, lastSeenAt }) => {
      const key = keyOf(id, place);
      const slot = turn % remembered;
      const oldest = keys[slot];
      if (oldest !== undefined && stays.get(oldest)?.turn === turn - remembered) stays.delete(oldest);
      stays.set(key, { reader, firstSeenAt, lastSeenAt, turn });
      keys[slot] = key;
      turn++;
    },
    holds: (id, place, { reader, at, receivedAt, redelivered }) => {
      if (at === receivedAt) return false;
      const stay = stays.get(keyOf(id, place));
      if (stay === undefined || stay.reader !== reader) return false;
      if (redelivered) return at <= stay.lastSeenAt;
      return at === stay.firstSeenAt || at === stay.lastSeenAt;
    },
    forget: (id, place) => void stays.delete(keyOf(id, place)),
  };
}

function keyOf(id: string, place: string): string {
  return `${place}\n${id}`;
}
