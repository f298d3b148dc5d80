import { expect, test } from 'vitest';
import type { Check } from '../../../src/api/index.ts';
import { arrival, batch } from '../store/store-values.ts';
import { createWorlds, destination, reader, t0, type World } from './api-fixture.ts';

const world = createWorlds();

async function checks(w: World): Promise<Check[]> {
  const { status, json } = await w.call('GET', '/api/v1/doctor', w.key('readers:read'));
  expect(status).toBe(200);
  return json['checks'] as Check[];
}

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
    ...{ code, state, params: { reader: 'desk-1', offsetMs: 7 }, text: `As told of ${code}.`, next: 'Do this.' },
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
  const [retrying] = await of({ state: 'retrying', lastError: 'HTTP 503', waiting: 7, oldestWaitingAt: t0 - 60_000 });
  expect(retrying).toMatchObject({ code: 'DESTINATION_RETRYING', state: 'warn', params: { waiting: 7 } });
  expect(retrying?.text).toContain('HTTP 503; 7 events wait, the oldest for 60 s');
  expect((await of({ state: 'disabled' })).map(({ code, state }) => [code, state])).toEqual([
    ['DESTINATION_DISABLED', 'fail'],
  ]);
  expect((await of({ dead: 2 })).map(({ code }) => code)).toEqual(['DESTINATION_OK', 'DESTINATION_DEAD']);
});

test('a clock before this version was written, or before the newest event, is wrong', async () => {
  const w = await world();
  w.store.commit(batch({ events: [arrival(1)] }));
  w.clock.set(t0 - 3_600_000);
  expect(await codes(w)).toContain('CLOCK_BACK fail');
  w.clock.set(Date.parse('1970-01-01T00:10:00Z'));
  expect(await codes(w)).toContain('CLOCK_WRONG fail');
});

test('a broker that is down is one fault, and not one of each reader behind it', async () => {
  const broker = { address: '127.0.0.1:1883', listens: '127.0.0.1', readers: ['dock-1', 'dock-2'] };
  const w = await world({ broker });
  const link = { ...reader.link, state: 'waiting', error: 'Nothing listens at 127.0.0.1:1883.' } as const;
  w.now.readers = [reader, { ...reader, id: 'dock-1', link }, { ...reader, id: 'dock-2', link }];
  const found = (await checks(w)).filter(({ name }) => /reader|broker/.test(name));
  expect(found.map(({ name, code }) => `${name} ${code}`)).toEqual([
    'broker BROKER_OFFLINE',
    'reader desk-1 READER_OK',
  ]);
  expect(found[0]?.text).toContain('none of its 2 readers is heard: Nothing listens at 127.0.0.1:1883.');
  w.now.readers = [reader, { ...reader, id: 'dock-1' }, { ...reader, id: 'dock-2' }];
  expect(await codes(w)).toContain('BROKER_OK ok');
});

test('an embedded broker and plain HTTP that the whole network can reach are warned of', async () => {
  const open = await world({
    http: { host: '0.0.0.0', port: 0 },
    broker: { address: '0.0.0.0:1883', listens: '0.0.0.0', readers: [] },
  });
  const found = await checks(open);
  expect(found.find(({ code }) => code === 'BROKER_OPEN')).toMatchObject({
    state: 'warn',
    params: { host: '0.0.0.0' },
  });
  expect(found.find(({ code }) => code === 'BROKER_OPEN')?.text).toMatch(/anybody on the network can publish reads/);
  expect(found.find(({ code }) => code === 'HTTP_OPEN')?.state).toBe('warn');
  const own = await world({ broker: { address: 'mqtts://broker.lan', listens: null, readers: [] } });
  expect((await codes(own)).filter((code) => code.includes('_OPEN'))).toEqual([]);
});

test('one waiting event is not called events', async () => {
  const w = await world();
  w.now.destinations = [{ ...destination, state: 'retrying', waiting: 1, oldestWaitingAt: t0 - 2000 }];
  expect((await checks(w)).at(-1)?.text).toContain('; 1 event waits, the oldest for 2 s');
});

test('a file that is not what runs is told, with its keys and with what takes them over', async () => {
  const same = { file: '/etc/silentgate.yaml', pid: 4711, changedAt: t0, bySignal: [], byRestart: [], mistakes: null };
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
  expect((await codes(await world())).some((code) => code.startsWith('CONFIG'))).toBe(false);
});
