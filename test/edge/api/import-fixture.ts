import type { World } from './api-fixture.ts';

export const csv = { 'content-type': 'text/csv; charset=utf-8' };

/** A caller that imports products and looks at them. */
export async function importer(w: World) {
  const key = await w.key('stock:read', 'products:write');
  return {
    key,
    send: (body: string | Uint8Array, query = '') =>
      w.call('POST', `/api/v1/products/import${query}`, key, Buffer.from(body), csv),
    product: async (gtin: string) => (await w.call('GET', `/api/v1/products/${gtin}`, key)).json,
    all: async () => (await w.call('GET', '/api/v1/products?limit=500', key)).json['rows'] as Record<string, unknown>[],
  };
}
