import type { Db } from './connection.ts';
import { createLanes } from './outbox-rows.ts';

/** What is kept of tags as things, where it has to go because the tag is a person's token. */
export type Things = {
  /** Identities of the items without a GTIN that fit. Those with a GTIN are stock and stay. */
  withoutGtin(fits: (id: string) => boolean): string[];
  /** Identities at read points that fit. */
  present(fits: (id: string) => boolean): string[];
  /**
   * Removes these identities: presences, and of items without a GTIN the item, its events, waiting deliveries and dead
   * letters. Returns the rows removed. The caller holds the transaction.
   */
  remove(ids: Iterable<string>): number;
};

/** Things as they stand in the tables of `db`. Nothing without a GTIN is counted in stock, so stock stays as it is. */
export function createThings(db: Db): Things {
  const without = db.prepare<[], string>('SELECT id FROM items WHERE gtin IS NULL').pluck();
  const present = db.prepare<[], string>('SELECT DISTINCT id FROM presences').pluck();
  const leave = db.prepare('DELETE FROM presences WHERE id = ?');
  const numberOf = db.prepare<[string], number>('SELECT n FROM items WHERE id = ? AND gtin IS NULL').pluck();
  const unsend = createUnsend(db, 'lane = ? AND customer IS NULL');
  const dropEvents = db.prepare('DELETE FROM events WHERE item = ?');
  const dropItem = db.prepare('DELETE FROM items WHERE n = ?');
  const removeItem = (id: string): number => {
    const n = numberOf.get(id);
    return n === undefined ? 0 : unsend(id) + dropEvents.run(n).changes + dropItem.run(n).changes;
  };
  return {
    withoutGtin: (fits) => without.all().filter(fits),
    present: (fits) => present.all().filter(fits),
    remove: (ids) => [...new Set(ids)].reduce((sum, id) => sum + leave.run(id).changes + removeItem(id), 0),
  };
}

/** Takes back what was to be told of the messages that `where` (with one `?`) finds, waiting and dead; returns the rows removed. */
export function createUnsend(db: Db, where: string): (value: string) => number {
  const lanes = createLanes(db);
  const waiting = db.prepare<[string], { destination: string; lane: string }>(
    `DELETE FROM outbox WHERE seq IN (SELECT seq FROM messages WHERE ${where}) RETURNING destination, lane`,
  );
  const dead = db.prepare(`DELETE FROM dead_letters WHERE seq IN (SELECT seq FROM messages WHERE ${where})`);
  const messages = db.prepare(`DELETE FROM messages WHERE ${where}`);
  return (value) => {
    const unsent = waiting.all(value);
    for (const { destination, lane } of unsent) lanes.settle(destination, lane);
    return unsent.length + dead.run(value).changes + messages.run(value).changes;
  };
}
