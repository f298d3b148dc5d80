import { GatewayError, Type } from '../../kit/index.ts';
import type { ApiDeps } from '../deps.ts';
import { checkedGtin } from '../gtin.ts';
import { readProductCsv } from '../product-csv.ts';
import { type Route, route } from '../route.ts';
import { closed, GtinText, orNull, Paging, ProductSchema, pageOf, text } from '../schemas.ts';

const params = closed({ gtin: GtinText });
const maxCsvBytes = 10 * 1024 * 1024;

/** Bytes, whatever they are: only the CSV parser runs on this route and it hands on nothing else. */
const CsvBytes = Type.Unsafe<Uint8Array>({ type: 'string', description: 'UTF-8 or UTF-16; header line gtin,sku,name' });

/** The product names behind the GTINs. */
export function productRoutes(deps: ApiDeps): Route[] {
  return [listRoute(deps), getRoute(deps), putRoute(deps), importRoute(deps)];
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
      body: closed({ sku: orNull(text(100)), name: orNull(text(300)) }),
      response: ProductSchema,
    },
    handler: ({ params: { gtin }, body }) => {
      const product = { gtin: checkedGtin(gtin), sku: body.sku, name: body.name };
      store.putProducts([product]);
      return product;
    },
  });
}

function importRoute({ store }: ApiDeps): Route {
  return route({
    method: 'POST',
    url: '/products/import',
    scope: 'products:write',
    summary: 'Takes products from a CSV file with the columns gtin, sku, name',
    consumes: ['text/csv'],
    bodyLimit: maxCsvBytes,
    schema: {
      body: CsvBytes,
      response: Type.Object({
        imported: Type.Integer(),
        rejected: Type.Array(Type.Object({ line: Type.Integer(), column: Type.String(), reason: Type.String() }), {
          description: 'the first 1000',
        }),
        rejectedCount: Type.Integer(),
      }),
    },
    handler: async ({ body }) => {
      const { products, rejected, rejectedCount } = await readProductCsv(body);
      store.putProducts(products);
      return { imported: products.length, rejected, rejectedCount };
    },
  });
}
