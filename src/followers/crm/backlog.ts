import type { Store } from '../../journal/index.ts';

export type CountedLog = Pick<Store, 'countFacts' | 'factsRemoved' | 'lastSeq'>;

/** The facts behind a cursor that a destination wants, counted without a look at their contents. */
export type Backlog = {
  /** How many, exactly; what was counted before is not counted again. */
  count(cursor: number): number;
  /** Sequence number of the first, or null. */
  first(cursor: number): number | null;
  /** Counts on by a slice of the log, so that no single question has to count it all. Whether it came to the end. */
  look(cursor: number): boolean;
};

/** What stands between two places of the log: after the one, up to the other. */
type Slice = {
  readonly after: number;
  readonly through: number;
  readonly count: number;
  readonly first: number | null;
};

/** A slice is counted in about a millisecond. */
const sliceSize = 5_000;

export function createBacklog(log: CountedLog, wants: (type: string) => boolean): Backlog {
  let slices: Slice[] = [];
  let removed = log.factsRemoved();
  const countOf = (after: number, through: number): Slice => {
    const wanted = log.countFacts(after, through).filter(({ type }) => wants(type));
    const count = wanted.reduce((sum, one) => sum + one.count, 0);
    const first = wanted.reduce<number | null>(
      (least, one) => (least === null ? one.first : Math.min(least, one.first)),
      null,
    );
    return { after, through, count, first };
  };
  /** Facts that were removed were perhaps counted; those that the cursor has passed were. */
  const tidy = (cursor: number) => {
    const gone = log.factsRemoved();
    if (gone !== removed) slices = [];
    removed = gone;
    slices = slices.filter(({ through }) => through > cursor);
    const [head] = slices;
    if (head !== undefined && head.after < cursor) slices[0] = countOf(cursor, head.through);
  };
  const look = (cursor: number): boolean => {
    tidy(cursor);
    const end = log.lastSeq();
    const tail = slices.at(-1);
    const after = tail?.through ?? cursor;
    if (after >= end) return true;
    const open = tail !== undefined && tail.through - tail.after < sliceSize;
    const through = Math.min(end, (open ? tail.after : after) + sliceSize);
    const counted = countOf(after, through);
    if (open) slices[slices.length - 1] = joined(tail, counted);
    else slices.push(counted);
    return through === end;
  };
  const lookAtAll = (cursor: number) => {
    while (!look(cursor));
  };
  return {
    look,
    count: (cursor) => {
      lookAtAll(cursor);
      return slices.reduce((sum, { count }) => sum + count, 0);
    },
    first: (cursor) => {
      lookAtAll(cursor);
      return slices.find(({ first }) => first !== null)?.first ?? null;
    },
  };
}

function joined(one: Slice, next: Slice): Slice {
  return {
    after: one.after,
    through: next.through,
    count: one.count + next.count,
    first: one.first ?? next.first,
  };
}
