import { expect, test } from 'vitest';
import { said } from '../../../src/kit/index.ts';
import { encodeEpc } from '../../../src/tags/index.ts';
import { arrival, batch, event, gtin, idOf, item, plus, tell } from '../journal/store-values.ts';
import { lineOver } from '../line/line-scene.ts';
import { createWorlds, t0, type World } from './api-fixture.ts';

const world = createWorlds();
const v1 = '/api/v1';

async function stocked(w: World): Promise<void> {
  await w.store.putProducts([{ gtin, sku: 'TEE-01', name: '白色棉質上衣' }]);
  await w.store.append(batch({ events: [arrival(1), arrival(2)] }));
}

test('health tells the anonymous that the gateway works, and nothing else', async () => {
  const w = await world();
  const { status, json } = await w.call('GET', `${v1}/health`, null);
  expect(status).toBe(200);
  expect(json).toEqual({ status: 'ok', version: '0.0.0-test', ready: true });
});

test('stock is found by two Chinese characters, by GTIN of any length and by a place above', async () => {
  const w = await world();
  await stocked(w);
  const key = await w.key('stock:read');
  const row = { gtin, sku: 'TEE-01', name: '白色棉質上衣', location: 'floor', bucket: 'on_floor', quantity: 2 };
  for (const query of ['', '?q=棉質', '?gtin=4710088000019', '?location=store', '?sku=TEE-01&bucket=on_floor']) {
    const { status, json } = await w.call('GET', `${v1}/stock${query}`, key);
    expect([query, status, json]).toEqual([query, 200, { rows: [row], next: null }]);
  }
  expect((await w.call('GET', `${v1}/stock?location=back`, key)).json).toEqual({ rows: [], next: null });
});

test('an item is found by every spelling of its EPC', async () => {
  const w = await world();
  const first = encodeEpc('urn:epc:tag:sgtin-96:1.0614141.012345.400');
  if (!first.ok) throw new Error(first.error.message);
  const real = item(400, { id: first.epc.id, hex: first.epc.hex ?? '', gtin: first.epc.gtin });
  await w.store.append(
    batch({ events: [event('e-400', real, { stock: [plus('floor', 'on_floor', first.epc.gtin ?? '')] })] }),
  );
  const key = await w.key('stock:read');
  const forms = [first.epc.hex, first.epc.tagUri, first.epc.epcUri, first.epc.elementString, first.epc.digitalLink];
  expect(forms).not.toContain(null);
  for (const form of forms) {
    const { status, json } = await w.call('GET', `${v1}/items/${encodeURIComponent(form ?? '')}`, key);
    expect([form, status, json['id']]).toEqual([form, 200, first.epc.id]);
  }
});

test('an item carries every axis, and the product’s name', async () => {
  const w = await world();
  await stocked(w);
  const { json } = await w.call('GET', `${v1}/items/${encodeURIComponent(idOf(1))}`, await w.key('stock:read'));
  const lastSeen = { at: t0, readPoint: null, location: null, reader: null, antenna: null, rssi: null };
  expect(json).toEqual({ ...item(1), sku: 'TEE-01', name: '白色棉質上衣', lastSeen });
});

test('an item that still lies there shows its newest sight, not the one on disk', async () => {
  const seen = { readPoint: 'shelf-1', reader: 'desk-1', antenna: 2, rssi: -40, at: t0 + 90_000, reads: 9 };
  const w = await world({ presence: { lastSeen: () => seen, presentAt: () => ({}) } });
  await stocked(w);
  const { json } = await w.call('GET', `${v1}/items/${encodeURIComponent(idOf(1))}`, await w.key('stock:read'));
  expect(json).toMatchObject({ lastSeenAt: t0 + 90_000, antenna: 2, rssi: -40 });
  const { reads: _, ...sighting } = seen;
  expect(json['lastSeen']).toEqual({ ...sighting, location: 'floor' });
});

test('a read elsewhere has its own place and reader, and does not become a read at the place that is believed', async () => {
  const seen = { readPoint: 'dock-in', reader: 'gate', antenna: 3, rssi: -71, at: t0 + 90_000, reads: 1 };
  const w = await world({ presence: { lastSeen: () => seen, presentAt: () => ({}) } });
  await stocked(w);
  const { json } = await w.call('GET', `${v1}/items/${encodeURIComponent(idOf(1))}`, await w.key('stock:read'));
  const { readPoint, location, reader, antenna, rssi } = item(1);
  expect(json).toMatchObject({ readPoint, location, reader, antenna, rssi, lastSeenAt: t0 + 90_000 });
  const { reads: _, ...sighting } = seen;
  expect(json['lastSeen']).toEqual({ ...sighting, location: 'back' });
});

test('after a departure the log tells where the last read was, also when the item was booked elsewhere since', async () => {
  const w = await world();
  await stocked(w);
  const left = item(1, { presence: 'ABSENT', absentReason: 'timeout', reader: 'shelf-reader', antenna: 1, rssi: -60 });
  const booked = { ...left, readPoint: null, location: 'back', reader: null, antenna: null, rssi: null };
  const departed = { ...event('left', left), type: 'item.departed', at: left.lastSeenAt ?? 0 } as const;
  await w.store.append(
    batch({ events: [departed, { ...event('booked', booked), type: 'item.moved', at: t0 + 60_000 }] }),
  );
  const { json } = await w.call('GET', `${v1}/items/${encodeURIComponent(idOf(1))}`, await w.key('stock:read'));
  expect(json).toMatchObject({ location: 'back', reader: null });
  const { readPoint, reader, antenna, rssi } = left;
  expect(json['lastSeen']).toEqual({ at: left.lastSeenAt, readPoint, location: 'floor', reader, antenna, rssi });
});

test('what is no identifier is a 400 that says what would have been one; what was never seen is a 404', async () => {
  const w = await world();
  const key = await w.key('stock:read');
  const bad = await w.call('GET', `${v1}/items/${encodeURIComponent('urn:epc:id:nonsense:1.2')}`, key);
  expect([bad.status, bad.json['code']]).toEqual([400, 'TAG_INVALID']);
  const unknown = await w.call('GET', `${v1}/items/${encodeURIComponent(idOf(99))}`, key);
  expect([unknown.status, unknown.json['code']]).toEqual([404, 'NOT_FOUND']);
});

test('lists page by cursor and end', async () => {
  const w = await world();
  await w.store.append(batch({ events: [1, 2, 3, 4, 5].map((serial) => arrival(serial)) }));
  const key = await w.key('stock:read');
  const seen: unknown[] = [];
  let query = '?limit=2';
  for (let pages = 0; pages < 3; pages++) {
    const { json } = await w.call('GET', `${v1}/items${query}`, key);
    seen.push(...(json['rows'] as { id: string }[]).map((row) => row.id));
    query = `?limit=2&cursor=${String(json['next'])}`;
    if (pages === 2) expect(json['next']).toBeNull();
  }
  expect(new Set(seen)).toEqual(new Set([1, 2, 3, 4, 5].map(idOf)));
  expect((await w.call('GET', `${v1}/items?cursor=nonsense`, key)).status).toBe(400);
});

test('history is newest first, with what happened and where', async () => {
  const w = await world();
  await stocked(w);
  await w.store.append(
    batch({
      events: [
        event('sold-1', item(1, { lifecycle: 'SOLD', bucket: null }), {
          type: 'item.sold',
          input: 'sell',
          at: t0 + 60_000,
        }),
      ],
    }),
  );
  const { json } = await w.call('GET', `${v1}/items/${encodeURIComponent(idOf(1))}/history`, await w.key('stock:read'));
  const rows = json['rows'] as Record<string, unknown>[];
  expect(rows.map((row) => row['type'])).toEqual(['item.sold', 'item.arrived']);
  expect(rows[0]).toEqual({
    seq: 3,
    id: 'sold-1',
    type: 'item.sold',
    input: 'sell',
    at: t0 + 60_000,
    recordedAt: t0,
    alert: null,
    fromLocation: null,
    location: 'floor',
    fromLifecycle: null,
    lifecycle: 'SOLD',
    readPoint: 'shelf-1',
    reader: 'desk-1',
    antenna: 1,
    rssi: -55.5,
    bizStep: 'stocking',
    disposition: 'sellable_accessible',
  });
});

test('an input reaches the line with the item’s identity and the present time', async () => {
  const w = await world();
  w.now.inputEvents = [event('sold-1', item(1, { lifecycle: 'SOLD' }), { type: 'item.sold', input: 'sell' })];
  const path = `${v1}/items/${encodeURIComponent(idOf(1))}/inputs`;
  const { status, json } = await w.call('POST', path, await w.key('stock:write'), { id: 'pos-1', input: 'sell' });
  expect(status).toBe(200);
  expect(json['events']).toMatchObject([{ id: 'sold-1', type: 'item.sold', lifecycle: 'SOLD' }]);
  expect(w.inputs).toEqual([
    { id: 'pos-1', input: 'sell', item: idOf(1), hex: null, at: t0, location: null, reason: null, party: null },
  ]);
});

test('an input’s id is of its item: told of two items it has an effect on each, told again it has none', async () => {
  const w: World = await world({ inputs: (given) => lineOver(w.store).line.inputs(given) });
  await stocked(w);
  const key = await w.key('stock:write', 'stock:read');
  const sell = async (serial: number) => {
    const path = `${v1}/items/${encodeURIComponent(idOf(serial))}/inputs`;
    const { status, json } = await w.call('POST', path, key, { id: 'receipt-77', input: 'sell' });
    return [status, (json['events'] as { type: string }[]).map(({ type }) => type)];
  };
  expect(await sell(1)).toEqual([200, ['item.sold']]);
  expect(await sell(2)).toEqual([200, ['item.sold']]);
  expect(await sell(1)).toEqual([200, []]);
  expect(await sell(2)).toEqual([200, []]);
  for (const serial of [1, 2]) {
    expect(w.store.lookUp(idOf(serial))?.lifecycle).toBe('SOLD');
    expect(
      w.store.history(idOf(serial), null, 10).rows.filter(({ event: told }) => told.input === 'sell'),
    ).toHaveLength(1);
  }
  expect((await w.call('GET', `${v1}/stock`, key)).json['rows']).toEqual([]);
});

test('an input that the lifecycle refuses is a 409, one from the future a 400', async () => {
  const w = await world();
  const key = await w.key('stock:write');
  const path = `${v1}/items/${encodeURIComponent(idOf(1))}/inputs`;
  w.now.refusal = 'NO_ROW';
  const refused = await w.call('POST', path, key, { id: 'a', input: 'sell' });
  expect([refused.status, refused.json['code']]).toEqual([409, 'LIFECYCLE_REFUSED']);
  const ahead = await w.call('POST', path, key, { id: 'a', input: 'sell', at: t0 + 3_600_000 });
  expect([ahead.status, ahead.json['code']]).toEqual([400, 'REQUEST_INVALID']);
  expect(w.inputs).toHaveLength(1);
});

test('places carry their read points and what is present there', async () => {
  const w = await world();
  const { json } = await w.call('GET', `${v1}/locations`, await w.key('stock:read'));
  expect((json['rows'] as unknown[])[2]).toEqual({
    id: 'floor',
    kind: 'sales-floor',
    name: '賣場',
    parent: 'store',
    readPoints: [{ id: 'shelf-1', kind: 'shelf', present: 2 }],
  });
});

test('readers show link, antennas, rejections and samples', async () => {
  const w = await world();
  const key = await w.key('readers:read');
  expect((await w.call('GET', `${v1}/readers`, key)).json).toEqual({ rows: w.now.readers });
  expect((await w.call('GET', `${v1}/readers/desk-1`, key)).json).toEqual(w.now.readers[0]);
  expect((await w.call('GET', `${v1}/readers/none`, key)).status).toBe(404);
});

test('a dead letter is listed without its body, and sent again', async () => {
  const w = await world();
  await stocked(w);
  await tell(w.store, 'main');
  const [row] = await w.store.outbox.due('main', t0, 10, new Set());
  if (row === undefined) throw new Error('nothing waits');
  await w.store.outbox.bury('main', [row.seq], said('HTTP 422'), 422, t0);
  const key = await w.key('crm:read', 'crm:admin');
  const { json } = await w.call('GET', `${v1}/destinations/main/dead-letters`, key);
  const { data: _data, ...shown } = { ...row, attempts: row.attempts + 1, reason: 'HTTP 422', status: 422, diedAt: t0 };
  expect(json['rows']).toMatchObject([{ ...shown, attempts: expect.any(Number) }]);
  expect(JSON.stringify(json)).not.toContain('epcis');
  expect((await w.call('POST', `${v1}/destinations/main/resend`, key, { seqs: null })).json).toEqual({ resent: 1 });
  expect((await w.call('POST', `${v1}/destinations/none/resend`, key, { seqs: null })).status).toBe(404);
});

test('a disabled destination is enabled', async () => {
  const w = await world();
  w.now.destinations = w.now.destinations.map((d) => ({ ...d, state: 'disabled' as const }));
  expect((await w.call('POST', `${v1}/destinations/main/enable`, await w.key('crm:admin'))).status).toBe(204);
  const { json } = await w.call('GET', `${v1}/destinations`, await w.key('crm:read'));
  expect(json['rows']).toMatchObject([{ id: 'main', state: 'ok' }]);
});

test('a product is set under its GTIN-14, and one with a wrong check digit is refused', async () => {
  const w = await world();
  const key = await w.key('stock:read', 'products:write');
  const body = { sku: 'TEE-01', name: '上衣' };
  expect((await w.call('PUT', `${v1}/products/4710088000019`, key, body)).json).toEqual({ gtin, ...body });
  expect((await w.call('GET', `${v1}/products/${gtin}`, key)).json).toEqual({ gtin, ...body });
  expect((await w.call('GET', `${v1}/products?q=上衣`, key)).json).toEqual({ rows: [{ gtin, ...body }], next: null });
  expect((await w.call('PUT', `${v1}/products/4710088000010`, key, body)).json['code']).toBe('REQUEST_INVALID');
});

test('consent is kept without the tokens’ values, and erased', async () => {
  const w = await world();
  const key = await w.key('privacy:admin');
  const consent = { given: true, textVersion: 'v1', at: t0, source: 'app' };
  const put = await w.call('PUT', `${v1}/customers/c-1`, key, { tokens: [idOf(7)], consent });
  expect(put.json).toEqual({ customer: 'c-1', consent, tokens: 1 });
  expect(w.store.customers.byToken(idOf(7))?.customer).toBe('c-1');
  const bad = await w.call('PUT', `${v1}/customers/c-1`, key, { tokens: ['urn:epc:id:none:1'], consent });
  expect(bad.json['errors']).toMatchObject([{ pointer: '/tokens/0' }]);
  for (const token of ['4012345123456', '73152606', '0104012345123456', '(01)04012345123456(10)L', '8004950600ABC']) {
    const refused = await w.call('PUT', `${v1}/customers/c-1`, key, { tokens: [token], consent });
    expect([token, refused.status]).toEqual([token, 400]);
  }
  const cards = { tokens: ['04252614', 'uid:73152606', 'uid:04:A1:B2:C3:D4:E5:F6'], consent };
  expect((await w.call('PUT', `${v1}/customers/c-1`, key, cards)).json['tokens']).toBe(3);
  for (const uid of ['04252614', '73152606', '04A1B2C3D4E5F6'])
    expect(w.store.customers.byToken(`urn:silentgate:uid:${uid}`)?.customer).toBe('c-1');
  expect((await w.call('DELETE', `${v1}/customers/c-1`, key)).json['removed']).toBeGreaterThan(0);
  expect((await w.call('GET', `${v1}/customers/c-1`, key)).status).toBe(404);
});
