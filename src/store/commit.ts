import type { ItemEvent } from '../inventory/index.ts';
import type { Db } from './connection.ts';
import type { EventRows } from './event-rows.ts';
import { watchFile } from './file-watch.ts';
import type { ItemRows } from './item-rows.ts';
import type { PresenceRows } from './presence-rows.ts';
import type { ProductRows } from './product-rows.ts';
import type { StockRows } from './stock-rows.ts';
import type { Committed } from './store.ts';
import type { Batch } from './types.ts';

type Tables = {
  readonly items: ItemRows;
  readonly events: EventRows;
  readonly presences: PresenceRows;
  readonly products: ProductRows;
  readonly stock: StockRows;
};

/** The one write of the line: everything of a batch in one transaction that is on disk when this returns. */
export function createCommit(db: Db, tables: Tables, now: () => number): (batch: Batch) => Committed {
  const writeItemEvent = (event: ItemEvent, recordedAt: number): boolean => {
    if (tables.events.has(event.id)) return false;
    const { gtin } = event.item;
    const product = gtin === null ? null : tables.products.get(gtin);
    tables.events.add(event, tables.items.put(event.item), product, recordedAt);
    for (const delta of event.stock) tables.stock.add(delta);
    return true;
  };
  const write = db.transaction((batch: Batch): Committed => {
    const recordedAt = now();
    for (const observation of batch.observations) tables.presences.follow(observation);
    const written =
      batch.events.filter((event) => writeItemEvent(event, recordedAt)).length +
      batch.customerEvents.filter((event) => tables.events.addCustomerEvent(event, recordedAt)).length;
    const given = batch.events.length + batch.customerEvents.length;
    return { events: written, duplicates: given - written, lastSeq: tables.events.lastSeq() };
  });
  const mustBeThere = watchFile(db.name);
  return (batch) => {
    mustBeThere();
    return write.immediate(batch);
  };
}
