import type { StockDelta } from '../inventory/index.ts';

/** Which products are ours, and of which goods a delivery note announced more than has come. */
export type Goods = {
  isOwn(gtin: string): boolean;
  /** These products are on disk; null: any may be. */
  entered(gtins: Iterable<string> | null): void;
  isAwaited(gtin: string): boolean;
  /** Stock lines of what was decided, or with `sign` -1 of what is taken back. */
  count(deltas: readonly StockDelta[], sign: 1 | -1): void;
};

/** So many GTINs are remembered: more than any store has products. */
const mostGtins = 100_000;

/** `isProduct` looks a GTIN up once; `awaited`: the pieces of each GTIN that are expected on disk. */
export function createGoods(isProduct: (gtin: string) => boolean, awaited: ReadonlyMap<string, number>): Goods {
  const own = new Map<string, boolean>();
  const pieces = new Map(awaited);
  const remember = (gtin: string, isOwn: boolean): boolean => {
    if (own.size >= mostGtins) own.clear();
    own.set(gtin, isOwn);
    return isOwn;
  };
  return {
    isOwn: (gtin) => own.get(gtin) ?? remember(gtin, isProduct(gtin)),
    entered: (gtins) => {
      if (gtins === null) return own.clear();
      for (const gtin of gtins) remember(gtin, true);
    },
    isAwaited: (gtin) => (pieces.get(gtin) ?? 0) > 0,
    count: (deltas, sign) => {
      for (const { gtin, bucket, delta } of deltas)
        if (bucket === 'expected') pieces.set(gtin, (pieces.get(gtin) ?? 0) + sign * delta);
    },
  };
}
