import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemEvent, StockDelta } from '../../../src/inventory/index.ts';
import { openDatabase } from '../../../src/journal/connection.ts';
import { databaseFile } from '../../../src/journal/files.ts';
import type { Store } from '../../../src/journal/index.ts';
import {
  anyStock,
  arrival,
  at,
  batch,
  createFolders,
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
const lone = createFolders();
const dayMs = 86_400_000;
const keepMs = 10 * dayMs;

/** A store whose clock is in the test’s hand. */
function timed() {
  const clock = { now: at };
  const path = folder();
  return { clock, path, store: open(path, { now: () => clock.now }) };
}

async function pruneAll(store: Store, now: number): Promise<{ removed: number; unread: number }> {
  const sum = { removed: 0, unread: 0 };
  for (let more = true; more; ) {
    const slice = await store.prune(now, keepMs);
    sum.removed += slice.removed;
    sum.unread += slice.unread;
    more = slice.more;
  }
  return sum;
}

describe('facts whose time is over', () => {
  it('go, and history ends where they were; younger ones stay', async () => {
    const { clock, store } = timed();
    await store.append(batch({ events: [arrival(1)], customerEvents: [customerEvent('c1', 'crm-7')] }));
    clock.now += 6 * dayMs;
    await store.append(batch({ events: [event('alert', item(1))] }));
    expect(await pruneAll(store, at + keepMs)).toEqual({ removed: 0, unread: 0 });
    expect(await pruneAll(store, at + keepMs + 1)).toEqual({ removed: 2, unread: 0 });
    expect(store.facts(0, 10).map((fact) => fact.event.id)).toEqual(['alert']);
    expect(store.history(idOf(1), null, 10)).toMatchObject({ rows: [{ event: { id: 'alert' } }], next: null });
    expect(store.lookUp(idOf(1))).toEqual(item(1));
    expect(store.customers.sights('crm-7', 'card')).toEqual([]);
  });

  it('go slice by slice', async () => {
    const { store } = timed();
    await store.append(batch({ events: Array.from({ length: 500 }, (_, n) => arrival(n)) }));
    const slices = await Promise.all([1, 2, 3, 4].map(() => store.prune(at + 2 * keepMs, keepMs)));
    expect(slices.map(({ more }) => more)).toEqual([true, true, false, false]);
    expect(slices.reduce((sum, { removed }) => sum + removed, 0)).toBe(500);
    expect(store.checkStock()).toEqual([]);
  });

  it('never give their sequence numbers to others', async () => {
    const { clock, path, store } = timed();
    await store.append(batch({ events: [arrival(1), arrival(2)] }));
    expect((await pruneAll(store, at + keepMs + 1)).removed).toBe(2);
    await store.close();
    const later = open(path, { now: () => clock.now });
    expect(later.lastSeq()).toBe(2);
    expect((await later.append(batch({ events: [arrival(3)] }))).seq).toBe(3);
  });

  it('wait for a follower that has not read them, but no longer than twice their time, and are counted then', async () => {
    const { store } = timed();
    await store.append(batch({ events: [arrival(1), arrival(2), arrival(3)] }));
    await store.cursors.put('main', 1);
    await store.cursors.put('live', 3);
    expect(await pruneAll(store, at + keepMs + 1)).toEqual({ removed: 1, unread: 0 });
    expect(await pruneAll(store, at + 2 * keepMs)).toEqual({ removed: 0, unread: 0 });
    expect(await pruneAll(store, at + 2 * keepMs + 1)).toEqual({ removed: 2, unread: 2 });
  });

  it('leave stock equal to base and log, whatever is pruned, and rebuild-stock writes the same', async () => {
    const moves = fc.array(
      fc.record({
        serial: fc.nat(3),
        to: fc.constantFrom('floor', 'back', null),
        days: fc.nat(4),
        prune: fc.boolean(),
      }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(moves, async (steps) => {
        const clock = { now: at };
        const store = open(lone(), { now: () => clock.now });
        const where = new Map<number, string | null>();
        for (const [n, { serial, to, days, prune }] of steps.entries()) {
          clock.now += days * dayMs;
          const from = where.get(serial) ?? null;
          where.set(serial, to);
          await store.append(batch({ events: [move(n, serial, from, to)] }));
          if (prune) await store.prune(clock.now, keepMs);
          expect(store.checkStock()).toEqual([]);
        }
        expect(await store.rebuildStock()).toEqual([]);
        await store.close();
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('stay out of what rebuild-stock writes anew: the base holds them', async () => {
    const { path, store } = timed();
    await store.append(batch({ events: [arrival(1), arrival(2)] }));
    await pruneAll(store, at + keepMs + 1);
    await store.append(batch({ events: [arrival(3)] }));
    spoil(path);
    expect(store.checkStock()).toMatchObject([{ live: 8, rebuilt: 3 }]);
    expect(await store.rebuildStock()).toHaveLength(1);
    expect(store.stock(anyStock).rows).toMatchObject([{ quantity: 3 }]);
  });

  it('whose ids come again count as new: the item is what its newest input made of it all the same', async () => {
    const { store } = timed();
    await store.append(batch({ events: [event('told', item(1, { bucket: null }))] }));
    expect((await store.append(batch({ events: [event('told', item(1, { bucket: null }))] }))).duplicates).toEqual([
      idOf(1),
    ]);
    await pruneAll(store, at + keepMs + 1);
    expect(await store.append(batch({ events: [event('told', item(1, { bucket: null }))] }))).toEqual({
      seq: 2,
      duplicates: [],
    });
    expect(store.history(idOf(1), null, 10).rows).toHaveLength(1);
  });
});

function move(n: number, serial: number, from: string | null, to: string | null): ItemEvent {
  const stock: StockDelta[] = [];
  if (from !== null) stock.push(minus(from));
  if (to !== null) stock.push(plus(to));
  return event(`move-${n}`, item(serial, { location: to ?? from, bucket: to === null ? null : 'on_floor' }), { stock });
}

/** The item comes where it was not here, and goes where it was. */
function toggled(n: number, serial: number, here: Set<number>): ItemEvent {
  const leaves = here.delete(serial);
  if (!leaves) here.add(serial);
  const bucket = leaves ? null : 'on_floor';
  return event(`m-${n}`, item(serial, { bucket }), { stock: [leaves ? minus() : plus()] });
}

/** Changes a number of stock behind the gateway’s back. */
function spoil(path: string): void {
  const db = openDatabase(databaseFile(path));
  db.exec('UPDATE stock SET quantity = 8');
  db.close();
}

describe('stock at a time', () => {
  it('is that of the books then, within a day and between days, also after the events are pruned', async () => {
    const { clock, store } = timed();
    const days = [arrival(1), arrival(2), event('gone', item(1, { bucket: null }), { stock: [minus()] }), arrival(4)];
    for (const one of days) {
      await store.append(batch({ events: [one] }));
      clock.now += dayMs / 4;
    }
    clock.now = at + 5 * dayMs;
    await store.append(batch({ events: [arrival(5, { stock: [plus('back')] }), arrival(6)] }));
    const count = (time: number) => store.stockAt(time, gtin).reduce((sum, line) => sum + line.quantity, 0);
    const asked = [-1, 0, dayMs / 4, dayMs / 2, (3 * dayMs) / 4, 2 * dayMs, 5 * dayMs, 50 * dayMs];
    expect(asked.map((after) => count(at + after))).toEqual([0, 1, 2, 1, 2, 2, 4, 4]);
    expect(store.stockAt(at + 9 * dayMs, '04710088000026')).toEqual([]);
    expect(store.stockAt(at + 9 * dayMs, null)).toEqual([
      { gtin, location: 'back', bucket: 'on_floor', quantity: 1 },
      { gtin, location: 'floor', bucket: 'on_floor', quantity: 3 },
    ]);
    // the events of the first two days go: of these days the beginning is left, later ones are as they were
    await pruneAll(store, at + 4 * dayMs + keepMs);
    expect(asked.map((after) => count(at + after))).toEqual([0, 0, 0, 0, 1, 2, 4, 4]);
  });

  it('equals what was counted at that time, whatever happened since', async () => {
    const steps = fc.array(fc.record({ serial: fc.nat(9), hours: fc.nat(40) }), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(steps, async (moves) => {
        const clock = { now: at };
        const store = open(lone(), { now: () => clock.now });
        const here = new Set<number>();
        const seen: [number, number][] = [];
        for (const [n, { serial, hours }] of moves.entries()) {
          clock.now += hours * 3_600_000 + 1;
          await store.append(batch({ events: [toggled(n, serial, here)] }));
          seen.push([clock.now, here.size]);
        }
        for (const [time, size] of seen) expect(store.stockAt(time, gtin)[0]?.quantity ?? 0).toBe(size);
        await store.close();
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

describe('last sights whose time is over', () => {
  it('go at the start of a gateway, of items and of tags that are none', async () => {
    const path = folder();
    const first = open(path);
    const old = { lastSeenAt: at - 1 };
    await first.append(
      batch({
        events: [arrival(1)],
        observations: [
          observation(1),
          observation(2, old),
          observation(3),
          observation(1, { readPoint: 'desk', ...old }),
        ],
      }),
    );
    await first.close();
    const store = open(path, { now: () => at + dayMs, lastSightsMs: dayMs });
    expect(store.presences().map(({ id, readPoint }) => [id, readPoint])).toEqual([
      [idOf(1), 'shelf-1'],
      [idOf(3), 'shelf-1'],
    ]);
    expect(store.lookUp(idOf(1))).not.toBeNull();
  });
});
