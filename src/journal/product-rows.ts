import type { Db } from './connection.ts';
import { cursorKey, pageOf, pageSize } from './pages.ts';
import { matching, searchForm } from './search.ts';
import { cachedStatements } from './statements.ts';
import type { Page, Product } from './types.ts';

export type ProductRows = {
  get(gtin: string): Product | null;
  /** By GTIN; `q` as in the stock search. */
  page(q: string | null, cursor: string | null, limit: number): Page<Product>;
  /** Enters or changes products, all or none. */
  put(products: readonly Product[]): void;
  empty(): boolean;
  /** At most two. */
  gtinsOfSku(sku: string): string[];
};

export function createProductRows(db: Db): ProductRows {
  const byGtin = db.prepare<[string], Product>('SELECT gtin, sku, name FROM products WHERE gtin = ?');
  const bySku = db.prepare<[string], string>('SELECT gtin FROM products WHERE sku = ? LIMIT 2').pluck();
  const any = db.prepare<[], number>('SELECT 1 FROM products LIMIT 1').pluck();
  const upsert = db.prepare(`
    INSERT INTO products (gtin, sku, name, search) VALUES (@gtin, @sku, @name, @search)
    ON CONFLICT (gtin) DO UPDATE SET sku = excluded.sku, name = excluded.name, search = excluded.search`);
  const statement = cachedStatements(db);
  const putAll = db.transaction((products: readonly Product[]) => {
    for (const { gtin, sku, name } of products) upsert.run({ gtin, sku, name, search: searchText(gtin, sku, name) });
  });
  return {
    get: (gtin) => byGtin.get(gtin) ?? null,
    page: (q, cursor, wished) => {
      const limit = pageSize(wished);
      const [after] = cursorKey(cursor, [''] as const);
      const search = q === null ? null : matching(q, () => null);
      if (search === 'nothing') return { rows: [], next: null };
      const sql = `SELECT gtin, sku, name FROM products WHERE gtin > @after ${search === null ? '' : `AND ${search.products}`}
        ORDER BY gtin LIMIT @limit`;
      const rows = statement<Product>(sql).all({ ...search?.bound, after, limit: limit + 1 });
      return pageOf(rows, limit, (row) => [row.gtin]);
    },
    put: (products) => putAll.immediate(products),
    empty: () => any.get() === undefined,
    gtinsOfSku: (sku) => bySku.all(sku),
  };
}

/** A line each, so that no word is found across two of them. */
function searchText(gtin: string, sku: string | null, name: string | null): string {
  return [name, sku, gtin].map((part) => searchForm(part ?? '')).join('\n');
}
