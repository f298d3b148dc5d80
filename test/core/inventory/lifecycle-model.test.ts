import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lifecycles } from '../../../src/inventory/index.ts';
import { bucketOf, type LifecycleFacts, lifecycleInputs, nextLifecycle } from '../../../src/inventory/lifecycle.ts';
import { bucketByLifecycle, lifecycleRows, terminal } from '../../../src/inventory/lifecycle-table.ts';

const golden = JSON.parse(readFileSync(new URL('../../golden/item-state-model.json', import.meta.url), 'utf8'));

type Model = (from: string | null, facts: LifecycleFacts) => string | null;

const stock = ['IN_STOCK', 'ALLOCATED'];
const has = (list: readonly string[], from: string | null) => from !== null && list.includes(from);

/** The lifecycle written a second time, from the prose of docs/item-model.md and by input instead of by row. */
const model: Readonly<Record<string, Model>> = {
  read: (from) => (from === null ? 'UNREGISTERED' : null),
  asn: (from) => (from === null || from === 'UNREGISTERED' ? 'EXPECTED' : null),
  encode: (from) => (from === null ? 'ENCODED' : null),
  commission: (from) => (from === null || has(['UNREGISTERED', 'ENCODED'], from) ? 'IN_STOCK' : null),
  receive: (from) => (from === null || has(['UNREGISTERED', 'EXPECTED', 'OUTBOUND'], from) ? 'IN_STOCK' : null),
  asnClose: (from) => (from === 'EXPECTED' ? 'MISSING' : null),
  allocate: (from) => (from === 'IN_STOCK' ? 'ALLOCATED' : null),
  release: (from) => (from === 'ALLOCATED' ? 'IN_STOCK' : null),
  hold: (from) => (has([...stock, 'IN_SERVICE'], from) ? 'HELD' : null),
  clear: (from, f) => (from === 'HELD' && f.owner === 'own' ? 'IN_STOCK' : null),
  ship: (from, f) => (has(stock, from) || (from === 'HELD' && f.owner === 'own') ? 'OUTBOUND' : null),
  voidShip: (from) => (from === 'OUTBOUND' ? 'IN_STOCK' : null),
  sell: (from, f) => {
    const display = from === 'HELD' && f.owner === 'own' && f.reason === 'display';
    return display || has([...stock, 'MISSING', 'EXPECTED', 'UNREGISTERED', 'STOLEN'], from) ? 'SOLD' : null;
  },
  return: (from) => (from === 'SOLD' ? 'HELD' : null),
  voidSale: (from) => (from === 'SOLD' ? 'IN_STOCK' : null),
  issue: (from) => (from === 'IN_STOCK' ? 'WITH_HOLDER' : null),
  checkin: (from, f) => (from === 'WITH_HOLDER' || (from === 'LOST' && f.owner === 'own') ? 'IN_STOCK' : null),
  serviceOut: (from, f) =>
    has(['IN_STOCK', 'WITH_HOLDER'], from) || (from === 'HELD' && f.owner === 'own') ? 'IN_SERVICE' : null,
  serviceIn: (from) => (from === 'IN_SERVICE' ? 'IN_STOCK' : null),
  exitUnpaid: (from, f) =>
    f.confidence >= 0.9 && (has(stock, from) || (from === 'HELD' && f.owner === 'own')) ? 'STOLEN' : null,
  notSeen: (from, f) =>
    f.counts >= 2 && (has(stock, from) || (from === 'HELD' && f.owner === 'own')) ? 'MISSING' : null,
  overdue: (from) => (has(['WITH_HOLDER', 'IN_SERVICE'], from) ? 'LOST' : from === 'OUTBOUND' ? 'MISSING' : null),
  reportLost: (from) => (has(['SOLD', 'WITH_HOLDER'], from) ? 'LOST' : null),
  handover: (from, f) => (from === 'LOST' || (from === 'HELD' && f.owner === 'customer') ? 'SOLD' : null),
  retire: (from) => (from === null || from === 'RETIRED' ? null : 'RETIRED'),
  seen: (from, f) => {
    if (from === null || from === 'RETIRED') return null;
    if (from === 'EXPECTED' && f.atDock) return 'IN_STOCK';
    if (from === 'MISSING' && !f.atExit) return 'IN_STOCK';
    if (from === 'LOST' || (from === 'STOLEN' && !f.atExit)) return 'HELD';
    return from;
  },
};

const facts: fc.Arbitrary<LifecycleFacts> = fc.record({
  owner: fc.constantFrom('own' as const, 'customer' as const, 'vendor' as const),
  reason: fc.constantFrom(null, 'display', 'damaged'),
  confidence: fc.constantFrom(0, 0.89, 0.9, 1),
  counts: fc.constantFrom(0, 1, 2, 3),
  atDock: fc.boolean(),
  atExit: fc.boolean(),
});

describe('the lifecycle table', () => {
  it('is the golden file, row by row', () => {
    expect(lifecycleRows).toEqual(golden.rows);
    expect(bucketByLifecycle).toEqual(golden.bucket);
    expect(terminal).toEqual(golden.terminal);
  });

  it('says the same as the model, for every lifecycle, input and fact', () => {
    expect([...lifecycleInputs].sort()).toEqual(Object.keys(model).sort());
    fc.assert(
      fc.property(
        fc.constantFrom(null, ...lifecycles),
        fc.constantFrom(...Object.keys(model)),
        facts,
        (from, input, given) => {
          expect(nextLifecycle(from, input, given)).toBe(model[input]?.(from, given));
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it('reaches all 14 lifecycles from an unknown item', () => {
    const given: LifecycleFacts = {
      owner: 'own',
      reason: null,
      confidence: 1,
      counts: 2,
      atDock: false,
      atExit: false,
    };
    const reached = new Set<(typeof lifecycles)[number] | null>([null]);
    for (const from of reached) {
      for (const input of lifecycleInputs) {
        const to = nextLifecycle(from, input, given);
        if (to !== null) reached.add(to);
      }
    }
    reached.delete(null);
    expect([...reached].sort()).toEqual([...lifecycles].sort());
  });

  it('counts only own things with a GTIN at a known location', () => {
    const item = { lifecycle: 'IN_STOCK', owner: 'own', gtin: '1', location: 'a' } as const;
    expect(bucketOf(item, 'sales-floor')).toBe('on_floor');
    expect(bucketOf(item, 'back-room')).toBe('on_back');
    expect(bucketOf(item, null)).toBeNull();
    expect(bucketOf({ ...item, owner: 'customer' }, 'sales-floor')).toBeNull();
    expect(bucketOf({ ...item, gtin: null }, 'sales-floor')).toBeNull();
    expect(bucketOf({ ...item, location: null }, 'sales-floor')).toBeNull();
    expect(bucketOf({ ...item, lifecycle: 'HELD' }, 'sales-floor')).toBe('held');
  });
});
