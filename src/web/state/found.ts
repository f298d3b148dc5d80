import type { Item, Page, Product, StockRow } from '../../contract/index.ts';
import { byProduct, noneOf, type ProductStock, withSoldOut } from './buckets.ts';
import { useApp } from './context.ts';
import { type Pages, useLoad, usePages } from './load.ts';
import { queryOf } from './route.ts';
import { readSearch } from './search-text.ts';

export type StockFilter = { readonly q: string; readonly location: string; readonly bucket: string };

/** What a search found: products by their stock, then those of which there is none. */
export type Found = Omit<Pages<StockRow>, 'rows'> & {
  readonly products: readonly ProductStock[] | null;
  /** Whether all lines of a product were loaded. */
  readonly isWhole: (gtin: string) => boolean;
};

/** Searches stock, and without a filter of place or state the list of products too: what is sold out has no stock line. */
export function useFound(filter: StockFilter): Found {
  const { changes } = useApp();
  const { location, bucket } = filter;
  const asked = askedOf(filter);
  const stock = usePages<StockRow>(`/stock${queryOf({ ...asked, location, bucket, limit: '100' })}`, changes);
  const named = usePages<Product>(namesPathOf(filter, asked));
  const listed = merge(stock, named);
  const alone = useUnentered(asked.gtin, listed?.length === 0 && isEverywhere(filter));
  const last = stock.rows?.at(-1)?.gtin;
  return {
    ...stock,
    products: alone ?? listed,
    isWhole: (gtin) => stock.more === null || gtin !== last,
    problem: stock.problem ?? named.problem,
    loading: stock.loading || named.loading,
    more: stock.more ?? named.more,
  };
}

type Asked = { readonly q: string; readonly gtin: string };

function isEverywhere({ q, location, bucket }: StockFilter): boolean {
  return q !== '' && location === '' && bucket === '';
}

function namesPathOf(filter: StockFilter, { q, gtin }: Asked): string | null {
  return isEverywhere(filter) ? `/products${queryOf({ q: gtin === '' ? q : gtin, limit: '100' })}` : null;
}

/** A GTIN that nobody entered may still have had items: then it is a product without stock. Null where there is nothing to add. */
function useUnentered(gtin: string, wanted: boolean): readonly ProductStock[] | null {
  const items = useLoad<Page<Item>>(wanted && gtin !== '' ? `/items${queryOf({ gtin, limit: '1' })}` : null);
  return (items.data?.rows.length ?? 0) > 0 ? [noneOf({ gtin, sku: null, name: null })] : null;
}

function askedOf({ q }: StockFilter): Asked {
  const read = readSearch(q);
  if (read.kind === 'gtin') return { q: '', gtin: read.gtin };
  return { q: read.kind === 'text' ? read.text : read.kind === 'item' ? read.epc : '', gtin: '' };
}

/** Null until both lists have begun. */
function merge(stock: Pages<StockRow>, named: Pages<Product>): readonly ProductStock[] | null {
  if (stock.rows === null || (named.rows === null && named.loading)) return null;
  return withSoldOut(byProduct(stock.rows), named.rows ?? [], stock.more !== null);
}
