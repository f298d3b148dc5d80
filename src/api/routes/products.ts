import { GatewayError, Type } from '../../kit/index.ts';
import type { ApiDeps } from '../deps.ts';
import { checkedGtin } from '../gtin.ts';
import { type Route, route } from '../route.ts';
import { closed, GtinText, orNull, Paging, ProductSchema, pageOf, plainText, text } from '../schemas.ts';
import { productImportRoutes } from './product-import.ts';

const params = closed({ gtin: GtinText });
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
    schema: {
      querystring: closed({ q: Type.Optional(text(200)), ...Paging }),
      response: pageOf(ProductSchema),
    },
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
    schema: {
      params,
      body: closed({ sku: orNull(plainText(100)), name: orNull(plainText(300)) }),
      response: ProductSchema,
    },
    handler: async ({ params: { gtin }, body }) => {
      const product = { gtin: checkedGtin(gtin), sku: body.sku, name: body.name };
      await store.putProducts([product]);
      return product;
    },
  });
}
