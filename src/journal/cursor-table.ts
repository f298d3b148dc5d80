import type { Db } from './connection.ts';
import type { CursorTable } from './store.ts';
import type { FollowerRow } from './types.ts';

/** What is looked up of cursors, and what is written of them, by itself: see `CursorTable`. */
export type CursorRows = Pick<CursorTable, 'get' | 'rows'> & {
  put(follower: string, seq: number, rows?: readonly FollowerRow[]): void;
};

/** How far each follower has come, and what it keeps for itself; a follower that was never here has neither. */
export function createCursorTable(db: Db): CursorRows {
  const get = db.prepare<[string], number>('SELECT seq FROM cursors WHERE follower = ?').pluck();
  const put = db.prepare('INSERT OR REPLACE INTO cursors (follower, seq) VALUES (?, ?)');
  const keep = db.prepare('INSERT OR REPLACE INTO follower_rows (follower, key, value) VALUES (?, ?, ?)');
  const drop = db.prepare('DELETE FROM follower_rows WHERE follower = ? AND key = ?');
  const page = db.prepare<[string, string, number], FollowerRow>(
    'SELECT key, value FROM follower_rows WHERE follower = ? AND key > ? ORDER BY key LIMIT ?',
  );
  const putAll = db.transaction((follower: string, seq: number, rows: readonly FollowerRow[]) => {
    for (const { key, value } of rows) {
      if (value === null) drop.run(follower, key);
      else keep.run(follower, key, value);
    }
    put.run(follower, seq);
  });
  return {
    get: (follower) => get.get(follower) ?? null,
    put: (follower, seq, rows = []) => putAll.immediate(follower, seq, rows),
    rows: (follower, after, limit) => page.all(follower, after, limit),
  };
}
