import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/kit/index.ts';
import {
  anyItem,
  anyStock,
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
  observation,
  plus,
} from './store-fixture.ts';

const { folder, open } = createStores();

describe('a commit', () => {
  it('writes item, stock, log and presence, and they are there after a restart', async () => {
    const path = folder();
    const first = open(path);
    const written = await first.append(batch({ observations: [observation(1)], events: [arrival(1)] }));
    expect(written).toEqual({ seq: 1, duplicates: [] });
    await first.close();
    const store = open(path);
    expect(store.lookUp(idOf(1))).toEqual(item(1));
    expect(store.presences()).toEqual([
      {
        id: idOf(1),
        hex: '30151F7B2000004000000007',
        readPoint: 'shelf-1',
        state: 'PRESENT',
        reader: 'desk-1',
        antenna: 1,
        rssi: -55.5,
        firstSeenAt: at,
        lastSeenAt: at,
        reads: 3,
      },
    ]);
    expect(store.stock(anyStock).rows).toEqual([
      { gtin, sku: null, name: null, location: 'floor', bucket: 'on_floor', quantity: 1 },
    ]);
    expect(store.history(idOf(1), null, 10).rows).toEqual([{ seq: 1, recordedAt: at + 5_000, event: arrival(1) }]);
    expect(store.facts(0, 10)).toEqual([{ seq: 1, recordedAt: at + 5_000, kind: 'item', event: arrival(1) }]);
  });

  it('counts an event id that was there before and gives it no second effect', async () => {
    const store = open(folder());
    await store.append(batch({ events: [arrival(1)] }));
    const again = await store.append(
      batch({ events: [{ ...arrival(1), item: item(1, { location: 'back' }) }, arrival(2)] }),
    );
    expect(again).toEqual({ seq: 2, duplicates: [idOf(1)] });
    expect(store.lookUp(idOf(1))?.location).toBe('floor');
    expect(store.stock(anyStock).rows[0]?.quantity).toBe(2);
    expect(store.facts(0, 10)).toHaveLength(2);
  });

  it('leaves nothing of a batch in which one part fails', async () => {
    const store = open(folder());
    await store.append(batch({ events: [arrival(1)] }));
    const bad = batch({
      observations: [observation(2)],
      events: [arrival(2), event('sold-3', item(3), { stock: [minus('back', 'on_back')] })],
      customerEvents: [customerEvent('c1', 'crm-7')],
    });
    await expect(store.append(bad)).rejects.toThrow(/below zero/);
    expect(store.presences()).toEqual([]);
    expect(store.lookUp(idOf(2))).toBeNull();
    expect(store.lastSeq()).toBe(1);
    expect(store.facts(0, 10)).toHaveLength(1);
    expect(store.checkStock()).toEqual([]);
  });

  it('does not call a count below zero a failure of the disk', async () => {
    const store = open(folder());
    let thrown: unknown;
    try {
      await store.append(batch({ events: [event('sold', item(1), { stock: [minus()] })] }));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).not.toBeInstanceOf(GatewayError);
  });

  it('writes a customer event once per id', async () => {
    const store = open(folder());
    const given = batch({ customerEvents: [customerEvent('c1', 'crm-7')] });
    expect(await store.append(given)).toMatchObject({ seq: 1, duplicates: [] });
    expect(await store.append(given)).toMatchObject({ duplicates: [] });
    expect(store.facts(0, 10)).toHaveLength(1);
    expect(store.facts(0, 10)).toMatchObject([{ kind: 'customer', event: { id: 'c1' } }]);
  });
});

describe('presence rows', () => {
  it('follow glimpses and arrivals, and go with departures and strays', async () => {
    const store = open(folder());
    await store.append(
      batch({
        observations: [observation(1, { change: 'glimpsed' }), observation(2), observation(3), observation(4)],
      }),
    );
    await store.append(
      batch({
        observations: [observation(1), observation(3, { change: 'departed' }), observation(4, { change: 'stray' })],
      }),
    );
    expect(store.presences().map((row) => [row.id, row.state])).toEqual([
      [idOf(1), 'PRESENT'],
      [idOf(2), 'PRESENT'],
    ]);
    expect(store.presencesOf([idOf(2), idOf(9)]).map((row) => row.id)).toEqual([idOf(2)]);
  });

  it('take the last sight, which never goes back in time, without an event', async () => {
    const store = open(folder());
    await store.append(batch({ observations: [observation(1)], events: [arrival(1)] }));
    const sight = { id: idOf(1), readPoint: 'shelf-1', reads: 900, rssi: -50 };
    await store.seen([{ ...sight, lastSeenAt: at + 60_000 }]);
    await store.seen([{ ...sight, lastSeenAt: at + 30_000 }]);
    await store.seen([{ ...sight, id: idOf(2), lastSeenAt: at }]);
    expect(store.presences()).toMatchObject([{ lastSeenAt: at + 60_000, reads: 900, rssi: -50 }]);
    expect(store.lookUp(idOf(1))?.lastSeenAt).toBe(at + 60_000);
    expect(store.lastSeq()).toBe(1);
  });
});

describe('queries', () => {
  it('page through items, history and stock by cursor without gap or repeat', async () => {
    const store = open(folder());
    const serials = Array.from({ length: 25 }, (_, n) => n);
    await store.append(batch({ events: serials.map((n) => arrival(n, { stock: [plus(`place-${n}`)] })) }));
    await store.append(batch({ events: serials.map((n) => event(`again-${n}`, item(3))) }));
    const walk = <T>(page: (cursor: string | null) => { rows: readonly T[]; next: string | null }): T[] => {
      const all: T[] = [];
      let cursor: string | null = null;
      do {
        const got = page(cursor);
        all.push(...got.rows);
        cursor = got.next;
      } while (cursor !== null);
      return all;
    };
    const items = walk((cursor) => store.items({ ...anyItem, cursor, limit: 7 }));
    expect(items.map((row) => row.id)).toEqual(serials.map((n) => idOf(n)));
    const history = walk((cursor) => store.history(idOf(3), cursor, 5)).map((row) => row.seq);
    expect(history).toEqual([...history].sort((a, b) => b - a));
    expect(history).toHaveLength(26);
    const stock = walk((cursor) => store.stock({ ...anyStock, cursor, limit: 4 })).map((row) => row.location);
    expect(stock).toEqual(serials.map((n) => `place-${n}`).sort());
    expect(walk((cursor) => store.stock({ ...anyStock, cursor, limit: 25 }))).toHaveLength(25);
  });

  it('filter items and stock', async () => {
    const store = open(folder());
    const other = '04710088000026';
    await store.append(
      batch({
        events: [
          arrival(1),
          event('e2', item(2, { location: 'back', gtin: other, lifecycle: 'HELD' }), {
            stock: [plus('back', 'held', other)],
          }),
          event('e3', item(3, { location: null, gtin: null, bucket: null }), {}),
        ],
      }),
    );
    await store.putProducts([{ gtin: other, sku: 'B', name: null }]);
    const ids = (query: object) => store.items({ ...anyItem, ...query }).rows.map((row) => row.id);
    expect(ids({})).toHaveLength(3);
    expect(ids({ gtin: other })).toEqual([idOf(2)]);
    expect(ids({ locations: ['floor', 'x'] })).toEqual([idOf(1)]);
    expect(ids({ locations: [] })).toEqual([]);
    expect(ids({ lifecycle: 'HELD' })).toEqual([idOf(2)]);
    const where = (query: object) => store.stock({ ...anyStock, ...query }).rows.map((row) => row.location);
    expect(where({ gtin })).toEqual(['floor']);
    expect(where({ sku: 'B' })).toEqual(['back']);
    expect(where({ bucket: 'held' })).toEqual(['back']);
    expect(where({ locations: ['floor'] })).toEqual(['floor']);
    expect(where({ locations: ['floor'], bucket: 'held' })).toEqual([]);
  });

  it('look at a bounded number of items at once: a page of few may be short and still lead to the rest', async () => {
    const store = open(folder());
    for (let from = 0; from < 21_000; from += 1000) {
      const events = Array.from({ length: 1000 }, (_, n) => arrival(from + n));
      await store.append(batch({ events }));
    }
    await store.append(batch({ events: [event('held', item('held', { lifecycle: 'HELD' }))] }));
    const first = store.items({ ...anyItem, lifecycle: 'HELD' });
    expect(first).toMatchObject({ rows: [], next: expect.any(String) });
    const second = store.items({ ...anyItem, lifecycle: 'HELD', cursor: first.next });
    expect(second.rows.map((row) => row.id)).toEqual([idOf('held')]);
    expect(second.next).toBeNull();
  }, 60_000);

  it('find the items of a product by its GTIN, also where the identity does not begin with it', async () => {
    const store = open(folder());
    const own = item('a', { id: 'urn:silentgate:own:1', lifecycle: 'HELD' });
    await store.append(batch({ events: [event('p', own), arrival(2), arrival(1), arrival(3)] }));
    const ids = (cursor: string | null) => store.items({ ...anyItem, gtin, cursor, limit: 3 });
    const first = ids(null);
    expect(first.rows.map((row) => row.id)).toEqual([idOf(1), idOf(2), idOf(3)]);
    expect(ids(first.next)).toEqual({ rows: [own], next: null });
    const held = store.items({ ...anyItem, gtin, lifecycle: 'HELD' });
    expect(held.rows).toEqual([own]);
  });

  it('refuse a cursor that is not theirs', () => {
    const store = open(folder());
    for (const cursor of ['x', '', Buffer.from('["a"]').toString('base64url'), Buffer.from('{}').toString('base64url')])
      expect(() => store.items({ ...anyItem, cursor })).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });

  it('give the log after a sequence number, oldest first, and know inputs by their id', async () => {
    const store = open(folder());
    await store.append(batch({ events: [arrival(1), arrival(2, { cause: 'sale-77' }), arrival(3)] }));
    expect(store.eventsAfter(1, 10).map((row) => row.event.id)).toEqual(['arrival-2', 'arrival-3']);
    expect(store.eventsAfter(0, 1).map((row) => row.seq)).toEqual([1]);
    expect(store.inputSeen('sale-77', idOf(2))).toBe(true);
    expect(store.inputSeen('sale-77', idOf(1))).toBe(false);
    expect(store.inputSeen('sale-78', idOf(2))).toBe(false);
    expect(store.history(idOf(99), null, 10)).toEqual({ rows: [], next: null });
  });

  it('keep custody as it was given', async () => {
    const store = open(folder());
    const custody = { party: 'staff-3', since: at, due: null };
    await store.append(batch({ events: [event('e', item(1, { custody }))] }));
    expect(store.lookUp(idOf(1))?.custody).toEqual(custody);
  });
});
