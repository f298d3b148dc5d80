import { describe, expect, it } from 'vitest';
import { identityOf } from '../../../src/tags/index.ts';
import { arrived, departed, gtin, hex, id, rawHex, start, stockOf, types, world } from './fixtures.ts';

describe('an unknown tag', () => {
  it('on a shelf becomes stock there: one announced event, one +1', () => {
    const w = world();
    const events = w.observe(arrived('shelf-1', 0));
    expect(types(events)).toEqual(['item.arrived']);
    expect(events[0]).toMatchObject({ input: 'commission', at: start, action: 'OBSERVE', bizStep: 'stocking' });
    expect(events[0]?.stock).toEqual([{ gtin, location: 'floor', bucket: 'on_floor', delta: 1 }]);
    expect(w.item()).toMatchObject({
      id,
      hex,
      gtin,
      lifecycle: 'IN_STOCK',
      presence: 'PRESENT',
      antenna: 1,
      rssi: -50,
    });
  });

  it('at a commissioning desk gets its identity', () => {
    const w = world({ adopt: 'never' });
    expect(w.observe(arrived('printer', 0))[0]).toMatchObject({
      action: 'ADD',
      bizStep: 'commissioning',
      disposition: 'active',
    });
  });

  it.each(['pos-1', 'pos-2', 'exit-1'])('at %s is somebody passing: kept quiet, no stock', (place) => {
    const w = world();
    expect(types(w.observe(arrived(place, 0)))).toEqual(['item.changed (quiet)']);
    expect(w.item().lifecycle).toBe('UNREGISTERED');
    expect(stockOf(w.log)).toEqual({});
  });

  it('at an exit is not ours to keep in: it is present there, not exiting, also when it comes back to it', () => {
    const w = world();
    w.observe(arrived('exit-1', 0));
    expect(w.item()).toMatchObject({ lifecycle: 'UNREGISTERED', presence: 'PRESENT' });
    w.observe(arrived('pos-2', 5_000), departed('pos-2', 6_000, { elsewhere: 'exit-1' }));
    expect(w.item()).toMatchObject({ readPoint: 'exit-1', presence: 'PRESENT' });
  });

  it('at a till that sells stays somebody passing however often it comes; only an entered product is sold', () => {
    const stranger = world();
    stranger.observe(arrived('pos-1', 0), departed('pos-1', 6_000));
    expect(types(stranger.observe(arrived('pos-1', 60_000)))).toEqual(['item.arrived (quiet)']);
    expect(stranger.item().lifecycle).toBe('UNREGISTERED');
    const own = world({ adopt: 'never', isOwn: (g) => g === gtin });
    own.observe(arrived('pos-1', 0), departed('pos-1', 6_000));
    expect(types(own.observe(arrived('pos-1', 60_000)))).toEqual(['item.sold']);
    expect(own.item()).toMatchObject({ lifecycle: 'SOLD', lifecycleReason: 'sold_unregistered' });
  });

  it('without GTIN is told of where goods are kept, and is no stock', () => {
    const w = world();
    const raw = { id: identityOf(rawHex).epc.id, hex: rawHex };
    expect(types(w.observe(arrived('shelf-1', 0, raw)))).toEqual(['item.arrived']);
    expect(w.items.get(raw.id)).toMatchObject({ lifecycle: 'UNREGISTERED', gtin: null, bucket: null });
  });

  it('whose identity is not that of its EPC (a card number) has no GTIN', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0, { id: 'urn:silentgate:uid:1234' }));
    expect(w.items.get('urn:silentgate:uid:1234')).toMatchObject({ gtin: null, scheme: 'raw', bucket: null });
  });

  it('is adopted by the rule: own products only, or never', () => {
    const foreign = world({ adopt: 'products', isOwn: () => false });
    expect(types(foreign.observe(arrived('shelf-1', 0)))).toEqual(['item.changed (quiet)']);
    const never = world({ adopt: 'never' });
    never.observe(arrived('shelf-1', 0));
    expect(never.item().lifecycle).toBe('UNREGISTERED');
    const own = world({ adopt: 'products', isOwn: (g) => g === gtin });
    own.observe(arrived('shelf-1', 0));
    expect(own.item().lifecycle).toBe('IN_STOCK');
  });

  it('that is ours and nobody registered raises an alert', () => {
    const w = world({ adopt: 'never', isOwn: (g) => g === gtin });
    expect(w.observe(arrived('shelf-1', 0))).toMatchObject([
      { type: 'item.alert', alert: 'unregistered-own', announce: true },
    ]);
  });
});

describe('a known item', () => {
  it('moves between locations aloud, between read points of one location quietly', () => {
    const w = world();
    w.observe(arrived('store-1', 0));
    const moved = w.observe(arrived('shelf-1', 10_000));
    expect(moved).toMatchObject([{ type: 'item.moved', announce: true, fromLocation: 'back', bizStep: 'stocking' }]);
    expect(moved[0]?.stock.map((d) => [d.location, d.bucket, d.delta])).toEqual([
      ['back', 'on_back', -1],
      ['floor', 'on_floor', 1],
    ]);
    expect(types(w.observe(arrived('shelf-2', 20_000)))).toEqual(['item.changed (quiet)']);
    expect(w.item()).toMatchObject({
      readPoint: 'shelf-2',
      location: 'floor',
      previousLocation: 'back',
      placeSince: start + 10_000,
    });
    expect(stockOf(w.log)).toEqual({ 'floor on_floor': 1 });
  });

  it('is sold at a read point that sells, and not at one that only reads', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    expect(types(w.observe(arrived('pos-2', 1000)))).toEqual(['item.moved']);
    expect(types(w.observe(arrived('pos-1', 2000)))).toEqual(['item.sold']);
    expect(w.item()).toMatchObject({ lifecycle: 'SOLD', owner: 'customer', bucket: null });
    expect(stockOf(w.log)).toEqual({});
  });

  it('on hold is not sold: an alert', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    w.input('hold', 1000, { reason: 'recalled' });
    expect(w.observe(arrived('pos-1', 2000))).toMatchObject([{ type: 'item.alert', alert: 'sale-refused' }]);
    expect(w.item().lifecycle).toBe('HELD');
  });

  it('that was expected is received at the dock, and ships at the shipping door', () => {
    const w = world();
    w.input('asn', 0, { location: 'back' });
    expect(stockOf(w.log)).toEqual({ 'back expected': 1 });
    expect(types(w.observe(arrived('dock-in', 1000)))).toEqual(['item.arrived']);
    expect(w.item()).toMatchObject({ lifecycle: 'IN_STOCK', lifecycleReason: null });
    expect(w.observe(arrived('dock-out', 5000))).toMatchObject([{ input: 'ship', type: 'item.moved' }]);
    expect(stockOf(w.log)).toEqual({ 'ramp in_transit': 1 });
  });

  it('that falls silent departs aloud, stays in stock, and comes back as an arrival', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    expect(w.observe(departed('shelf-1', 9000))).toMatchObject([
      { type: 'item.departed', at: start + 9000, stock: [] },
    ]);
    expect(w.item()).toMatchObject({ presence: 'ABSENT', absentReason: 'timeout', bucket: 'on_floor' });
    expect(types(w.observe(arrived('shelf-1', 700_000)))).toEqual(['item.arrived']);
  });

  it('that departs from where it is not any more says nothing', () => {
    const w = world();
    w.observe(arrived('store-1', 0), arrived('shelf-1', 10_000));
    expect(w.observe(departed('store-1', 9000, { elsewhere: 'shelf-1' }))).toEqual([]);
  });

  it('that was read elsewhere since moves back there', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0), arrived('fit-1', 1000));
    const [back] = w.observe(departed('fit-1', 2000, { elsewhere: 'shelf-1' }));
    expect(back).toMatchObject({ type: 'item.moved', fromLocation: 'fitting' });
    expect(w.item()).toMatchObject({ location: 'floor', readPoint: 'shelf-1', presence: 'PRESENT' });
  });

  it('that is retired and read again is an alert and stays retired', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    w.input('retire', 1000);
    const before = w.item();
    expect(w.observe(arrived('shelf-2', 2000))).toMatchObject([
      { type: 'item.alert', alert: 'retired-read', stock: [] },
    ]);
    expect(w.item()).toBe(before);
  });

  it('that was missing is found by being seen', () => {
    const w = world();
    w.input('asn', 0, { location: 'back' });
    w.input('asnClose', 1000);
    expect(w.item().lifecycle).toBe('MISSING');
    expect(types(w.observe(arrived('shelf-1', 2000)))).toEqual(['item.arrived']);
    expect(stockOf(w.log)).toEqual({ 'floor on_floor': 1 });
  });
});

describe('the exit', () => {
  const atExit = () => {
    const w = world();
    w.observe(arrived('shelf-1', 0), arrived('exit-1', 10_000));
    return w;
  };

  it('an unpaid item is exiting, and stolen once it has left with certainty', () => {
    const w = atExit();
    expect(w.item()).toMatchObject({ presence: 'EXITING', bucket: 'on_floor', location: 'door' });
    const events = w.observe(departed('exit-1', 12_000, { confidence: 0.95 }));
    expect(types(events)).toEqual(['item.departed', 'item.alert']);
    expect(events[1]).toMatchObject({
      alert: 'exit-unpaid',
      input: 'exitUnpaid',
      bizStep: 'entering_exiting',
      disposition: 'stolen',
    });
    expect(w.item()).toMatchObject({ lifecycle: 'STOLEN', presence: 'ABSENT', absentReason: 'exit', bucket: null });
    expect(stockOf(w.log)).toEqual({});
  });

  it('without certainty nobody is accused', () => {
    const w = atExit();
    expect(types(w.observe(departed('exit-1', 12_000, { confidence: 0.89 })))).toEqual(['item.departed']);
    expect(w.item().lifecycle).toBe('IN_STOCK');
  });

  it('going back inside ends the exit', () => {
    const w = atExit();
    expect(types(w.observe(departed('exit-1', 12_000, { elsewhere: 'shelf-1' })))).toEqual(['item.moved']);
    expect(w.item()).toMatchObject({ presence: 'PRESENT', location: 'floor', lifecycle: 'IN_STOCK' });
  });

  it('a paid item departs without an alarm; its later visits are told to nobody', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0), arrived('pos-1', 5000), arrived('exit-1', 10_000));
    expect(w.item().presence).toBe('PRESENT');
    expect(types(w.observe(departed('exit-1', 12_000)))).toEqual(['item.departed']);
    const day = 86_400_000;
    const visit = w.observe(arrived('shelf-1', day), arrived('exit-1', day + 9000), departed('exit-1', day + 12_000));
    expect(visit.every((event) => !event.announce)).toBe(true);
    expect(visit[0]?.alert).toBe('possible-return');
    expect(w.item().lifecycle).toBe('SOLD');
  });

  it('a stolen item that comes back has returned, held for inspection', () => {
    const w = atExit();
    w.observe(departed('exit-1', 12_000));
    expect(types(w.observe(arrived('shelf-1', 90_000)))).toEqual(['item.returned']);
    expect(w.item()).toMatchObject({ lifecycle: 'HELD', lifecycleReason: 'found', bucket: 'held' });
  });

  it('an exit told late, from before the item was put back in stock, accuses nobody', () => {
    const w = atExit();
    w.input('allocate', 11_000);
    expect(types(w.observe(departed('exit-1', 10_500)))).toEqual(['item.departed']);
    expect(w.item().lifecycle).toBe('ALLOCATED');
  });

  it('an exit told late, after the sale, is no theft', () => {
    const w = atExit();
    w.input('sell', 11_000);
    expect(types(w.observe(departed('exit-1', 10_500)))).toEqual(['item.departed']);
    expect(w.item().lifecycle).toBe('SOLD');
  });
});

describe('late and repeated sightings', () => {
  it('a sighting older than the place the item is at is logged and changes nothing', () => {
    const w = world();
    w.observe(arrived('store-1', 0), arrived('shelf-1', 100_000));
    const before = w.item();
    expect(types(w.observe(arrived('store-1', 50_000)))).toEqual(['item.ignored (quiet)']);
    expect(w.item()).toBe(before);
  });

  it('a place that was glimpsed first and confirmed last does not turn the guard of places back', () => {
    const w = world();
    w.observe(arrived('shelf-1', 100_000));
    w.observe(arrived('store-1', 99_000, { lastSeenAt: start + 101_000 }));
    expect(w.item()).toMatchObject({ location: 'back', placeSince: start + 100_000 });
    expect(types(w.observe(arrived('shelf-1', 99_200)))).toEqual(['item.ignored (quiet)']);
  });

  it('so is one that names a read point with newer reads', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0));
    expect(types(w.observe(arrived('store-1', 50_000, { elsewhere: 'shelf-1' })))).toEqual(['item.ignored (quiet)']);
  });

  it('the replay of a stay that ended changes nothing', () => {
    const w = world();
    w.observe(arrived('shelf-1', 0), departed('shelf-1', 400));
    const before = w.item();
    const again = w.observe(arrived('shelf-1', 0), departed('shelf-1', 400));
    expect(types(again)).toEqual(['item.ignored (quiet)']);
    expect(w.item()).toBe(before);
  });
});
