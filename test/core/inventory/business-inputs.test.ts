import { describe, expect, it } from 'vitest';
import { arrived, departed, id, start, stockOf, types, world } from './fixtures.ts';

const events = (result: ReturnType<ReturnType<typeof world>['input']>) => (result.ok ? result.events : []);

describe('a business input', () => {
  it('that the table has no row for is refused with a reason', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    expect(w.input('voidShip', 1000)).toEqual({
      ok: false,
      reason: 'an item that is IN_STOCK does not take "voidShip"',
      about: 'input',
      allowed: ['allocate', 'hold', 'ship', 'sell', 'issue', 'serviceOut', 'exitUnpaid', 'notSeen', 'retire', 'seen'],
    });
    expect(w.log).toHaveLength(1);
  });

  it.each([
    ['an unknown input', 'teleport', {}],
    ['an unknown location', 'receive', { location: 'moon' }],
    ['something that is no identity', 'receive', { item: 'hello' }],
    ['a hold without reason', 'hold', {}],
  ])('with %s is refused', (_, input, more) => {
    const w = world();
    if (input === 'hold') w.observe(arrived('shelf-1', 0));
    expect(w.input(input, 1000, more).ok).toBe(false);
  });

  it('makes an item of an identity that no reader has seen', () => {
    const w = world();
    expect(types(events(w.input('receive', 0, { location: 'back' })))).toEqual(['item.arrived']);
    expect(w.item()).toMatchObject({
      id,
      hex: '',
      scheme: expect.stringMatching(/^sgtin/),
      lifecycle: 'IN_STOCK',
      placeSource: 'business',
    });
    expect(stockOf(w.log)).toEqual({ 'back on_back': 1 });
  });

  it('carries its id as cause', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    expect(events(w.input('sell', 1000, { id: 'receipt-1' }))).toMatchObject([
      { type: 'item.sold', cause: 'receipt-1' },
    ]);
  });

  it('older than the last change of lifecycle is logged, not applied; a correction is applied', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    w.input('sell', 5000);
    expect(types(events(w.input('hold', 4000, { reason: 'damaged' })))).toEqual(['item.ignored (quiet)']);
    expect(w.item().lifecycle).toBe('SOLD');
    w.input('voidSale', 4500);
    expect(w.item()).toMatchObject({ lifecycle: 'IN_STOCK', owner: 'own', asOf: start + 5000 });
    expect(stockOf(w.log)).toEqual({ 'floor on_floor': 1 });
  });

  it('names a place only where no reader has placed the item since: an older word never moves it back', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    w.observe(arrived('store-1', 10_000));
    w.input('hold', 5_000, { reason: 'damaged', location: 'till' });
    expect(w.item()).toMatchObject({ lifecycle: 'HELD', location: 'back', placeSource: 'sensor' });
    w.input('clear', 11_000, { location: 'till' });
    expect(w.item()).toMatchObject({ lifecycle: 'IN_STOCK', location: 'till', placeSource: 'business' });
    expect(stockOf(w.log)).toEqual({ 'till on_floor': 1 });
  });

  it('is not late because the item was merely seen since: a till whose clock is behind still sells', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0), arrived('exit-1', 10_000));
    expect(types(events(w.input('sell', 8000)))).toEqual(['item.sold']);
  });

  it('follows loan and service: holder, use count, place', () => {
    const w = world();
    w.observe(arrived('store-1', 0));
    w.input('issue', 1000, { party: 'p-1' });
    expect(w.item()).toMatchObject({
      lifecycle: 'WITH_HOLDER',
      custody: { party: 'p-1', since: start + 1000 },
      bucket: 'issued',
    });
    w.input('serviceOut', 2000);
    expect(w.item()).toMatchObject({ lifecycle: 'IN_SERVICE', custody: null });
    w.input('serviceIn', 3000, { location: 'floor' });
    expect(w.item()).toMatchObject({ lifecycle: 'IN_STOCK', serviceCount: 1, location: 'floor', bucket: 'on_floor' });
    expect(stockOf(w.log)).toEqual({ 'floor on_floor': 1 });
  });

  it('that moves an item leaves it to silence, wherever its tag was last', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    w.input('seen', 1000, { location: 'back' });
    expect(w.item()).toMatchObject({ location: 'back', readPoint: null, presence: 'PRESENT' });
    expect(types(w.observe(departed('shelf-1', 500)))).toEqual(['item.departed']);
    expect(w.item()).toMatchObject({ location: 'back', presence: 'ABSENT' });
  });

  it('return is a return to the CRM, and the goods are held', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    w.input('sell', 1000);
    expect(events(w.input('return', 2000))).toMatchObject([
      { type: 'item.returned', bizStep: 'receiving', disposition: 'returned' },
    ]);
    expect(w.item()).toMatchObject({ lifecycle: 'HELD', lifecycleReason: 'return_inspection', owner: 'own' });
  });

  it('cannot accuse: an unpaid exit and a missed count need evidence that an input does not have', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    expect(w.input('exitUnpaid', 1000).ok).toBe(false);
    expect(w.input('notSeen', 1000).ok).toBe(false);
  });
});
