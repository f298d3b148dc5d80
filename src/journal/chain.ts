import type { Db } from './connection.ts';

/*
 * Each line of the log names the line before it of the same subject (an item, or a person). So the log needs no index by
 * subject, which would cost a page of the disk for each event; what is asked of a subject is found by following its chain.
 */

/** SQL of the chain from the line `start` back, at most `@limit` lines or, where `bound` is null, all that are kept. */
export function chainSql(start: string, bound: string | null): string {
  const limit = bound === null ? '' : `LIMIT ${bound}`;
  return `WITH RECURSIVE chain (seq, previous) AS (
    SELECT seq, previous FROM log WHERE seq = ${start}
    UNION ALL SELECT l.seq, l.previous FROM chain CROSS JOIN log l ON l.seq = chain.previous ${limit})`;
}

/** Removes all lines of a subject, given its newest; returns how many. The caller holds a transaction. */
export function createDropChain(db: Db): (last: number) => number {
  const drop = db.prepare(`${chainSql('?', null)} DELETE FROM log WHERE seq IN (SELECT seq FROM chain)`);
  return (last) => drop.run(last).changes;
}

/**
 * So many of a subject's newest lines are compared with a new one; with one that comes late, as from a recording or after an
 * outage, so many: there may be much behind what it repeats.
 */
const linesCompared = { now: 100, late: 10_000 };
const lateMs = 5 * 60_000;

/** `age` is how long ago the fact happened, ms. */
function linesFor(age: number): number {
  return age > lateMs ? linesCompared.late : linesCompared.now;
}

/** A fact is recorded at most so long before it happened: clocks of readers may be ahead. */
const aheadMs = 86_400_000;

/**
 * Whether a fact is in the log already: the subject's lines from `last` back are compared, as far as they were recorded no
 * earlier than a day before the fact happened. `at` and `now` are epoch ms.
 */
export function createIsThere(db: Db): (last: number, id: Buffer | string, at: number, now: number) => boolean {
  const line = db
    .prepare<[Buffer | string, number], [isSame: number, recordedAt: number, previous: number | null]>(
      'SELECT id = ?, recorded_at, previous FROM log WHERE seq = ?',
    )
    .raw();
  return (last, id, at, now) => {
    const since = Math.min(at, now) - aheadMs;
    let next: number | null = last;
    for (let left = linesFor(now - at); left > 0 && next !== null; left--) {
      const found: [number, number, number | null] | undefined = line.get(id, next);
      if (found === undefined) return false;
      const [isSame, recordedAt, previous] = found;
      if (isSame === 1) return true;
      if (recordedAt < since) return false;
      next = previous;
    }
    return false;
  };
}
