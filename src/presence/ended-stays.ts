import { addTo, createHashIndex, findIn, removeFrom } from './hash-index.ts';

/** Stays that ended, the newest, so that a report that comes once more does not begin them again. `hash` is that of the identity. */
export type EndedStays = {
  add(hash: number, stay: EndedStay): void;
  /**
   * Whether this report of its reader belongs to the last stay of the tag `id` at `place`: one of its ends, or in a message
   * that comes again any time up to its end. Only a time of the reader's own can tell.
   */
  holds(hash: number, id: string, place: string, report: Report): boolean;
  forget(hash: number, id: string, place: string): void;
};

/** Times epoch ms by the reader's clock. */
export type EndedStay = {
  readonly id: string;
  readonly readPoint: string;
  readonly reader: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
};

type Report = {
  readonly reader: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly redelivered: boolean;
};

const remembered = 20_000;

/** Remembers nothing yet, and never more than 20,000 stays, about 4 MB. */
export function createEndedStays(): EndedStays {
  /** Numbered from 1 on; the oldest gives its number to the next one. */
  const stays: (EndedStay & { readonly hash: number })[] = [];
  const index = createHashIndex((number) => stays[number - 1]?.hash ?? 0);
  let last = 0;

  const find = (hash: number, id: string, place: string): number =>
    findIn(index, hash, (number) => stays[number - 1]?.id === id && stays[number - 1]?.readPoint === place);
  const forget = (hash: number, id: string, place: string): void => {
    const number = find(hash, id, place);
    if (number !== 0) removeFrom(index, hash, number);
  };
  return {
    add: (hash, { id, readPoint, reader, firstSeenAt, lastSeenAt }) => {
      forget(hash, id, readPoint);
      last = (last % remembered) + 1;
      const oldest = stays[last - 1];
      if (oldest !== undefined) removeFrom(index, oldest.hash, last);
      stays[last - 1] = { id, readPoint, reader, firstSeenAt, lastSeenAt, hash };
      addTo(index, hash, last);
    },
    holds: (hash, id, place, { reader, at, receivedAt, redelivered }) => {
      if (at === receivedAt) return false;
      const stay = stays[find(hash, id, place) - 1];
      if (stay === undefined || stay.reader !== reader) return false;
      if (redelivered) return at <= stay.lastSeenAt;
      return at === stay.firstSeenAt || at === stay.lastSeenAt;
    },
    forget,
  };
}
