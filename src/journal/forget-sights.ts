import type { Db } from './connection.ts';

/**
 * Removes the rows of tags that nobody has read since a time, epoch ms: at a read point that is no more, or of a reader that never came
 * back. Called before presence is filled, so that memory and disk agree. Returns how many.
 */
export function createForgetSights(db: Db): (before: number) => number {
  const each = ['presences', 'strangers'].map((table) => db.prepare(`DELETE FROM ${table} WHERE last_seen_at < ?`));
  return db.transaction((before: number) => each.reduce((sum, drop) => sum + drop.run(before).changes, 0)).immediate;
}
