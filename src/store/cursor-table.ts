import type { Db } from './connection.ts';
import type { CursorTable } from './store.ts';

/** How far each follower has come; a follower that was never here has no row. */
export function createCursorTable(db: Db): CursorTable {
  const get = db.prepare<[string], number>('SELECT seq FROM cursors WHERE follower = ?').pluck();
  const put = db.prepare('INSERT OR REPLACE INTO cursors (follower, seq) VALUES (?, ?)');
  return {
    get: (follower) => get.get(follower) ?? null,
    put: (follower, seq) => void put.run(follower, seq),
  };
}
