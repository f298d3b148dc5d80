import { ProductNames, ProductQuery, ProductSchema, pageOf, GtinParams as params } from '../../contract/index.ts';
import { GatewayError } from '../../kit/index.ts';
import type { ApiDeps } from '../deps.ts';
import { checkedGtin } from '../gtin.ts';
import { type Route, route } from '../route.ts';
import { productImportRoutes } from './product-import.ts';

/** The product names behind the GTINs. */
export function productRoutes(deps: ApiDeps): Route[] {
  return [listRoute(deps), getRoute(deps), putRoute(deps), ...productImportRoutes(deps)];
}

function listRoute({ store }: ApiDeps): Route {
  return route({
    method: 'GET',
    url: '/products',
    scope: 'stock:read',
    summary: 'Products, searched by name, SKU or GTIN',
    schema: { querystring: ProductQuery, response: pageOf(ProductSchema) },
    handler: ({ query }) => store.products(query.q ?? null, query.cursor ?? null, query.limit ?? 100),
  });
}

function getRoute({ store }: ApiDeps): Route {
  return route({
    method: 'GET',
    url: '/products/:gtin',
    scope: 'stock:read',
    summary: 'One product',
    schema: { params, response: ProductSchema },
    handler: ({ params: { gtin } }) => {
      const product = store.product(checkedGtin(gtin));
      if (product === null) throw new GatewayError('NOT_FOUND', `No product has the GTIN ${gtin}.`);
      return product;
    },
  });
}

function putRoute({ store }: ApiDeps): Route {
  return route({
    method: 'PUT',
    url: '/products/:gtin',
    scope: 'products:write',
    summary: 'Sets the SKU and name of a GTIN',
    schema: { params, body: ProductNames, response: ProductSchema },
    handler: async ({ params: { gtin }, body }) => {
      const product = { gtin: checkedGtin(gtin), sku: body.sku, name: body.name };
      await store.putProducts([product]);
      return product;
    },
  });
}
