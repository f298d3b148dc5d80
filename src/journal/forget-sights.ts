import type { Db } from './connection.ts';

/**
 * Removes the rows of tags that nobody has read since a time, epoch ms: at a read point that is no more, or of a reader that never came
 * back. The reading side passes over them from its opening on, so memory and disk agree.
 */
export function forgetSights(db: Db, before: number): void {
  const each = ['presences', 'strangers'].map((table) => db.prepare(`DELETE FROM ${table} WHERE last_seen_at < ?`));
  db.transaction(() => {
    for (const drop of each) drop.run(before);
  }).immediate();
}
