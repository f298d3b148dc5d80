import type { Db } from './connection.ts';
import { cursorKey, pageOf, pageSize } from './pages.ts';
import { type GtinOf, matching, type TextSearch } from './search.ts';
import { cachedStatements } from './statements.ts';
import type { Page, StockQuery, StockRow } from './types.ts';

/** Stock as it is read. */
export type StockRows = {
  page(query: StockQuery): Page<StockRow>;
};

export function createStockRows(db: Db, gtinOf: GtinOf): StockRows {
  const statement = cachedStatements(db);
  return {
    page: (query) => {
      const limit = pageSize(query.limit);
      const [gtinAfter, locationAfter, bucketAfter] = cursorKey(query.cursor, ['', '', ''] as const);
      const search = query.q === null ? null : matching(query.q, gtinOf);
      if (search === 'nothing') return { rows: [], next: null };
      const rows = statement<StockRow>(pageSql(query, search)).all({
        ...search?.bound,
        gtin: query.gtin,
        sku: query.sku,
        locations: JSON.stringify(query.locations),
        bucket: query.bucket,
        gtinAfter,
        locationAfter,
        bucketAfter,
        limit: limit + 1,
      });
      return pageOf(rows, limit, (row) => [row.gtin, row.location, row.bucket]);
    },
  };
}

function pageSql(query: StockQuery, search: TextSearch | null): string {
  const wishes = [
    query.gtin === null ? '' : 'AND s.gtin = @gtin',
    query.sku === null ? '' : 'AND s.gtin IN (SELECT gtin FROM products WHERE sku = @sku)',
    query.locations === null ? '' : 'AND s.location IN (SELECT value FROM json_each(@locations))',
    query.bucket === null ? '' : 'AND s.bucket = @bucket',
    search === null ? '' : `AND (${stockMatches(search)})`,
  ];
  return `
    SELECT s.gtin, p.sku, p.name, s.location, s.bucket, s.quantity
    FROM stock s LEFT JOIN products p ON p.gtin = s.gtin
    WHERE s.quantity > 0 AND (s.gtin, s.location, s.bucket) > (@gtinAfter, @locationAfter, @bucketAfter)
    ${wishes.join(' ')}
    ORDER BY s.gtin, s.location, s.bucket LIMIT @limit`;
}

/** By product text; by the digits of a GTIN that no product was entered for; by the GTIN of an EPC. */
function stockMatches(search: TextSearch): string {
  const ways = [`s.gtin IN (SELECT gtin FROM products WHERE ${search.products})`];
  if (search.digits) ways.push('instr(s.gtin, @digits) > 0');
  if (search.gtin) ways.push('s.gtin = @epcGtin');
  return ways.join(' OR ');
}
