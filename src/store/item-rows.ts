import type { Item } from '../inventory/index.ts';
import type { Db } from './connection.ts';
import { cursorKey, pageOf, pageSize } from './pages.ts';
import { cachedStatements } from './statements.ts';
import type { ItemQuery, Page } from './types.ts';

/** Member of `Item` → column, in the type's order: the row that comes out is the item. */
const columns = {
  id: 'id',
  hex: 'hex',
  scheme: 'scheme',
  epcUri: 'epc_uri',
  gtin: 'gtin',
  presence: 'presence',
  absentReason: 'absent_reason',
  readPoint: 'read_point',
  location: 'location',
  previousLocation: 'previous_location',
  placeSince: 'place_since',
  placeSource: 'place_source',
  placeConfidence: 'place_confidence',
  lifecycle: 'lifecycle',
  lifecycleReason: 'lifecycle_reason',
  owner: 'owner',
  custody: 'custody',
  condition: 'condition',
  tag: 'tag',
  bucket: 'bucket',
  serviceCount: 'service_count',
  reader: 'reader',
  antenna: 'antenna',
  rssi: 'rssi',
  firstSeenAt: 'first_seen_at',
  lastSeenAt: 'last_seen_at',
  asOf: 'as_of',
} as const satisfies Record<keyof Item, string>;

/** Indexed, and fixed for the item's life: naming them in an update would rewrite the index entries each time. */
const fixed = new Set<string>(['id', 'gtin']);

const pairs = Object.entries(columns);
const selected = pairs.map(([member, column]) => `${column} AS ${member}`).join(', ');
const upsertSql = `
  INSERT INTO items (${pairs.map(([, column]) => column).join(', ')})
  VALUES (${pairs.map(([member]) => `@${member}`).join(', ')})
  ON CONFLICT (id) DO UPDATE SET ${pairs
    .filter(([member]) => !fixed.has(member))
    .map(([, column]) => `${column} = excluded.${column}`)
    .join(', ')}
  RETURNING n`;

type ItemRow = Omit<Item, 'custody'> & { readonly custody: string | null };

export type ItemRows = {
  lookUp(id: string): Item | null;
  /** The item's dense number, or null when it was never seen. */
  numberOf(id: string): number | null;
  /** Writes the item as it is now; returns its dense number. */
  put(item: Item): number;
  page(query: ItemQuery): Page<Item>;
};

export function createItemRows(db: Db): ItemRows {
  const byId = db.prepare<[string], ItemRow>(`SELECT ${selected} FROM items WHERE id = ?`);
  const number = db.prepare<[string], number>('SELECT n FROM items WHERE id = ?').pluck();
  const upsert = db.prepare<[Record<string, unknown>], number>(upsertSql).pluck();
  const statement = cachedStatements(db);
  return {
    lookUp: (id) => {
      const row = byId.get(id);
      return row === undefined ? null : fromRow(row);
    },
    numberOf: (id) => number.get(id) ?? null,
    put: (item) => {
      const n = upsert.get({ ...item, custody: item.custody === null ? null : JSON.stringify(item.custody) });
      if (n === undefined) throw new Error(`item ${item.id} was not written`);
      return n;
    },
    page: (query) => {
      const limit = pageSize(query.limit);
      const [after] = cursorKey(query.cursor, [0] as const);
      const rows = statement<ItemRow & { readonly n: number }>(pageSql(query)).all({
        gtin: query.gtin,
        locations: JSON.stringify(query.locations),
        lifecycle: query.lifecycle,
        after,
        limit: limit + 1,
      });
      const page = pageOf(rows, limit, (row) => [row.n]);
      return { rows: page.rows.map(({ n: _, ...row }) => fromRow(row)), next: page.next };
    },
  };
}

function pageSql(query: ItemQuery): string {
  const wishes = [
    query.gtin === null ? '' : 'AND gtin = @gtin',
    query.locations === null ? '' : 'AND location IN (SELECT value FROM json_each(@locations))',
    query.lifecycle === null ? '' : 'AND lifecycle = @lifecycle',
  ];
  return `SELECT n, ${selected} FROM items WHERE n > @after ${wishes.join(' ')} ORDER BY n LIMIT @limit`;
}

function fromRow(row: ItemRow): Item {
  if (row.custody === null) return row as Item;
  return { ...row, custody: JSON.parse(row.custody) as Item['custody'] };
}
