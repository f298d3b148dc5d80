import { expect, test } from 'vitest';
import { said } from '../../../src/kit/index.ts';
import { arrival, batch, event, idOf, item, plus, tell } from '../journal/store-values.ts';
import { createWorlds, t0, type World } from './api-fixture.ts';

const world = createWorlds();
const gtinOf = (n: number) => String(4_710_000_000_000 + n).padStart(14, '0');
const numbers = Array.from({ length: 101 }, (_, n) => n + 1);

/** One more than a page of everything: products, stock, items, the history of item 1, dead letters. */
async function fill({ store }: World): Promise<void> {
  await store.putProducts(numbers.map((n) => ({ gtin: gtinOf(n), sku: `S-${n}`, name: null })));
  const arrivals = numbers.map((n) => arrival(n, { stock: [plus('floor', 'on_floor', gtinOf(n))] }));
  const changes = numbers.map((n) => event(`change-${n}`, item(1), { type: 'item.changed', at: t0 + n }));
  await store.append(batch({ events: [...arrivals, ...changes] }));
  await tell(store, 'main');
  const waiting = await store.outbox.due('main', t0, 101, new Set());
  const seqs = waiting.map(({ seq }) => seq);
  await store.outbox.bury('main', seqs, said('HTTP 422'), 422, t0);
}

test('every list that is asked for without a limit has pages of 100, as docs/http-api.md says', async () => {
  const w = await world();
  await fill(w);
  const key = await w.key('stock:read', 'crm:read');
  const history = `/items/${encodeURIComponent(idOf(1))}/history`;
  for (const path of ['/products', '/stock', '/items', history, '/destinations/main/dead-letters']) {
    const { json } = await w.call('GET', `/api/v1${path}`, key);
    expect([path, (json['rows'] as unknown[]).length, typeof json['next']]).toEqual([path, 100, 'string']);
  }
});
