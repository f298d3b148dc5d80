import type { Db } from './connection.ts';

/** The highest sequence number that was ever given. */
export type LogEnd = {
  lastSeq(): number;
  /** Call before lines of the log are removed, in the same transaction: no number is given twice. */
  keep(): void;
};

export function createLogEnd(db: Db): LogEnd {
  const highest = `max(coalesce((SELECT max(seq) FROM log), 0), coalesce((SELECT value FROM meta WHERE name = 'last-seq'), 0))`;
  const last = db.prepare<[], number>(`SELECT ${highest}`).pluck();
  const keep = db.prepare(`INSERT OR REPLACE INTO meta (name, value) VALUES ('last-seq', ${highest})`);
  return { lastSeq: () => last.get() ?? 0, keep: () => void keep.run() };
}
