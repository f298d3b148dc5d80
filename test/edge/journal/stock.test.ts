import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bucket, ItemEvent, StockDelta } from '../../../src/inventory/index.ts';
import { openDatabase } from '../../../src/journal/connection.ts';
import { databaseFile } from '../../../src/journal/files.ts';
import { anyStock, arrival, batch, createStores, event, gtin, item, minus, plus } from './store-fixture.ts';

const { folder, open } = createStores();

type Place = { location: string; bucket: Bucket };
const place = fc.option(
  fc.record({
    location: fc.constantFrom('floor', 'back'),
    bucket: fc.constantFrom<Bucket>('on_floor', 'held', 'in_transit'),
  }),
);
const move = fc.record({ serial: fc.nat(4), to: place, repeat: fc.boolean() });

/** The event of an item that goes from one stock line to another, either of which may be none. */
function moving(n: number, serial: number, from: Place | null, to: Place | null): ItemEvent {
  const stock: StockDelta[] = [];
  if (from !== null) stock.push(minus(from.location, from.bucket));
  if (to !== null) stock.push(plus(to.location, to.bucket));
  const now = item(serial, { location: to?.location ?? from?.location ?? null, bucket: to?.bucket ?? null });
  return event(`move-${n}`, now, { stock });
}

describe('stock', () => {
  it('is the sum of the log and of the items after any moves, repeated events included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(move, { maxLength: 5 }), { maxLength: 12 }), async (batches) => {
        const store = open(folder());
        const at = new Map<number, Place | null>();
        let n = 0;
        for (const moves of batches) {
          const events = moves.flatMap(({ serial, to, repeat }) => {
            const one = moving(n++, serial, at.get(serial) ?? null, to);
            at.set(serial, to);
            return repeat ? [one, one] : [one];
          });
          await store.append(batch({ events }));
        }
        expect(store.checkStock()).toEqual([]);
        const counted = store.stock(anyStock).rows.reduce((sum, row) => sum + row.quantity, 0);
        expect(counted).toBe([...at.values()].filter((one) => one !== null).length);
        expect(await store.rebuildStock()).toEqual([]);
        await store.close();
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it('that differs from the log is listed line by line and written anew from the log', async () => {
    const path = folder();
    const store = open(path);
    await store.append(batch({ events: [arrival(1), arrival(2)] }));
    const db = openDatabase(databaseFile(path));
    db.exec(
      "UPDATE stock SET quantity = 9; INSERT INTO stock (gtin, location, bucket, quantity) VALUES ('04710088000026', 'back', 'held', 3)",
    );
    const wrong = [
      { gtin, location: 'floor', bucket: 'on_floor', live: 9, rebuilt: 2 },
      { gtin: '04710088000026', location: 'back', bucket: 'held', live: 3, rebuilt: 0 },
    ];
    expect(store.checkStock()).toEqual(wrong);
    expect(await store.rebuildStock()).toEqual(wrong);
    expect(store.checkStock()).toEqual([]);
    expect(store.stock(anyStock).rows).toMatchObject([{ quantity: 2 }]);
    db.close();
  });

  it('that agrees with the log but not with the items is listed too', async () => {
    const path = folder();
    const store = open(path);
    await store.append(batch({ events: [arrival(1), arrival(2)] }));
    const db = openDatabase(databaseFile(path));
    db.prepare('UPDATE items SET bucket = NULL WHERE n = 2').run();
    expect(store.checkStock()).toEqual([{ gtin, location: 'floor', bucket: 'on_floor', live: 2, rebuilt: 1 }]);
    db.close();
  });
});
