import { describe, expect, it } from 'vitest';
import { arrival, at, batch, createStores, customerEvent, idOf } from './store-fixture.ts';

const { folder, open } = createStores();

describe('the log', () => {
  it('gives facts of items and customers in one order, by one sequence', async () => {
    const store = open(folder());
    await store.append(batch({ events: [arrival(1)], customerEvents: [customerEvent('c1', 'crm-7')] }));
    await store.append(batch({ events: [arrival(2)] }));
    const facts = store.facts(0, 10);
    expect(facts).toEqual([
      { seq: 1, recordedAt: at + 5_000, kind: 'item', event: arrival(1) },
      { seq: 2, recordedAt: at + 5_000, kind: 'customer', event: customerEvent('c1', 'crm-7') },
      { seq: 3, recordedAt: at + 5_000, kind: 'item', event: arrival(2) },
    ]);
    expect(store.facts(1, 1)).toEqual(facts.slice(1, 2));
    expect(store.facts(3, 10)).toEqual([]);
    expect(store.lastSeq()).toBe(3);
    expect(store.eventsAfter(1, 10).map(({ seq }) => seq)).toEqual([3]);
  });

  it('never gives a sequence number twice, also when the newest facts were erased', async () => {
    const path = folder();
    const first = open(path);
    await first.customers.put({ customer: 'crm-7', consent: { given: true, textVersion: null, at, source: null } }, []);
    await first.append(batch({ events: [arrival(1)], customerEvents: [customerEvent('c1', 'crm-7')] }));
    await first.customers.erase('crm-7');
    await first.close();
    const store = open(path);
    expect(store.facts(0, 10).map(({ seq }) => seq)).toEqual([1]);
    expect(store.lastSeq()).toBe(2);
    expect((await store.append(batch({ events: [arrival(2)] }))).seq).toBe(3);
    expect(store.facts(1, 10)).toMatchObject([{ seq: 3, kind: 'item', event: { item: { id: idOf(2) } } }]);
  });
});

describe('a cursor', () => {
  it('is where its follower left it, also after a restart, and null for one that was never here', async () => {
    const path = folder();
    const first = open(path);
    expect(first.cursors.get('crm')).toBeNull();
    await first.cursors.put('crm', 7);
    await first.cursors.put('live', 2);
    await first.cursors.put('crm', 9);
    await first.close();
    const store = open(path);
    expect([store.cursors.get('crm'), store.cursors.get('live')]).toEqual([9, 2]);
  });
});
