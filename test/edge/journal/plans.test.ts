import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createDictionary } from '../../../src/journal/dictionary.ts';
import { createFactRows } from '../../../src/journal/fact-rows.ts';
import { createItemRows } from '../../../src/journal/item-rows.ts';
import { createStockRows } from '../../../src/journal/stock-rows.ts';
import { createStores } from './store-fixture.ts';
import { gtin, idOf } from './store-values.ts';

const { folder, open } = createStores();

/** What the API asks of items, their history, stock and the log, by every filter. */
function ask(db: Database.Database): void {
  const words = createDictionary(db);
  const items = createItemRows(db, words);
  const log = createFactRows(db, words);
  const stock = createStockRows(db, () => null);
  const page = { cursor: null, limit: 10 };
  const filters = [null, gtin].flatMap((of) => [null, ['back']].map((locations) => ({ ...page, gtin: of, locations })));
  for (const filter of filters) {
    for (const lifecycle of [null, 'SOLD' as const]) items.page({ ...filter, lifecycle });
    for (const bucket of [null, 'held']) for (const q of [null, 'x']) stock.page({ ...filter, sku: null, bucket, q });
  }
  items.lookUp(idOf(1));
  log.history(idOf(1), null, 10);
  log.facts(0, 10);
  log.count(0, 10);
  log.inputSeen('x', idOf(1));
}

function planOf(db: Database.Database, sql: string): readonly string[] {
  const named = Object.fromEntries([...sql.matchAll(/@(\w+)/g)].map(([, name = '']) => [name, 1]));
  const places = [...sql.matchAll(/\?/g)].map(() => 1);
  const explain = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  return explain.all(...places, ...(Object.keys(named).length > 0 ? [named] : [])).map(({ detail }) => detail);
}

/** Names of what grows with the store, as they stand in plans. */
const large = /^SCAN (log|l|items|i)\b(?! USING)/;

it('what the API asks of items, stock and the log follows indexes, and SQLite makes none for it', async () => {
  const path = folder();
  await open(path).close();
  const db = new Database(join(path, 'silentgate.db'), { readonly: true });
  const asked = new Set<string>();
  const watched = new Proxy(db, {
    get: (of, name) => {
      if (name !== 'prepare') {
        const member: unknown = Reflect.get(of, name);
        return typeof member === 'function' ? member.bind(of) : member;
      }
      return (sql: string) => of.prepare(asked.add(sql) && sql);
    },
  });
  ask(watched);
  const plans = [...asked]
    .filter((sql) => /^\s*(SELECT|WITH)/i.test(sql))
    .map((sql) => ({ sql: sql.replace(/\s+/g, ' '), steps: planOf(db, sql) }));
  db.close();
  expect(plans.length).toBeGreaterThan(20);
  const slow = plans.filter(({ steps }) => steps.some((step) => step.includes('AUTOMATIC') || large.test(step)));
  expect(slow).toEqual([]);
});
