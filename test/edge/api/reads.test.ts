import { expect, test } from 'vitest';
import { GatewayError } from '../../../src/kit/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { t0 } from './api-fixture.ts';
import { E1, E2, none, path, scene } from './push-scene.ts';

test('our own JSON is taken with every member it may have', async () => {
  const { post, reads } = await scene();
  const read = { epc: E1.toLowerCase(), antenna: 1, rssi: -55.5, at: t0 - 1000, count: 3, seq: 7, tid: 'E2801160' };
  const answer = await post({ reads: [read, { epc: E2 }] });
  expect([answer.status, answer.json]).toEqual([
    200,
    { reads: 2, events: 0, rejected: [], rejectedCount: 0, effects: none },
  ]);
  expect(reads).toMatchObject([
    { reader: 'app-1', epc: E1, antenna: 1, rssi: -55.5, at: t0 - 1000, count: 3, seq: 7, tid: 'E2801160' },
    { reader: 'app-1', epc: E2, antenna: null, rssi: null, at: t0, count: 1, seq: null, tid: null },
  ]);
});

test('bad members are told by their place and reason, counted, and spoil none of their neighbours', async () => {
  const { post, reads, reader } = await scene();
  const { status, json } = await post([{ epc: E1 }, { epc: 'zz' }, 5, {}, { epc: E2 }]);
  const rejected = [
    { index: 1, code: 'BAD_EPC_HEX', reason: 'its id is not hex of whole bytes, or longer than 496 bits' },
    { index: 2, code: 'NOT_OBJECT', reason: 'it is no JSON object' },
    { index: 3, code: 'NO_ID', reason: 'no EPC, TID or UID stands where the profile or map looks for it' },
  ];
  expect([status, json]).toEqual([200, { reads: 2, events: 0, rejected, rejectedCount: 3, effects: none }]);
  expect(reads.map(({ epc }) => epc)).toEqual([E1, E2]);
  expect(reader.status().rejected).toEqual({ BAD_EPC_HEX: 1, NOT_OBJECT: 1, NO_ID: 1 });
});

test('NaN in one member of an array: the answer says which, where and why, and its neighbours have their effect', async () => {
  const { post, reads, reader } = await scene('impinj/r700');
  const event = (epcHex: string, rssi: string) =>
    `{"eventType":"tagInventory","tagInventoryEvent":{"epcHex":"${epcHex}","antennaPort":1,"peakRssiCdbm":${rssi}}}`;
  const body = `[${event(E1, '-5000')},${event(E2, 'NaN')},${event(E2, '-6100')}]`;
  const { status, json } = await post(body, { 'content-type': 'application/json' });
  const reason = `NaN is no JSON value (line 1, column ${body.indexOf('NaN') + 1})`;
  expect([status, json]).toEqual([
    200,
    { reads: 2, events: 0, rejected: [{ index: 1, code: 'BAD_JSON', reason }], rejectedCount: 1, effects: none },
  ]);
  expect(reads.map(({ epc, rssi }) => [epc, rssi])).toEqual([
    [E1, -50],
    [E2, -61],
  ]);
  expect(reader.status().rejected).toEqual({ BAD_JSON: 1 });
});

test.each([
  ['a cut-off end', `{"reads":[{"epc":"${E1}"},{"epc":"${E2}","rssi":-5`, 1, 1],
  ['a comma too many', `[{"epc":"${E1}"},]`, 1, 0],
  ['garbage between members', `[{"epc":"${E1}"},%%%,{"epc":"${E2}"}]`, 2, 1],
  ['undefined in a nested list', `{"reads":[{"epc":"${E1}"},{"epc":"${E2}","rssi":undefined}]}`, 1, 1],
  ['Infinity on one of many lines', `{"epc":"${E1}"}\n{"epc":"${E2}","rssi":-Infinity}\n`, 1, 1],
  ['an unusable value beside the list', `{"ts":NaN,"reads":[{"epc":"${E1}"}]}`, 1, 0],
])('%s: a body with one good member is taken', async (_name, body, good, bad) => {
  const { post, reads } = await scene();
  const { status, json } = await post(body, { 'content-type': 'application/json' });
  expect([status, json['reads'], json['rejectedCount'], reads.length]).toEqual([200, good, bad, good]);
});

test.each(['[{"epc":NaN},{"epc":undefined}]', '{"epc":', 'reads=1', '\u0000\u0001'])(
  '%j: a body in which nothing can be read is refused, with the place and the reason',
  async (body) => {
    const { post } = await scene();
    const { status, json } = await post(body, { 'content-type': 'application/json' });
    expect([status, json['code']]).toEqual([400, 'REQUEST_INVALID']);
    expect(json['detail']).toMatch(/^Nothing in the body can be read: .+ \(line 1, column \d+\)\.$/);
    expect(json['errors']).toContainEqual(expect.objectContaining({ pointer: '/0', found: 'BAD_JSON' }));
  },
);

test('Speedway Connect’s form is read by its profile, and a map of one’s own reads forms', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const ready = await scene('impinj/speedway-connect');
  const rows = encodeURIComponent(`1,${E1},${t0 - 1000}000,-51\n2,${E2},${t0 - 900}000,-60\n`);
  const head = 'reader_name=gate&mac_address=00%3A16%3A25&line_ending=%0A&field_delim=%2C';
  const body = `${head}&field_names=antenna_port%2Cepc%2Cfirst_seen_timestamp%2Cpeak_rssi&field_values=${rows}`;
  expect(await ready.post(body, form)).toMatchObject({ status: 200, json: { reads: 2, rejectedCount: 0 } });
  expect(ready.reads).toMatchObject([
    { epc: E1, antenna: 1, rssi: -51, at: t0 - 1000 },
    { epc: E2, antenna: 2, rssi: -60, at: t0 - 900 },
  ]);
  const own = await scene('generic/json', {
    map: { payload: 'form', id: [{ path: 'tag' }], rssi: [{ path: 'level' }] },
  });
  expect(await own.post(`tag=${E1}&level=-44`, form)).toMatchObject({ status: 200, json: { reads: 1 } });
  expect(own.reads).toMatchObject([{ epc: E1, rssi: -44 }]);
});

test('of more large bodies than there is room for, some are asked to come again and none is lost', async () => {
  const { post, reads } = await scene();
  const body = `[{"epc":"${E1}","x":"${'a'.repeat(15 * 1024 * 1024)}"}]`;
  const answers = await Promise.all(
    Array.from({ length: 7 }, () => post(body, { 'content-type': 'application/json' })),
  );
  const taken = answers.filter(({ status }) => status === 200).length;
  expect(taken).toBe(reads.length);
  expect(taken).toBeGreaterThan(0);
  for (const { status, json } of answers)
    if (status !== 200) expect([status, json['code']]).toEqual([503, 'OVERLOADED']);
});

test('of a thousand bad members the first hundred are told by their place and all are counted', async () => {
  const { post } = await scene();
  const { json } = await post(Array.from({ length: 1000 }, () => null));
  expect([(json['rejected'] as unknown[]).length, json['rejectedCount']]).toEqual([100, 1000]);
});

test('an Impinj webhook’s array is taken, and its empty array is a sign of life', async () => {
  const { post, reads, reader } = await scene('impinj/r700');
  const event = { eventType: 'tagInventory', tagInventoryEvent: { epcHex: E1, antennaPort: 1, peakRssiCdbm: -5500 } };
  const { status, json } = await post([{ timestamp: new Date(t0).toISOString(), ...event }]);
  expect([status, json['reads'], reads[0]?.rssi]).toEqual([200, 1, -55]);
  for (const body of ['[]', ' [ ] ']) {
    expect(await post(body)).toMatchObject({ status: 200, json: { reads: 0, events: 1, rejectedCount: 0 } });
  }
  expect(reader.status()).toMatchObject({ online: true, lastEvent: 'heartbeat' });
});

test('Zebra’s HTTP events are taken one by one, as an array, and without their type', async () => {
  const { post, reads } = await scene('zebra/iot-connector');
  const event = (idHex: string) => ({ timestamp: '2026-11-21T08:59:00.000+0000', data: { idHex, eventNum: 1 } });
  expect((await post({ ...event(E1), type: 'SIMPLE' })).json['reads']).toBe(1);
  expect((await post([event(E1), event(E2)])).json['reads']).toBe(2);
  expect(reads).toHaveLength(3);
});

test('CSV and bare hex are taken where the map says so, and only under their content types', async () => {
  const csv = await scene('generic/json', { map: { payload: 'csv', id: [{ column: 1 }] } });
  expect(await csv.post(`${E1},x\n`, { 'content-type': 'text/csv' })).toMatchObject({ status: 200 });
  expect(await csv.post(E1, { 'content-type': 'application/json' })).toMatchObject({ status: 415 });
  const hex = await scene('generic/json', { map: { payload: 'hex', id: [{ column: 1 }] } });
  const type = { 'content-type': 'application/octet-stream' };
  expect(await hex.post(`${E1}\n${E2}`, type)).toMatchObject({ status: 200, json: { reads: 2 } });
  const json = await scene();
  const ndjson = { 'content-type': 'application/x-ndjson; charset=utf-8' };
  expect(await json.post(`{"epc":"${E1}"}\n{"epc":"${E2}"}\n`, ndjson)).toMatchObject({ json: { reads: 2 } });
  expect([csv.reads.length, hex.reads.length, json.reads.length]).toEqual([1, 2, 2]);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/xml'])(
  'a body of type %s is refused',
  async (type) => {
    const { post, reads } = await scene();
    const { status, json } = await post(`{"epc":"${E1}"}`, { 'content-type': type });
    expect([status, json['code'], reads]).toEqual([415, 'UNSUPPORTED_MEDIA', []]);
  },
);

test('a compressed body is refused rather than read as garbage', async () => {
  const { post, reads } = await scene();
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  expect(await post(Buffer.from('1f8b08', 'hex'), headers)).toMatchObject({ status: 415 });
  expect(reads).toEqual([]);
});

test('what is no JSON is refused, and counted at the reader', async () => {
  const { post, reader } = await scene();
  const { status, json } = await post('{"epc":', { 'content-type': 'application/json' });
  expect([status, json['code']]).toEqual([400, 'REQUEST_INVALID']);
  const where = 'the text ends where a value is due (line 1, column 8)';
  expect(json['detail']).toBe(`Nothing in the body can be read: ${where}.`);
  expect(json['errors']).toEqual([{ pointer: '/0', found: 'BAD_JSON', allowed: where }]);
  expect(reader.status().rejected).toEqual({ BAD_JSON: 1 });
});

test('a body above sixteen mebibytes is refused with size and limit, and counted; one just below it is taken', async () => {
  const { post, reads, reader } = await scene();
  const filler = (bytes: number) => `[{"epc":"${E1}","x":"${'a'.repeat(bytes - 43)}"}]`;
  const type = { 'content-type': 'application/json' };
  const { status, json } = await post(filler(16 * 1024 * 1024 + 1), type);
  expect([status, json['code'], json['errors']]).toEqual([
    413,
    'PAYLOAD_TOO_LARGE',
    [{ pointer: '', found: '16777217 bytes', allowed: 'at most 16777216 bytes' }],
  ]);
  expect(json['detail']).toMatch(/16777217 .* 16777216/);
  expect([reads.length, reader.status().rejected]).toEqual([0, { TOO_LARGE: 1 }]);
  expect(reader.status().findings.map(({ code }) => code)).toContain('READER_TOO_LARGE');
  expect(await post(filler(16 * 1024 * 1024), type)).toMatchObject({ status: 200 });
  expect(reads).toHaveLength(1);
});

test.each([
  ['STORE_UNAVAILABLE', 503],
  ['STORE_FULL', 507],
  ['PRESENCE_FULL', 503],
] as const)('while the store answers %s nothing is acknowledged and nothing counted', async (code, status) => {
  const { post, reads, reader, store } = await scene();
  store.failure = new GatewayError(code, 'no disk');
  expect(await post([{ epc: E1 }, { epc: 'zz' }])).toMatchObject({ status, json: { code } });
  expect(reader.status()).toMatchObject({ reads: 0, rejected: {} });
  store.failure = null;
  expect(await post([{ epc: E1 }, { epc: 'zz' }])).toMatchObject({ status: 200 });
  expect([reads.length, reader.status().rejected]).toEqual([1, { BAD_EPC_HEX: 1 }]);
});

test('the same body again is a redelivery; another one is not, once the gateway has run for ten minutes', async () => {
  const { post, redeliveries, clock } = await scene();
  const body = (at: number) => ({ reads: [{ epc: E1, at, seq: 1 }] });
  await post(body(t0 - 1));
  await clock.advance(10 * 60_000);
  await post(body(t0 + 1));
  await post(body(t0 + 2));
  await post(body(t0 + 1));
  // Before that nobody can know what was posted to the gateway that ended.
  expect(redeliveries).toEqual([true, false, false, true]);
});

test('a body without times that is posted again is of now: only a message that a broker delivers again is a redelivery', async () => {
  const { post, redeliveries } = await scene();
  await post({ reads: [{ epc: E1, seq: 1 }] });
  await post({ reads: [{ epc: E1, seq: 1 }] });
  expect(redeliveries).toEqual([false, false]);
});

test('the answer says what became of the reads, and no more of a withheld token than of another', async () => {
  const { post, line } = await scene();
  line.outcomes = ['ARRIVED', 'REPEAT', 'GLIMPSED', 'NO_CONSENT', 'STRAY', 'BELOW_FLOOR', 'BELOW_FLOOR'];
  const first = await post({ reads: [{ epc: E1 }] });
  expect(first.json['effects']).toEqual({ arrived: 1, repeated: 1, waiting: 1, without: { BELOW_FLOOR: 2 } });
  line.outcomes = [];
  expect((await post({ reads: [{ epc: E1 }] })).json['effects']).toEqual(none);
});

test('a reader without an http link, and one that is not configured, are not there', async () => {
  const { w } = await scene();
  const { status, json } = await w.call('POST', path('dock-1'), await w.key('reads:write'), { epc: E1 });
  expect([status, json['code']]).toEqual([404, 'NOT_FOUND']);
});

test('a stopped reader takes nothing, so that its sender keeps it', async () => {
  const { post, reader, reads } = await scene();
  await reader.stop();
  expect(await post({ epc: E1 })).toMatchObject({ status: 503, json: { code: 'LINK_LOST' } });
  expect(reads).toEqual([]);
});

test('a reader that knows Basic only sends its key as the password, and may do nothing else with it', async () => {
  const { w, reads } = await scene();
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`reader:${password}`).toString('base64')}`,
  });
  const key = await w.key('reads:write', 'stock:read');
  expect(await w.call('POST', path(), null, { epc: E1 }, basic(key))).toMatchObject({ status: 200 });
  expect(await w.call('POST', path(), null, { epc: E1 }, basic(`${key}x`))).toMatchObject({ status: 401 });
  expect(await w.call('GET', '/api/v1/stock', null, undefined, basic(key))).toMatchObject({ status: 401 });
  expect(reads).toHaveLength(1);
});

test('a key without the scope is refused', async () => {
  const { w, reads } = await scene();
  expect(await w.call('POST', path(), await w.key('readers:admin'), { epc: E1 })).toMatchObject({ status: 403 });
  expect(reads).toEqual([]);
});

test('while 32 bodies of a reader wait for the disk, the next is asked to come again; nothing of it is taken', async () => {
  const { post, reads, store } = await scene();
  let release: () => void = () => undefined;
  store.disk = new Promise((resolve) => {
    release = resolve;
  });
  const waiting = Array.from({ length: 32 }, (_, n) => post([{ epc: E1, seq: n }]));
  await eventually(() => reads.length === 32);
  const refused = await post([{ epc: E2 }]);
  expect([refused.status, refused.json['code'], reads.length]).toEqual([503, 'OVERLOADED', 32]);
  expect(refused.headers.get('retry-after')).toBe('2');
  release();
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(waiting.map(() => 200));
  expect((await post([{ epc: E2 }])).status).toBe(200);
});

test('a body that comes again while its first copy waits for the disk is taken as a redelivery', async () => {
  const { post, redeliveries, store, clock } = await scene();
  await clock.advance(11 * 60_000);
  let release: () => void = () => undefined;
  store.disk = new Promise((resolve) => {
    release = resolve;
  });
  const body = [{ epc: E1, at: clock.now() - 1_000 }];
  const first = post(body);
  await eventually(() => redeliveries.length === 1);
  const second = post(body);
  await eventually(() => redeliveries.length === 2);
  release();
  await Promise.all([first, second]);
  expect(redeliveries).toEqual([false, true]);
});
