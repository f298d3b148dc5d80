import { describe, expect, it } from 'vitest';
import { createTelling } from '../../../../src/followers/crm/telling.ts';
import type { Store } from '../../../../src/journal/index.ts';
import { GatewayError } from '../../../../src/kit/index.ts';
import {
  arrival,
  at,
  batch,
  createStores,
  customerEvent,
  event,
  gtin,
  idOf,
  item,
  minus,
} from '../../journal/store-fixture.ts';

const { folder, open } = createStores();
const everything = () => true;
const site = { id: 'taipei-xinyi', gln: '4710088000019' };

function teller(store: Store, more: Partial<Parameters<typeof createTelling>[0]> = {}) {
  const composer = { site, product: store.product };
  const { cursors, outbox } = store;
  return createTelling({ destination: 'main', wants: everything, log: store, cursors, outbox, composer, ...more });
}

const due = (store: Store, destination = 'main') => store.outbox.due(destination, at, 1_000, new Set());

async function tellAll(telling: ReturnType<typeof createTelling>): Promise<void> {
  while (telling.behind()) await telling.tell(1_000);
}

describe('what a destination hears', () => {
  it('is what is announced and what it wants, items and customers in the order of the log', async () => {
    const store = open(folder());
    const [all, sales] = [
      teller(store, { destination: 'all' }),
      teller(store, { destination: 'sales', wants: (type) => type === 'item.sold' }),
    ];
    await store.append(
      batch({ events: [arrival(1), arrival(2, { announce: false })], customerEvents: [customerEvent('c1', 'crm-7')] }),
    );
    await store.append(batch({ events: [event('s', item(1), { type: 'item.sold', stock: [minus()] })] }));
    expect(all.waiting()).toEqual({ count: 3, oldestAt: at });
    expect(sales.waiting().count).toBe(1);
    await tellAll(all);
    await tellAll(sales);
    expect((await due(store, 'all')).map(({ type }) => type)).toEqual([
      'item.arrived',
      'customer.identified',
      'item.sold',
    ]);
    expect((await due(store, 'sales')).map(({ eventId }) => eventId)).toEqual(['s']);
    expect([all.waiting(), sales.waiting()]).toEqual(Array(2).fill({ count: 0, oldestAt: null }));
  });

  it('is put into words when the follower sends it, and stays so whatever a product is called later', async () => {
    const store = open(folder());
    const telling = teller(store);
    await store.append(batch({ events: [arrival(1, { alert: 'exit-unpaid' })] }));
    await store.putProducts([{ gtin, sku: 'TEE-1', name: '紅色T恤' }]);
    await tellAll(telling);
    await store.putProducts([{ gtin, sku: 'TEE-2', name: '藍色T恤' }]);
    await tellAll(teller(store));
    const rows = await due(store);
    expect(rows).toMatchObject([{ eventId: 'arrival-1', lane: idOf(1), at, attempts: 0 }]);
    expect(JSON.parse(rows[0]?.data ?? '')).toMatchObject({
      epcis: { type: 'ObjectEvent', action: 'OBSERVE', eventID: 'urn:silentgate:event:arrival-1' },
      item: {
        id: idOf(1),
        epcUri: 'urn:epc:id:sgtin:4710088.000001.1',
        hex: '30151F7B2000004000000007',
        gtin,
        sku: 'TEE-1',
        name: '紅色T恤',
        location: 'floor',
        lifecycle: 'IN_STOCK',
        alert: 'exit-unpaid',
      },
      customer: null,
    });
  });

  it('names the customer of a customer event, and no item', async () => {
    const store = open(folder());
    const telling = teller(store);
    await store.append(batch({ customerEvents: [customerEvent('c1', 'crm-7')] }));
    await tellAll(telling);
    const [row] = await due(store);
    expect(row?.lane).toBe('crm-7');
    expect(JSON.parse(row?.data ?? '')).toEqual({
      epcis: expect.objectContaining({ type: 'silentgate:CustomerIdentified', 'silentgate:customer': 'crm-7' }),
      item: null,
      customer: { id: 'crm-7', location: 'floor', readPoint: 'desk', reader: 'desk-1' },
    });
  });

  it('is no more than was asked for: the rest stays in the log', async () => {
    const store = open(folder());
    const telling = teller(store);
    await store.append(batch({ events: [1, 2, 3, 4].map((n) => arrival(n)) }));
    await telling.tell(1);
    expect((await due(store)).map(({ eventId }) => eventId)).toEqual(['arrival-1']);
    expect(telling.waiting().count).toBe(3);
    await telling.tell(2);
    expect(await due(store)).toHaveLength(3);
    expect([telling.cursor(), telling.waiting().count, telling.behind()]).toEqual([3, 1, true]);
  });
});

describe('the cursor of a destination', () => {
  it('begins at the end of the log for one that was never there, and holds that place at once', async () => {
    const path = folder();
    const store = open(path);
    await store.append(batch({ events: [arrival(1)] }));
    expect(teller(store).behind()).toBe(false);
    await store.append(batch({ events: [arrival(2)] }));
    await store.close();
    const again = teller(open(path));
    expect([again.cursor(), again.waiting().count]).toEqual([1, 1]);
  });

  it('stays while the destination is not configured: it goes on where it was', async () => {
    const path = folder();
    const store = open(path);
    teller(store);
    await store.append(batch({ events: [arrival(1)] }));
    await store.close();
    const between = open(path);
    await tellAll(teller(between, { destination: 'other' }));
    await between.append(batch({ events: [arrival(2)] }));
    await between.close();
    const back = open(path);
    await tellAll(teller(back));
    expect((await due(back)).map(({ eventId }) => eventId)).toEqual(['arrival-1', 'arrival-2']);
  });

  it('and the texts are written together or not at all', async () => {
    const store = open(folder());
    const telling = teller(store);
    await store.append(batch({ events: [arrival(1), arrival(2)] }));
    const full = new GatewayError('STORE_FULL', 'full');
    const failing = teller(store, {
      outbox: {
        tell: () => Promise.reject(full),
      },
    });
    await expect(failing.tell(10)).rejects.toBe(full);
    expect([failing.cursor(), failing.waiting().count, (await due(store)).length]).toEqual([0, 2, 0]);
    await tellAll(telling);
    expect([store.cursors.get('crm:main'), (await due(store)).length]).toEqual([2, 2]);
  });

  it('passes what nobody wants without a write for each, and is on disk now and then', async () => {
    const store = open(folder());
    let writes = 0;
    const tell: Store['outbox']['tell'] = (...given) => {
      writes += 1;
      return store.outbox.tell(...given);
    };
    const telling = teller(store, { wants: (type) => type === 'item.sold', outbox: { tell } });
    for (let n = 0; n < 2_100; n += 100) {
      await store.append(batch({ events: Array.from({ length: 100 }, (_, m) => arrival(n + m)) }));
      await tellAll(telling);
    }
    expect([telling.cursor(), writes]).toEqual([2_100, 2]);
    expect(store.cursors.get('crm:main')).toBeGreaterThanOrEqual(2_000);
  });
});

describe('what waits behind the cursor', () => {
  it('is counted exactly over long stretches of the log, whatever the cursor has passed', async () => {
    const store = open(folder());
    const telling = teller(store, { wants: (type) => type === 'item.sold' });
    const kinds = ['item.arrived', 'item.sold', 'item.moved'] as const;
    const events = Array.from({ length: 12_000 }, (_, n) =>
      event(`e${n}`, item(n % 50), { type: kinds[n % 3] ?? 'item.sold', at: at + n }),
    );
    for (let n = 0; n < 3; n++) await store.append(batch({ events: events.slice(n * 4_000, (n + 1) * 4_000) }));
    let looks = 1;
    while (!telling.look()) looks += 1;
    expect(looks).toBeGreaterThan(2);
    expect(telling.waiting()).toEqual({ count: 4_000, oldestAt: at + 1 });
    await telling.tell(20);
    expect(telling.waiting()).toEqual({ count: 3_980, oldestAt: at + 61 });
    await store.append(batch({ events: [event('last', item(1), { type: 'item.sold' })] }));
    expect(telling.waiting().count).toBe(3_981);
    await tellAll(telling);
    expect(telling.waiting()).toEqual({ count: 0, oldestAt: null });
  });

  it('goes with the person or the thing that is erased, and no text is made of it', async () => {
    const store = open(folder());
    const telling = teller(store);
    const card = 'urn:epc:raw:96.xE28011700000020F5C2A1B3C';
    const thing = item('-', { id: card, gtin: null, epcUri: null, lifecycle: 'UNREGISTERED', bucket: null });
    const consent = { given: true, textVersion: null, at, source: null };
    await store.customers.put({ customer: 'crm-7', consent }, ['token-7']);
    await store.append(
      batch({
        events: [event('t1', thing), arrival(1)],
        customerEvents: [customerEvent('c1', 'crm-7'), customerEvent('c2', 'crm-8')],
      }),
    );
    expect(telling.waiting().count).toBe(4);
    await store.customers.erase('crm-7');
    expect(telling.waiting().count).toBe(3);
    await store.customers.put({ customer: 'crm-9', consent }, [card]);
    expect(telling.waiting().count).toBe(2);
    await tellAll(telling);
    expect((await due(store)).map(({ eventId }) => eventId)).toEqual(['arrival-1', 'c2']);
  });

  it('does not reach it when its person is erased between the making of the text and the writing', async () => {
    const store = open(folder());
    const consent = { given: true, textVersion: null, at, source: null };
    await store.customers.put({ customer: 'crm-7', consent }, ['token-7']);
    const tell: Store['outbox']['tell'] = async (...given) => {
      await store.customers.erase('crm-7');
      await store.outbox.tell(...given);
    };
    const telling = teller(store, { outbox: { tell } });
    await store.append(batch({ events: [arrival(1)], customerEvents: [customerEvent('c1', 'crm-7')] }));
    await tellAll(telling);
    expect((await due(store)).map(({ eventId }) => eventId)).toEqual(['arrival-1']);
    expect([telling.behind(), store.outbox.waiting('main').count]).toEqual([false, 1]);
  });
});
