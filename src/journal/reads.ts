import { gtinOf, standardTags } from '../tags/index.ts';
import type { Db } from './connection.ts';
import { createCursorTable } from './cursor-table.ts';
import { createCustomerTable } from './customer-table.ts';
import { createDictionary } from './dictionary.ts';
import { createFactRows } from './fact-rows.ts';
import { createItemRows } from './item-rows.ts';
import { createKeyTable } from './key-table.ts';
import { createOutboxTable } from './outbox-table.ts';
import { createPresenceRows } from './presence-rows.ts';
import { createProductRows } from './product-rows.ts';
import type { GtinOf } from './search.ts';
import { createSessionTable } from './session-table.ts';
import { createStockAt } from './stock-at.ts';
import { createStockCheck } from './stock-check.ts';
import { createStockRows } from './stock-rows.ts';
import type { StoreOptions } from './store.ts';

/** Everything that is looked up, over a connection that may be one for reading only. */
export function createReads(db: Db, key: Uint8Array, sightsBefore: number | null, options: StoreOptions) {
  const words = createDictionary(db);
  const items = createItemRows(db, words);
  const log = createFactRows(db, words);
  const presences = createPresenceRows(db, words, sightsBefore);
  const products = createProductRows(db);
  return {
    line: {
      lookUp: items.lookUp,
      inputSeen: log.inputSeen,
      presences: presences.all,
      presencePage: presences.page,
      presenceCount: presences.count,
      presencesOf: presences.of,
      items: items.page,
      history: log.history,
      stock: createStockRows(db, createGtinOf(options)).page,
      eventsAfter: log.after,
      facts: log.facts,
      countFacts: log.count,
      lastSeq: log.lastSeq,
      product: products.get,
      products: products.page,
      productsEmpty: products.empty,
      gtinsOfSku: products.gtinsOfSku,
      checkStock: createStockCheck(db).check,
      stockAt: createStockAt(db),
    },
    cursors: createCursorTable(db),
    customers: createCustomerTable(db, key),
    keys: createKeyTable(db),
    sessions: createSessionTable(db),
    outbox: createOutboxTable(db, options.now),
  };
}

/** The GTIN that a text names in any form; as many digits as a GTIN has stay text, they are looked for inside GTINs anyway. */
function createGtinOf({ tags = standardTags }: StoreOptions): GtinOf {
  const options = { aliases: true };
  return (text) => {
    if (/^\d{1,14}$/.test(text)) return null;
    const tag = tags.parse(text, options);
    if (tag.ok && tag.epc.gtin !== null) return tag.epc.gtin;
    const named = gtinOf(text, options);
    return named.ok ? named.gtin : null;
  };
}
