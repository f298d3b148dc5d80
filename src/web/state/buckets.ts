import type { Product, StockRow } from '../../contract/index.ts';

/** Stock states in the order staff ask for them. */
export const bucketOrder: readonly string[] = [
  'on_floor',
  'on_back',
  'allocated',
  'held',
  'expected',
  'in_transit',
  'issued',
  'in_service',
  'missing',
];

const sellableBuckets: ReadonlySet<string> = new Set(['on_floor', 'on_back']);

/** Everything known of one product's stock; `sellable` is what may be sold now: floor and back room. */
export type ProductStock = {
  readonly gtin: string;
  readonly sku: string | null;
  readonly name: string | null;
  readonly sellable: number;
  readonly rows: readonly StockRow[];
};

/** Gathers stock lines by product, in the order the products come; a product's lines are sorted floor first. */
export function byProduct(rows: readonly StockRow[]): readonly ProductStock[] {
  const groups = new Map<string, StockRow[]>();
  for (const row of rows) {
    const group = groups.get(row.gtin);
    if (group === undefined) groups.set(row.gtin, [row]);
    else group.push(row);
  }
  return [...groups].map(([gtin, lines]) => ({
    gtin,
    sku: lines[0]?.sku ?? null,
    name: lines[0]?.name ?? null,
    sellable: sum(lines.filter((line) => isSellable(line.bucket))),
    rows: lines.toSorted((a, b) => rank(a.bucket) - rank(b.bucket)),
  }));
}

/**
 * Products of which there is no stock behind those of `inStock`. Both lists come by GTIN: while more stock is to load (`isMore`), only products
 * before its last line are known to have none.
 */
export function withSoldOut(
  inStock: readonly ProductStock[],
  named: readonly Product[],
  isMore: boolean,
): readonly ProductStock[] {
  const known = new Set(inStock.map(({ gtin }) => gtin));
  const last = inStock.at(-1)?.gtin ?? '';
  const none = named.filter(({ gtin }) => !known.has(gtin) && (!isMore || gtin < last));
  return [...inStock, ...none.map(noneOf)];
}

/** A product without stock. */
export function noneOf({ gtin, sku, name }: Pick<Product, 'gtin' | 'sku' | 'name'>): ProductStock {
  return { gtin, sku, name, sellable: 0, rows: [] };
}

/** Whether goods in this stock state may be sold now. */
export function isSellable(bucket: string): boolean {
  return sellableBuckets.has(bucket);
}

function sum(rows: readonly StockRow[]): number {
  return rows.reduce((total, row) => total + row.quantity, 0);
}

function rank(bucket: string): number {
  const place = bucketOrder.indexOf(bucket);
  return place < 0 ? bucketOrder.length : place;
}
