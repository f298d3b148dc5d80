import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { erased } from '../../../src/customers/index.ts';
import { said } from '../../../src/kit/index.ts';
import {
  anyItem,
  anyStock,
  arrival,
  at,
  batch,
  createStores,
  customerEvent,
  event,
  idOf,
  item,
  observation,
  tell,
} from './store-fixture.ts';

const { folder, open } = createStores();
const person = (customer: string, given = true) => ({
  customer,
  consent: { given, textVersion: '2026-10', at, source: 'app' },
});
const card = 'urn:epc:raw:96.xE28011700000020F5C2A1B3C';

/** Every byte of the folder's files that a text could be read from. */
function bytesOf(path: string): string {
  return ['silentgate.db', 'silentgate.db-wal']
    .map((name) => readFileSync(join(path, name), { encoding: 'latin1', flag: 'a+' }))
    .join('');
}

describe('customers', () => {
  it('are found by a token, of which only a keyed hash is on disk', async () => {
    const path = folder();
    const store = open(path);
    await store.customers.put(person('crm-7'), [card, 'token-2', card]);
    expect(store.customers.byToken(card)).toEqual(person('crm-7'));
    expect(store.customers.byToken('token-3')).toBeNull();
    expect(store.customers.get('crm-7')).toEqual({ ...person('crm-7'), tokens: 2 });
    expect(bytesOf(path)).not.toContain(card);
    await store.close();
    expect(open(path).customers.byToken('token-2')?.customer).toBe('crm-7');
  });

  it('keep a withdrawn consent, and their tokens are replaced as a whole', async () => {
    const store = open(folder());
    await store.customers.put(person('crm-7'), [card]);
    await store.customers.put(person('crm-7', false), ['token-2']);
    expect(store.customers.byToken(card)).toBeNull();
    expect(store.customers.byToken('token-2')?.consent.given).toBe(false);
  });

  it('do not take a token from each other in silence', async () => {
    const store = open(folder());
    await store.customers.put(person('crm-7'), [card]);
    await expect(store.customers.put(person('crm-8'), ['token-8', card])).rejects.toThrow(
      expect.objectContaining({ code: 'CONFLICT' }),
    );
    expect(store.customers.get('crm-8')).toBeNull();
    expect(store.customers.byToken('token-8')).toBeNull();
  });

  it('have been seen where events named them, and where their token was read last', async () => {
    const store = open(folder());
    await store.customers.put(person('crm-7'), [card]);
    expect(store.customers.sights('crm-7', card)).toEqual([]);
    await store.append(
      batch({
        observations: [
          observation('x', { id: card, lastSeenAt: at + 70 }),
          observation('x', { id: card, change: 'glimpsed', readPoint: 'till', lastSeenAt: at + 80 }),
          observation(1),
        ],
        customerEvents: [customerEvent('c1', 'crm-7'), customerEvent('c2', 'crm-8')],
      }),
    );
    expect(store.customers.sights('crm-7', card).sort()).toEqual([at, at + 70]);
  });

  it('are erased with tokens, events, waiting and dead deliveries, and stock stays right', async () => {
    const path = folder();
    const store = open(path);
    await store.customers.put(person('person-to-forget'), [card]);
    await store.customers.put(person('crm-8'), ['token-8']);
    await store.append(
      batch({
        observations: [observation('x', { id: card, hex: 'E28011700000020F5C2A1B3C' }), observation(1)],
        events: [arrival(1), arrival(2)],
        customerEvents: [
          customerEvent('c1', 'person-to-forget'),
          customerEvent('c2', 'person-to-forget'),
          customerEvent('c3', 'crm-8'),
        ],
      }),
    );
    await tell(store, 'a', 'b');
    await store.outbox.bury('a', [3], said('HTTP 404'), 404, at);
    const before = store.stock(anyStock);
    expect((await store.customers.erase('person-to-forget')).rows).toBeGreaterThan(7);
    expect(store.customers.get('person-to-forget')).toBeNull();
    expect(store.customers.byToken(card)).toEqual(erased);
    expect(store.outbox.deadCount('a')).toBe(0);
    for (const destination of ['a', 'b']) {
      const due = await store.outbox.due(destination, at, 10, new Set());
      expect(due.map((row) => row.lane)).not.toContain('person-to-forget');
      expect(due).toHaveLength(3);
      expect(store.outbox.waiting(destination).count).toBe(3);
    }
    expect(store.presences().map((row) => row.id)).not.toContain(card);
    expect(store.presences()).toHaveLength(1);
    expect(store.stock(anyStock)).toEqual(before);
    expect(store.checkStock()).toEqual([]);
    expect(store.customers.get('crm-8')?.tokens).toBe(1);
    expect((await store.customers.erase('person-to-forget')).rows).toBe(0);
    expect(bytesOf(path)).not.toContain('person-to-forget');
    expect(bytesOf(path)).not.toContain('E28011700000020F5C2A1B3C');
  });
});

describe('a card that was read before anybody said whose it is', () => {
  const cardHex = 'E28011700000020F5C2A1B3C';
  const uid = `urn:silentgate:uid:${cardHex}`;
  const thing = (id: string) =>
    item('-', { id, hex: cardHex, gtin: null, epcUri: null, lifecycle: 'UNREGISTERED', bucket: null });

  /** A store that took the card, by two names, for things: present, logged, waiting for one CRM and dead at another. */
  async function mistaken() {
    const path = folder();
    const store = open(path);
    await store.append(
      batch({
        observations: [card, uid].map((id) => observation('x', { id, hex: cardHex })).concat(observation(1)),
        events: [event('e1', thing(card)), arrival(1), event('e2', thing(uid)), event('e3', thing(card))],
      }),
    );
    await tell(store, 'a', 'b');
    await store.outbox.bury('a', [1, 3], said('HTTP 404'), 404, at);
    return { path, store };
  }

  async function expectOnlyTheItem({ path, store }: Awaited<ReturnType<typeof mistaken>>) {
    expect(store.items(anyItem).rows.map(({ id }) => id)).toEqual([idOf(1)]);
    expect(store.eventsAfter(0, 10).map((stored) => stored.event.item.id)).toEqual([idOf(1)]);
    expect(store.presences().map(({ id }) => id)).toEqual([idOf(1)]);
    for (const destination of ['a', 'b']) {
      expect((await store.outbox.due(destination, at, 10, new Set())).map(({ lane }) => lane)).toEqual([idOf(1)]);
      expect(store.outbox.waiting(destination).count).toBe(1);
      expect(store.outbox.deadCount(destination)).toBe(0);
    }
    expect(store.stock(anyStock).rows).toMatchObject([{ location: 'floor', quantity: 1 }]);
    expect(store.checkStock()).toEqual([]);
    expect(bytesOf(path)).not.toContain(cardHex);
  }

  it('is no thing any more, on disk and in what waits, when it is registered, with consent or without', async () => {
    for (const given of [true, false]) {
      const world = await mistaken();
      expect(bytesOf(world.path)).toContain(cardHex);
      await world.store.customers.put(person('crm-7', given), [card]);
      await expectOnlyTheItem(world);
    }
  });

  it('is no thing any more when its person is erased, though it became one after it was registered', async () => {
    const path = folder();
    const store = open(path);
    await store.customers.put(person('crm-7'), [card]);
    await store.append(batch({ observations: [observation(1)], events: [event('e1', thing(uid)), arrival(1)] }));
    await tell(store, 'a', 'b');
    expect((await store.customers.erase('crm-7')).rows).toBeGreaterThan(4);
    await expectOnlyTheItem({ path, store });
  });

  it('keeps where it is known to be when the CRM names the same person again', async () => {
    const store = open(folder());
    await store.customers.put(person('crm-7'), [card]);
    await store.append(batch({ observations: [observation('x', { id: card, hex: cardHex })] }));
    await store.customers.put(person('crm-7'), [card, 'token-2']);
    expect(store.presences().map(({ id }) => id)).toEqual([card]);
  });

  it('stays a thing when registering it is refused', async () => {
    const { store } = await mistaken();
    await store.customers.put(person('crm-7'), ['token-7']);
    await expect(store.customers.put(person('crm-8'), [card, 'token-7'])).rejects.toThrow();
    expect(store.lookUp(card)).not.toBeNull();
  });

  it('that is a tag on goods leaves the item and its stock where they are', async () => {
    const store = open(folder());
    await store.append(batch({ observations: [observation(1)], events: [arrival(1)] }));
    await store.customers.put(person('crm-7'), [idOf(1)]);
    await store.customers.erase('crm-7');
    expect(store.lookUp(idOf(1))).toEqual(item(1));
    expect(store.eventsAfter(0, 10)).toHaveLength(1);
    expect(store.stock(anyStock).rows).toMatchObject([{ quantity: 1 }]);
    expect(store.checkStock()).toEqual([]);
  });
});

describe('a token of an erased person', () => {
  it('counts as one without consent, by each of its names and after a restart, until somebody agrees again', async () => {
    const path = folder();
    const store = open(path);
    await store.customers.put(person('crm-7'), [card]);
    await store.customers.erase('crm-7');
    await store.close();
    const again = open(path);
    expect(again.customers.byToken(card)?.consent.given).toBe(false);
    expect(again.customers.byToken('urn:silentgate:uid:E28011700000020F5C2A1B3C')).toEqual(erased);
    expect(bytesOf(path)).not.toMatch(/crm-7|E28011700000020F5C2A1B3C/);
    await again.customers.put(person('crm-9', false), [card]);
    await again.customers.put(person('crm-9', false), []);
    expect(again.customers.byToken(card)).toEqual(erased);
    await again.customers.put(person('crm-9'), [card]);
    expect(again.customers.byToken(card)).toEqual(person('crm-9'));
    await again.customers.put(person('crm-9'), []);
    expect(again.customers.byToken(card)).toBeNull();
  });
});

describe('the token key', () => {
  it('is made once and readable by its owner only', async () => {
    const path = folder();
    await open(path).close();
    const key = readFileSync(join(path, 'token.key'));
    expect(key).toHaveLength(32);
    expect(statSync(join(path, 'token.key')).mode & 0o777).toBe(0o600);
    await open(path).close();
    expect(readFileSync(join(path, 'token.key'))).toEqual(key);
  });

  it('that is missing, damaged or another one stops the start instead of knowing nobody any more', async () => {
    const path = folder();
    await open(path).close();
    const unsafe = expect.objectContaining({ code: 'STORE_UNSAFE' });
    const key = readFileSync(join(path, 'token.key'));
    writeFileSync(join(path, 'token.key'), Buffer.alloc(32));
    expect(() => open(path)).toThrow(unsafe);
    writeFileSync(join(path, 'token.key'), 'short');
    expect(() => open(path)).toThrow(unsafe);
    rmSync(join(path, 'token.key'));
    expect(() => open(path)).toThrow(unsafe);
    writeFileSync(join(path, 'token.key'), key);
    open(path);
  });
});

describe('API keys', () => {
  it('are listed, found by hash, and kept when revoked', async () => {
    const store = open(folder());
    const [till, dock] = [
      { id: 'k1', name: 'till', kind: 'http', scopes: ['stock:read', 'stock:write'], readers: [] },
      { id: 'k2', name: 'dock', kind: 'mqtt', scopes: [], readers: ['dock-1', 'dock-2'] },
    ] as const;
    await store.keys.create({ ...till, secretHash: 'hash-1', at });
    await store.keys.create({ ...dock, secretHash: 'hash-2', at: at + 1 });
    expect(store.keys.live('k2')).toMatchObject({ id: 'k2', readers: ['dock-1', 'dock-2'] });
    await store.keys.used('k1', at + 10);
    await store.keys.used('k1', at + 5);
    expect(await store.keys.revoke('k2', at + 20)).toBe(true);
    expect(await store.keys.revoke('k2', at + 30)).toBe(false);
    expect(await store.keys.revoke('k3', at)).toBe(false);
    expect(store.keys.list()).toEqual([
      { ...till, createdAt: at, lastUsedAt: at + 10, revokedAt: null },
      { ...dock, createdAt: at + 1, lastUsedAt: null, revokedAt: at + 20 },
    ]);
    expect(store.keys.byHash('hash-2')?.revokedAt).toBe(at + 20);
    expect(store.keys.byHash('hash-3')).toBeNull();
    expect([store.keys.live('k2'), store.keys.live('k3')]).toEqual([null, null]);
  });
});
