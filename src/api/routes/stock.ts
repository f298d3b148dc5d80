import { pageOf, StockRowSchema, stockQuery } from '../../contract/index.ts';
import { buckets } from '../../inventory/index.ts';
import type { ApiDeps } from '../deps.ts';
import { checkedGtin } from '../gtin.ts';
import { createSubtree } from '../location-tree.ts';
import { type Route, route } from '../route.ts';

/** How many of what, where. */
export function stockRoutes({ store, locations }: ApiDeps): Route[] {
  const subtree = createSubtree(locations);
  return [
    route({
      method: 'GET',
      url: '/stock',
      scope: 'stock:read',
      summary: 'Stock by product, place and bucket',
      schema: { querystring: stockQuery(buckets), response: pageOf(StockRowSchema) },
      handler: ({ query: { gtin, sku, location, bucket, q, cursor, limit } }) =>
        store.stock({
          gtin: gtin === undefined ? null : checkedGtin(gtin),
          sku: sku ?? null,
          locations: location === undefined ? null : subtree(location),
          bucket: bucket ?? null,
          q: q ?? null,
          cursor: cursor ?? null,
          limit: limit ?? 100,
        }),
    }),
  ];
}
