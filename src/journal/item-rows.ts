import type { Item } from '../inventory/index.ts';
import { createByteReader } from './bytes.ts';
import type { Db } from './connection.ts';
import type { Dictionary } from './dictionary.ts';
import { gtinNumber, identityOf, idOf } from './identity.ts';
import { readItem } from './item-body.ts';
import { cursorKey, cursorOf, pageOf, pageSize } from './pages.ts';
import { cachedStatements } from './statements.ts';
import type { ItemQuery, Page } from './types.ts';

/** Items as they are read. */
export type ItemRows = {
  lookUp(id: string): Item | null;
  /**
   * In order of arrival, those of one product in order of their serials. A look passes over so many rows as take some ms: a
   * page may be short, or empty, and still have a next one.
   */
  page(query: ItemQuery): Page<Item>;
};

type ItemRow = {
  readonly n: number;
  readonly class: number;
  readonly serial: string;
  readonly lastSeenAt: number | null;
  readonly body: Buffer;
};

const selected = 'n, class, serial, last_seen_at AS lastSeenAt, body';

/** Rows that one look passes over, found or not. */
const rowsPerLook = 20_000;

export function createItemRows(db: Db, words: Dictionary): ItemRows {
  const byIdentity = db.prepare<[number, string], ItemRow>(
    `SELECT ${selected} FROM items WHERE class = ? AND serial = ?`,
  );
  const itemOf = (row: ItemRow): Item => {
    const item = readItem(createByteReader(row.body), words, row, idOf(row));
    return { ...item, lastSeenAt: row.lastSeenAt };
  };
  const inOrder = createInOrder(db, words, itemOf);
  const ofProduct = createOfProduct(db, words, itemOf);
  return {
    lookUp: (id) => {
      const identity = identityOf(id);
      const row = byIdentity.get(identity.class, identity.serial);
      return row === undefined ? null : itemOf(row);
    },
    page: (query) => (query.gtin === null ? inOrder(query) : ofProduct(query, query.gtin)),
  };
}

const nothing: Page<Item> = { rows: [], next: null };

function createInOrder(db: Db, words: Dictionary, itemOf: (row: ItemRow) => Item): (query: ItemQuery) => Page<Item> {
  const newest = db.prepare<[], number | null>('SELECT max(n) FROM items').pluck();
  const statement = cachedStatements(db);
  return (query) => {
    const limit = pageSize(query.limit);
    const [after] = cursorKey(query.cursor, [0] as const);
    const bound = boundOf(query, words);
    if (bound === null) return nothing;
    const to = after + rowsPerLook;
    const sql = `SELECT ${selected} FROM items WHERE n > @after AND n <= @to ${wishes(query)} ORDER BY n LIMIT @limit`;
    const rows = statement<ItemRow>(sql).all({ ...bound, after, to, limit: limit + 1 });
    const page = pageOf(rows, limit, (row) => [row.n]);
    const isMore = page.next === null && to < (newest.get() ?? 0);
    return { rows: page.rows.map(itemOf), next: isMore ? cursorOf([to]) : page.next };
  };
}

/** First those whose identity begins with the GTIN, then those of private schemes. */
function createOfProduct(db: Db, words: Dictionary, itemOf: (row: ItemRow) => Item) {
  const statement = cachedStatements(db);
  const parts = [
    'class = @gtin AND gtin = @gtin AND serial > @serial',
    'gtin = @gtin AND gtin <> class AND (class, serial) > (@class, @serial)',
  ];
  const sqls = (query: ItemQuery) =>
    parts.map(
      (part) => `SELECT ${selected} FROM items WHERE ${part} ${wishes(query)} ORDER BY class, serial LIMIT @limit`,
    );
  return (query: ItemQuery, text: string): Page<Item> => {
    const limit = pageSize(query.limit);
    const [from, of, serial] = cursorKey(query.cursor, [0, 0, ''] as const);
    const bound = boundOf(query, words);
    const gtin = gtinNumber(text);
    if (bound === null || gtin === null) return nothing;
    const rows = sqls(query).flatMap((sql, part) => {
      if (part < from) return [];
      const after = part === from ? { class: of, serial } : { class: 0, serial: '' };
      return statement<ItemRow>(sql).all({ ...bound, gtin, ...after, limit: limit + 1 });
    });
    const page = pageOf(rows, limit, (row) => [row.class === gtin ? 0 : 1, row.class, row.serial]);
    return { rows: page.rows.map(itemOf), next: page.next };
  };
}

/** What the filters of the query are bound to; null where nothing can be found: a word that no row has. */
function boundOf(query: ItemQuery, words: Dictionary): Record<string, unknown> | null {
  const lifecycle = query.lifecycle === null ? 0 : words.known(query.lifecycle);
  const places = query.locations?.flatMap((location) => words.known(location) ?? []) ?? null;
  if (lifecycle === null || places?.length === 0) return null;
  return { lifecycle, locations: JSON.stringify(places) };
}

function wishes(query: ItemQuery): string {
  const place = query.locations === null ? '' : 'AND location IN (SELECT value FROM json_each(@locations))';
  const state = query.lifecycle === null ? '' : 'AND lifecycle = @lifecycle';
  return `${place} ${state}`;
}
