import { createDropChain } from './chain.ts';
import type { Db } from './connection.ts';
import { type Identity, identityOf, idOf } from './identity.ts';
import type { Subject } from './item-writer.ts';
import { createLogEnd } from './log-end.ts';
import { createLanes } from './outbox-rows.ts';
import type { Removed } from './types.ts';

/** What is kept of tags as things, where it has to go because the tag is a person's token. */
export type Things = {
  /** Identities of the items without a GTIN that fit. Those with a GTIN are stock and stay. */
  withoutGtin(fits: (id: string) => boolean): string[];
  /** Identities at read points that fit. */
  present(fits: (id: string) => boolean): string[];
  /**
   * Removes these identities: presences, and of items without a GTIN the item, its events, waiting deliveries and dead
   * letters. The caller holds the transaction.
   */
  remove(ids: Iterable<string>): Removed;
};

/** Things as they stand in the tables of `db`. Nothing without a GTIN is counted in stock, so stock stays as it is. */
export function createThings(db: Db): Things {
  const without = db.prepare<[], Identity>('SELECT class, serial FROM items WHERE gtin IS NULL');
  const present = db.prepare<[], Identity>(`
    SELECT class, serial FROM strangers
    UNION SELECT i.class, i.serial FROM presences p JOIN items i ON i.n = p.item`);
  const leave = createLeave(db);
  const thing = db.prepare<[number, string], Subject>(
    'SELECT n, last FROM items WHERE class = ? AND serial = ? AND gtin IS NULL',
  );
  const logEnd = createLogEnd(db);
  const unsend = createUnsend(db, 'lane = ? AND customer IS NULL');
  const dropFacts = createDropChain(db);
  const dropItem = db.prepare('DELETE FROM items WHERE n = ?');
  const removeThing = (id: string, gone: string[]): number => {
    const { class: of, serial } = identityOf(id);
    const left = leave(id);
    const found = thing.get(of, serial);
    if (found === undefined) return left;
    gone.push(id);
    logEnd.keep();
    return left + unsend(id) + dropFacts(found.last) + dropItem.run(found.n).changes;
  };
  return {
    withoutGtin: (fits) => without.all().map(idOf).filter(fits),
    present: (fits) => present.all().map(idOf).filter(fits),
    remove: (ids) => {
      const items: string[] = [];
      const rows = [...new Set(ids)].reduce((sum, id) => sum + removeThing(id, items), 0);
      return { rows, items };
    },
  };
}

/** Takes an identity away from all read points; returns how many it was at. */
function createLeave(db: Db): (id: string) => number {
  const stranger = db.prepare('DELETE FROM strangers WHERE class = @class AND serial = @serial');
  const item = db.prepare(
    'DELETE FROM presences WHERE item = (SELECT n FROM items WHERE class = @class AND serial = @serial)',
  );
  return (id) => stranger.run(identityOf(id)).changes + item.run(identityOf(id)).changes;
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
