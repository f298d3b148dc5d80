import { expect, test } from 'vitest';
import { type Check, createBrokerAccount } from '../../../../src/api/index.ts';
import { fault, GatewayError } from '../../../../src/kit/index.ts';
import type { BrokerDenial } from '../../../../src/links/index.ts';
import { arrival, batch } from '../../journal/store-values.ts';
import { createWorlds, destination, reader, t0, type World } from '../api-fixture.ts';

const world = createWorlds();

async function checks(w: World): Promise<Check[]> {
  const { status, json } = await w.call('GET', '/api/v1/doctor', await w.key('readers:read'));
  expect(status).toBe(200);
  return json['checks'] as Check[];
}

const brokerAt = (host: string, readers: string[] = [], access: 'accounts' | 'open' = 'open') => ({
  ...{ address: `${host}:1883`, listens: host, access, readers },
  denials: () => [] as BrokerDenial[],
});

const codes = async (w: World) => (await checks(w)).map(({ code, state }) => `${code} ${state}`);

test('a gateway where all is well says so of every part', async () => {
  const w = await world();
  const found = await checks(w);
  expect(found.map(({ name }) => name)).toEqual(['store', 'disk', 'clock', 'reader desk-1', 'destination main']);
  expect(found.filter(({ name }) => name !== 'disk').map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok']);
});

test('what supervision found of a reader is told under its name, its main state first', async () => {
  const w = await world();
  const found = (code: 'READER_ARMED' | 'READER_CLOCK', state: 'ok' | 'warn') => ({
    ...{
      code,
      state,
      params: { reader: 'desk-1', offsetMs: 7 },
      faults: [],
      text: `As told of ${code}.`,
      next: 'Do this.',
    },
  });
  w.now.readers = [{ ...reader, findings: [found('READER_ARMED', 'ok'), found('READER_CLOCK', 'warn')] }];
  expect((await checks(w)).filter(({ name }) => name === 'reader desk-1')).toEqual([
    { name: 'reader desk-1', ...found('READER_ARMED', 'ok') },
    { name: 'reader desk-1', ...found('READER_CLOCK', 'warn') },
  ]);
});

test('a destination’s state, what waits and what died are told', async () => {
  const w = await world();
  const of = async (more: Partial<typeof destination>) => {
    w.now.destinations = [{ ...destination, ...more }];
    return (await checks(w)).filter(({ name }) => name.startsWith('destination'));
  };
  const failed = { lastError: 'HTTP 503', lastFault: fault('CRM_SERVER_ERROR', { status: 503 }) };
  const [retrying] = await of({ state: 'retrying', ...failed, waiting: 7, oldestWaitingAt: t0 - 60_000 });
  expect(retrying).toMatchObject({ code: 'DESTINATION_RETRYING', state: 'warn', params: { waiting: 7 } });
  expect(retrying?.faults).toEqual([failed.lastFault]);
  expect(retrying?.text).toContain('HTTP 503; 7 events wait, the oldest for 60 s');
  expect((await of({ state: 'disabled' })).map(({ code, state }) => [code, state])).toEqual([
    ['DESTINATION_DISABLED', 'fail'],
  ]);
  expect((await of({ dead: 2 })).map(({ code }) => code)).toEqual(['DESTINATION_OK', 'DESTINATION_DEAD']);
});

test('a destination that was never delivered to is untested, not well, and stays so until a delivery', async () => {
  const w = await world();
  w.now.destinations = [{ ...destination, delivered: 0, lastSuccessAt: null }];
  expect((await checks(w)).at(-1)).toMatchObject({
    code: 'DESTINATION_UNTESTED',
    state: 'warn',
    text: 'Delivery to main is untested: nothing was delivered to it yet.',
    next: expect.stringContaining('only a delivery shows'),
  });
  w.now.destinations = [{ ...destination, state: 'paused', lastSuccessAt: null }];
  expect(await codes(w)).toContain('DESTINATION_PAUSED fail');
  // after a restart nothing was delivered by this process, but the destination is known to take it
  w.now.destinations = [{ ...destination, delivered: 0 }];
  expect(await codes(w)).toContain('DESTINATION_OK ok');
});

test('a reader whose reads are all strays is never said to read well', async () => {
  const w = await world();
  const text =
    'Reader desk-1 reads nothing but strays: no tag was read often enough to count as being there, so none has effect (tags: 9).';
  const params = { reader: 'desk-1', reads: 9 };
  w.now.readers = [
    { ...reader, findings: [{ code: 'READER_ALL_STRAYS', state: 'warn', params, text, next: 'Do this.', faults: [] }] },
  ];
  const found = (await checks(w)).filter(({ name }) => name === 'reader desk-1');
  expect(found.map(({ state, text: said }) => [state, said])).toEqual([['warn', text]]);
});

test('a clock before this version was written, or before the newest event, is wrong', async () => {
  const w = await world();
  await w.store.append(batch({ events: [arrival(1)] }));
  w.clock.set(t0 - 3_600_000);
  expect(await codes(w)).toContain('CLOCK_BACK fail');
  w.clock.set(Date.parse('1970-01-01T00:10:00Z'));
  expect(await codes(w)).toContain('CLOCK_WRONG fail');
});

test('a broker that is down is one fault, and not one of each reader behind it', async () => {
  const broker = brokerAt('127.0.0.1', ['dock-1', 'dock-2']);
  const w = await world({ broker });
  const link = { ...reader.link, state: 'waiting', error: 'Nothing listens at 127.0.0.1:1883.' } as const;
  w.now.readers = [reader, { ...reader, id: 'dock-1', link }, { ...reader, id: 'dock-2', link }];
  const found = (await checks(w)).filter(({ name }) => /reader|broker/.test(name));
  expect(found.map(({ name, code }) => `${name} ${code}`)).toEqual([
    'broker BROKER_OFFLINE',
    'reader desk-1 READER_OK',
  ]);
  expect(found[0]?.text).toContain('none of its 2 readers is heard: Nothing listens at 127.0.0.1:1883.');
  expect(found[0]?.next).toContain('the mqtt section of the configuration');
  w.now.readers = [reader, { ...reader, id: 'dock-1' }, { ...reader, id: 'dock-2' }];
  expect(await codes(w)).toContain('BROKER_OK ok');
});

test('an embedded broker and plain HTTP that the whole network can reach are warned of', async () => {
  const open = await world({
    http: { host: '0.0.0.0', port: 0 },
    broker: brokerAt('0.0.0.0'),
  });
  const found = await checks(open);
  expect(found.find(({ code }) => code === 'BROKER_OPEN')).toMatchObject({
    state: 'warn',
    params: { host: '0.0.0.0' },
  });
  expect(found.find(({ code }) => code === 'BROKER_OPEN')?.text).toMatch(/anybody on the network can publish reads/);
  expect(found.find(({ code }) => code === 'HTTP_OPEN')?.state).toBe('warn');
  const own = await world({ broker: { ...brokerAt(''), address: 'mqtts://broker.lan', listens: null, access: null } });
  expect((await codes(own)).filter((code) => code.includes('_OPEN'))).toEqual([]);
});

test('readers without an account at a broker that asks for one are named, until each has one that lives', async () => {
  const w = await world({ broker: brokerAt('0.0.0.0', ['dock-1', 'dock-2'], 'accounts') });
  const missing = async () => (await checks(w)).find(({ code }) => code === 'BROKER_ACCOUNTS_MISSING');
  expect(await missing()).toMatchObject({ state: 'fail', params: { readers: 'dock-1, dock-2', reader: 'dock-1' } });
  expect((await missing())?.next).toContain('silentgate key create --mqtt --reader dock-1');
  const { id } = await createBrokerAccount(w.store, { name: 'both', readers: ['dock-1', 'dock-2'], now: t0 });
  expect(await missing()).toBeUndefined();
  expect((await codes(w)).filter((code) => code.includes('OPEN'))).toEqual([]);
  await w.store.keys.revoke(id, t0);
  expect((await missing())?.params).toMatchObject({ readers: 'dock-1, dock-2' });
});

test('keys that the database cannot tell make no reader look shut out, and hide nothing else', async () => {
  const w = await world({ broker: brokerAt('0.0.0.0', ['dock-1'], 'accounts') });
  w.store.keys.list = () => {
    throw new GatewayError('STORE_DAMAGED', 'a page is damaged');
  };
  expect(await codes(w)).toContain('STORE_OK ok');
  expect((await codes(w)).filter((code) => code.startsWith('BROKER_ACCOUNTS'))).toEqual([]);
});

test('who was refused at the broker in the last hour is named with address, user name, client id and topic', async () => {
  const one = { username: null, address: '10.0.0.5', clientId: 'dock-1', topic: null, count: 3, lastAt: t0 };
  const all: BrokerDenial[] = [
    { ...one, kind: 'signIn', lastAt: t0 - 3_600_000, address: '10.0.0.9' },
    { ...one, kind: 'signIn' },
    { ...one, kind: 'publish', username: 'abc', topic: 'rfid/dock-2/events', count: 1 },
    { ...one, kind: 'will', username: 'abc', topic: 'rfid/dock-2/status' },
    { ...one, kind: 'clientId' },
    ...Array.from({ length: 7 }, (_, i) => ({ ...one, kind: 'subscribe', address: `10.0.1.${i}` }) as const),
    { ...one, kind: 'overload', clientId: '', count: 7 },
  ];
  const w = await world({ broker: { ...brokerAt('0.0.0.0', [], 'accounts'), denials: () => all } });
  const found = (await checks(w)).filter(({ name }) => name === 'broker');
  expect(found.map(({ code, params }) => [code, params['times']])).toEqual([
    ['BROKER_SIGN_IN_REFUSED', 3],
    ['BROKER_ID_REFUSED', 3],
    ['BROKER_TOPIC_REFUSED', 4],
    ['BROKER_FILTER_REFUSED', 21],
    ['BROKER_OVERLOAD', 7],
  ]);
  expect(found[4]?.params['clients']).toBe('10.0.0.5');
  expect(found[0]?.params['clients']).toBe('10.0.0.5 (client id dock-1)');
  expect(found[2]?.params['clients']).toBe(
    '10.0.0.5 (user name abc, client id dock-1, topic rfid/dock-2/status); 10.0.0.5 (user name abc, client id dock-1, topic rfid/dock-2/events)',
  );
  expect(found[3]?.text).toMatch(/10\.0\.1\.6 .*10\.0\.1\.2 \(client id dock-1\) and 2 more\.$/);
});

test('one waiting event is not called events', async () => {
  const w = await world();
  w.now.destinations = [{ ...destination, state: 'retrying', waiting: 1, oldestWaitingAt: t0 - 2000 }];
  expect((await checks(w)).at(-1)?.text).toContain('; 1 event waits, the oldest for 2 s');
});

test('doctor names a file that is not what runs, its keys, and what takes them over', async () => {
  const same = {
    file: '/etc/silentgate.yaml',
    pid: 4711,
    changedAt: t0,
    bySignal: [],
    byRestart: [],
    certificateRenewed: false,
    mistakes: null,
  };
  const found = async (more: object) => {
    const w = await world({ configuration: () => ({ ...same, ...more }) });
    return (await checks(w)).find(({ name }) => name === 'configuration');
  };
  expect(await found({})).toMatchObject({ state: 'ok', code: 'CONFIG_OK' });
  const changed = await found({ bySignal: ['readers'] });
  expect(changed).toMatchObject({ state: 'warn', code: 'CONFIG_CHANGED', params: { keys: 'readers' } });
  expect([changed?.text, changed?.next].join()).toMatch(/was changed at 20.*not what runs.*kill -HUP 4711/);
  const restart = await found({ bySignal: ['readers'], byRestart: ['crm'] });
  expect(restart).toMatchObject({ code: 'CONFIG_NEEDS_RESTART', params: { keys: 'crm, readers', restart: 'crm' } });
  const broken = await found({ changedAt: null, mistakes: 'silentgate.yaml:3: …' });
  expect(broken).toMatchObject({ state: 'warn', code: 'CONFIG_BROKEN' });
  const renewed = await found({ certificateRenewed: true });
  expect(renewed).toMatchObject({ state: 'warn', code: 'CONFIG_CERTIFICATE_RENEWED' });
  expect(renewed?.next).toContain('kill -HUP 4711');
  expect((await codes(await world())).some((code) => code.startsWith('CONFIG'))).toBe(false);
});
