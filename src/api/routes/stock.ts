import { Type } from '../../kit/index.ts';
import type { ApiDeps } from '../deps.ts';
import { checkedGtin } from '../gtin.ts';
import { createSubtree } from '../location-tree.ts';
import { type Route, route } from '../route.ts';
import { BucketName, closed, GtinText, Id, nullable, Paging, pageOf, text } from '../schemas.ts';

const StockLine = Type.Object({
  gtin: Type.String(),
  sku: nullable(Type.String()),
  name: nullable(Type.String()),
  location: Type.String(),
  bucket: Type.String(),
  quantity: Type.Integer(),
});

/** How many of what, where. */
export function stockRoutes({ store, locations }: ApiDeps): Route[] {
  const subtree = createSubtree(locations);
  const query = closed({
    gtin: Type.Optional(GtinText),
    sku: Type.Optional(text(100)),
    location: Type.Optional(Id),
    bucket: Type.Optional(BucketName),
    q: Type.Optional(text(200)),
    ...Paging,
  });
  return [
    route({
      method: 'GET',
      url: '/stock',
      scope: 'stock:read',
      summary: 'Stock by product, place and bucket',
      schema: { querystring: query, response: pageOf(StockLine) },
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
