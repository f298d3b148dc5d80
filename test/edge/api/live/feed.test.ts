import { expect, test } from 'vitest';
import { createKey } from '../../../../src/api/index.ts';
import { GatewayError } from '../../../../src/kit/index.ts';
import { batchOf, identityOf, type TagRead } from '../../../../src/tags/index.ts';
import { eventually } from '../../../fakes/eventually.ts';
import { arrival, batch, customerEvent, gtin, idOf } from '../../journal/store-values.ts';
import { createWorlds, t0 } from '../api-fixture.ts';
import { listen } from './stream.ts';

const world = createWorlds();

function read(epc: string, more: Partial<TagRead> = {}): TagRead {
  return {
    reader: 'desk-1',
    idType: 'epc',
    epc,
    pc: null,
    tid: null,
    antenna: 1,
    rssi: -50,
    count: 1,
    round: false,
    at: t0,
    receivedAt: t0,
    frequencyKhz: null,
    phaseDeg: null,
    seq: null,
    ...more,
  };
}

test('a committed event reaches who listens, with its place in the log and the product’s name', async () => {
  const w = await world();
  await w.store.putProducts([{ gtin, sku: 'TEE-01', name: '上衣' }]);
  const stream = await listen(w, await w.key('events:read'));
  expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  await w.store.append(batch({ events: [arrival(1), arrival(2)] }));
  w.wake();
  await w.clock.advance(20);
  await eventually(() => stream.messages('item').length === 2);
  expect(stream.messages('item')[0]).toEqual({
    event: 'item',
    id: '1',
    data: expect.objectContaining({
      seq: 1,
      type: 'item.arrived',
      item: idOf(1),
      gtin,
      sku: 'TEE-01',
      name: '上衣',
      location: 'floor',
    }),
  });
});

test('who comes back hears what was missed, once; who missed too much or another log hears reset', async () => {
  const w = await world();
  const key = await w.key('events:read');
  await w.store.append(batch({ events: [1, 2, 3].map((serial) => arrival(serial)) }));
  const back = await listen(w, key, { 'last-event-id': '1' });
  await eventually(() => back.messages('item').length === 2);
  expect(back.messages('item').map(({ id }) => id)).toEqual(['2', '3']);
  const elsewhere = await listen(w, key, { 'last-event-id': '999' });
  await eventually(() => elsewhere.messages('reset').length === 1);
  expect(elsewhere.messages('reset')[0]?.id).toBe('3');
  expect((await listen(w, key, { 'last-event-id': 'x' })).status).toBe(400);
});

test('customers have their place among the items, also for who comes back', async () => {
  const w = await world();
  const officer = await w.key('events:read', 'privacy:admin');
  await w.store.append(batch({ events: [arrival(1)], customerEvents: [customerEvent('e-1', 'c-1')] }));
  await w.store.append(batch({ events: [arrival(2)] }));
  const stream = await listen(w, officer, { 'last-event-id': '0' });
  await w.store.append(batch({ customerEvents: [customerEvent('e-2', 'c-1')] }));
  w.wake();
  await w.clock.advance(20);
  const told = () => stream.messages().filter(({ event }) => event === 'item' || event === 'customer');
  await eventually(() => told().length === 4);
  expect(told().map(({ event, id }) => [event, id])).toEqual([
    ['item', '1'],
    ['customer', '2'],
    ['item', '3'],
    ['customer', '4'],
  ]);
  expect(told()[1]?.data).toMatchObject({ id: 'e-1', customer: 'c-1' });
});

test('who was never there hears nothing of the past', async () => {
  const w = await world();
  await w.store.append(batch({ events: [arrival(1)] }));
  const stream = await listen(w, await w.key('events:read'));
  await eventually(() => stream.messages('status').length === 1);
  expect(stream.messages('item')).toEqual([]);
});

test('reads are summed up once a second: rate and unique tags per antenna, newest tags first', async () => {
  const w = await world();
  await w.store.putProducts([{ gtin, sku: null, name: '上衣' }]);
  const stream = await listen(w, await w.key('events:read'));
  const [a, b] = ['3034257BF400B7C000000190', '3034257BF400B7C000000191'];
  await w.clock.advance(1000);
  const now = w.clock.now();
  w.deps.live.reads(
    batchOf([
      read(a, { receivedAt: now }),
      read(b, { receivedAt: now, antenna: 2 }),
      read(a, { receivedAt: now, rssi: -44 }),
    ]),
  );
  await w.clock.advance(1000);
  await eventually(() => stream.messages('reads').length === 2);
  const data = stream.messages('reads')[1]?.data ?? {};
  expect(data).toMatchObject({
    rate: 3,
    unique: 2,
    antennas: [
      { reader: 'desk-1', antenna: 1, readPoint: 'shelf-1', rate: 2, unique: 1 },
      { reader: 'desk-1', antenna: 2, readPoint: null, rate: 1, unique: 1 },
    ],
  });
  expect((data['recent'] as { hex: string }[]).map(({ hex }) => hex)).toEqual([a, b]);
  expect((data['recent'] as unknown[])[0]).toMatchObject({
    readPoint: 'shelf-1',
    antenna: 1,
    rssi: -44,
    reads: 2,
    at: t0,
  });
  await w.clock.advance(11_000);
  await eventually(() => (stream.messages('reads').at(-1)?.data['unique'] ?? 2) === 0);
});

test('a person’s token is counted and never shown', async () => {
  const w = await world();
  const hex = '3034257BF400B7C000000190';
  const consent = { given: false, textVersion: null, at: t0, source: null };
  await w.store.customers.put({ customer: 'c-1', consent }, [identityOf(hex).epc.id]);
  const stream = await listen(w, await w.key('events:read'));
  w.deps.live.reads(batchOf([read(hex)]));
  await w.clock.advance(1000);
  await eventually(() => stream.messages('reads').length === 1);
  expect(stream.messages('reads')[0]?.data).toMatchObject({ unique: 1, recent: [] });
});

test('which customer it was is told only to who may know', async () => {
  const w = await world();
  const staff = await listen(w, await w.key('events:read'));
  const officer = await listen(w, await w.key('events:read', 'privacy:admin'));
  await w.store.append(batch({ customerEvents: [customerEvent('e-1', 'c-1')] }));
  w.wake();
  await w.clock.advance(20);
  await eventually(() => staff.messages('customer').length === 1 && officer.messages('customer').length === 1);
  expect(staff.messages('customer')[0]?.data).toMatchObject({ type: 'customer.identified', customer: null });
  expect(officer.messages('customer')[0]?.data).toMatchObject({ customer: 'c-1' });
});

test('status comes at the start and when something changed, not when a counter moved', async () => {
  const w = await world();
  const stream = await listen(w, await w.key('events:read'));
  const [first] = w.now.readers;
  if (first === undefined) throw new Error('no reader');
  w.now.readers = [{ ...first, reads: 43 }];
  await w.clock.advance(1000);
  w.now.readers = [{ ...first, link: { ...first.link, state: 'waiting', error: 'unplugged' } }];
  await w.clock.advance(2000);
  await eventually(() => stream.messages('reads').length === 3);
  expect(stream.messages('status')).toHaveLength(2);
  expect(stream.messages('status')[1]?.data['readers']).toMatchObject([{ link: { error: 'unplugged' } }]);
});

test('silence is broken by a comment, and who may no longer listen is sent away with it', async () => {
  const w = await world();
  const { id, key } = await createKey(w.store, { name: 'page', scopes: ['events:read'], now: t0 });
  const stream = await listen(w, key);
  const other = await listen(w, await w.key('events:read'));
  await w.clock.advance(15_000);
  await eventually(() => stream.comments() === 1);
  await w.store.keys.revoke(id, t0);
  await w.clock.advance(15_000);
  await eventually(() => stream.ended());
  expect(other.ended()).toBe(false);
});

test('the fifty-first listener is refused, and let in when another leaves', async () => {
  const w = await world();
  const key = await w.key('events:read');
  const keys = await Promise.all(Array.from({ length: 10 }, () => w.key('events:read')));
  const streams = await Promise.all(keys.flatMap((one) => Array.from({ length: 5 }, () => listen(w, one))));
  expect(streams.map(({ status }) => status)).toEqual(Array(50).fill(200));
  expect((await listen(w, key)).status).toBe(503);
  streams[0]?.leave();
  await eventually(async () => (await listen(w, key)).status === 200);
});

test('shutting down ends every stream', async () => {
  const w = await world();
  const stream = await listen(w, await w.key('events:read'));
  w.deps.live.close();
  await eventually(() => stream.ended());
});

test('nothing is gathered while nobody listens', async () => {
  const w = await world();
  w.deps.live.reads(batchOf([read('3034257BF400B7C000000190')]));
  const stream = await listen(w, await w.key('events:read'));
  await w.clock.advance(1000);
  await eventually(() => stream.messages('reads').length === 1);
  expect(stream.messages('reads')[0]?.data).toMatchObject({ rate: 0, unique: 0, antennas: [] });
});

test('one key cannot take all feeds: its ninth is a 429 that says why, and others listen', async () => {
  const w = await world();
  const greedy = await w.key('events:read');
  const streams = await Promise.all(Array.from({ length: 8 }, () => listen(w, greedy)));
  expect(streams.map(({ status }) => status)).toEqual(Array(8).fill(200));
  const ninth = await w.call('GET', '/api/v1/events', greedy);
  expect([ninth.status, ninth.json['code'], ninth.headers.get('retry-after')]).toEqual([429, 'RATE_LIMITED', '15']);
  expect((await listen(w, await w.key('events:read'))).status).toBe(200);
  streams[0]?.leave();
  await eventually(async () => (await listen(w, greedy)).status === 200);
});

test('the sessions of one key have eight feeds each, and 25 together', async () => {
  const w = await world();
  const key = await w.key('events:read');
  // An answer that nobody holds is collected as garbage, and its connection closed.
  const answers: Response[] = [];
  const statusOf = async (cookie: string) => {
    const answer = await fetch(`${w.url}/api/v1/events`, { headers: { cookie } });
    answers.push(answer);
    return answer.status;
  };
  const signIn = async () => {
    const { headers } = await w.call('POST', '/api/v1/session', null, { key });
    return headers.get('set-cookie')?.split(';')[0] ?? '';
  };
  const [first, ...more] = await Promise.all([signIn(), signIn(), signIn(), signIn()]);
  const statuses = [];
  for (let n = 0; n < 9; n++) statuses.push(await statusOf(first ?? ''));
  expect(statuses).toEqual([...Array(8).fill(200), 429]);
  const others = [];
  for (const cookie of more) for (let n = 0; n < 6; n++) others.push(await statusOf(cookie));
  expect(others).toEqual([...Array(17).fill(200), 429]);
  expect(answers).toHaveLength(27);
});

test('a client whose missed events cannot be read is let go, to come back, and leaves nothing running', async () => {
  const w = await world();
  const { key } = await createKey(w.store, { name: 'app', scopes: ['events:read'], now: t0 });
  await w.store.append(batch({ events: [arrival(1), arrival(2)] }));
  const { facts } = w.store;
  w.store.facts = () => {
    throw new GatewayError('STORE_UNAVAILABLE', 'locked');
  };
  await expect(listen(w, key, { 'last-event-id': '1' })).rejects.toThrow('socket hang up');
  w.store.facts = facts;
  const again = await listen(w, key, { 'last-event-id': '1' });
  await eventually(() => again.messages('item').length === 1);
  await w.clock.advance(1_000);
  await eventually(() => again.messages('reads').length > 0);
  expect(again.messages('reads')).toHaveLength(1);
});
