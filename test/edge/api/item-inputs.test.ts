import { expect, test } from 'vitest';
import { gtin, idOf } from '../journal/store-values.ts';
import { lineOver } from '../line/line-scene.ts';
import { createWorlds, t0, type World } from './api-fixture.ts';

const world = createWorlds();
const path = '/api/v1/items/inputs';

type Result = {
  id: string | null;
  item: string | null;
  event: { type: string; lifecycle: string; location: string | null } | null;
  error: { code: string; detail: string; allowed: string[] } | null;
};

/** The API over a real line and database, and its answers to many inputs. */
async function scene() {
  const w: World = await world({ inputs: (given) => lineOver(w.store).line.inputs(given) });
  const key = await w.key('stock:write', 'stock:read');
  const send = async (inputs: unknown[]) => {
    const { status, json } = await w.call('POST', path, key, { inputs });
    return { status, results: (json['results'] ?? []) as Result[], json };
  };
  return { w, key, send };
}

const receive = (serial: number, more: object = {}) => ({
  id: `delivery-${serial}`,
  item: idOf(serial),
  input: 'receive',
  location: 'floor',
  ...more,
});

test('many inputs are one commit, each with its own result; told again they have no effect', async () => {
  const { w, send } = await scene();
  const inputs = Array.from({ length: 500 }, (_, n) => receive(n + 1));
  const { status, results } = await send(inputs);
  expect(status).toBe(200);
  expect(results.map(({ event }) => event?.type)).toEqual(inputs.map(() => 'item.arrived'));
  expect(results[3]).toMatchObject({ id: 'delivery-4', item: idOf(4), error: null });
  const recorded = new Set(w.store.facts(0, 1_000).map(({ recordedAt }) => recordedAt));
  expect(recorded.size).toBe(1);
  const quantity = () =>
    w.store.stock({ gtin, sku: null, locations: null, bucket: null, q: null, cursor: null, limit: 9 }).rows[0]
      ?.quantity;
  expect(quantity()).toBe(500);
  const again = await send(inputs);
  expect(again.results.every(({ event, error }) => event === null && error === null)).toBe(true);
  expect(quantity()).toBe(500);
});

test('an item’s inputs are taken in their order, and the same id twice in one call has one effect', async () => {
  const { send } = await scene();
  const sell = { id: 'receipt-1', item: idOf(1), input: 'sell' };
  const { results } = await send([receive(1), sell, sell, { id: 'rma-1', item: idOf(1), input: 'return' }]);
  expect(results.map(({ event }) => event?.lifecycle ?? null)).toEqual(['IN_STOCK', 'SOLD', null, 'HELD']);
});

test('one that is wrong says what is allowed, and the others are taken', async () => {
  const { send } = await scene();
  const { status, results } = await send([
    receive(1),
    receive(2, { item: 'hello' }),
    receive(3, { input: 'teleport' }),
    receive(4, { location: 'moon' }),
    receive(5, { at: t0 + 3_600_000 }),
    { item: idOf(6) },
    receive(7, { colour: 'red' }),
    'nothing',
    { id: 'hold-1', item: idOf(1), input: 'hold' },
    { id: 'void-1', item: idOf(1), input: 'voidShip' },
    receive(8),
  ]);
  expect(status).toBe(200);
  expect(results.map(({ event, error }) => event?.type ?? error?.code)).toEqual([
    'item.arrived',
    'TAG_INVALID',
    'LIFECYCLE_REFUSED',
    'LIFECYCLE_REFUSED',
    'REQUEST_INVALID',
    'REQUEST_INVALID',
    'REQUEST_INVALID',
    'REQUEST_INVALID',
    'LIFECYCLE_REFUSED',
    'LIFECYCLE_REFUSED',
    'item.arrived',
  ]);
  const allowed = results.map(({ error }) => error?.allowed.join() ?? '');
  expect(allowed[1]).toMatch(/^\/item: 0-9 A-F/);
  expect(allowed[2]).toMatch(/^\/input: .*receive/);
  expect(allowed[3]).toMatch(/^\/location: floor, /);
  expect(allowed[4]).toBe('/at: not in the future');
  expect(allowed[5]).toMatch(/^\/id: required/);
  expect(allowed[6]).toMatch(/known keys: item, id, input/);
  expect(allowed[8]).toMatch(/^\/reason: damaged/);
  expect(allowed[9]).toMatch(/^\/input: allocate/);
  expect(results.map(({ id }) => id)).toContain('void-1');
});

test('no inputs, too many, or a body of another shape is a 400; without the scope it is a 403', async () => {
  const { w, send } = await scene();
  expect((await send([])).status).toBe(400);
  expect((await send(Array.from({ length: 10_001 }, () => 0))).status).toBe(400);
  expect((await w.call('POST', path, await w.key('stock:write'), { input: 'sell' })).status).toBe(400);
  expect((await w.call('POST', path, await w.key('stock:read'), { inputs: [receive(1)] })).status).toBe(403);
});

test('all of ten thousand are taken in one call', async () => {
  const { w, send } = await scene();
  const { status, results } = await send(Array.from({ length: 10_000 }, (_, n) => receive(n)));
  expect([status, results.filter(({ event }) => event !== null).length]).toEqual([200, 10_000]);
  expect(w.store.lastSeq()).toBe(10_000);
});

test('inputs, one or many, are OVERLOADED and undecided while there is no room for more writes, and taken when there is', async () => {
  const { w, key, send } = await scene();
  let isFull = true;
  Object.assign(w.store, { pressure: () => (isFull ? Promise.resolve() : null) });
  const one = await w.call('POST', `/api/v1/items/${encodeURIComponent(idOf(1))}/inputs`, key, {
    id: 'delivery-1',
    input: 'receive',
    location: 'floor',
  });
  const many = await w.call('POST', path, key, { inputs: [receive(1), receive(2)] });
  for (const { status, json, headers } of [one, many])
    expect([status, json['code'], headers.get('retry-after')]).toEqual([503, 'OVERLOADED', '5']);
  expect(w.store.lastSeq()).toBe(0);
  isFull = false;
  expect((await send([receive(1), receive(2)])).results.map(({ error }) => error)).toEqual([null, null]);
  expect(w.store.lastSeq()).toBe(2);
});
