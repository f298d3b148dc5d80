import { expect, test } from 'vitest';
import { readersWithoutAccount } from '../../../../src/api/access/broker-accounts.ts';
import { createBrokerAccess, createBrokerAccount, createKey } from '../../../../src/api/index.ts';
import { GatewayError, silentLog } from '../../../../src/kit/index.ts';
import type { ReaderOptions } from '../../../../src/readers/index.ts';
import { eventually } from '../../../fakes/eventually.ts';
import { createWorlds, t0 } from '../api-fixture.ts';

const world = createWorlds();
const readerAt = (id: string, more: object = {}): ReaderOptions => ({
  id,
  profile: 'zebra/iot-connector',
  link: { mqtt: { topic: `rfid/${id}/events`, ...more } },
  antennas: { '1': 'dock-in' },
});

async function site() {
  const w = await world();
  const site = { readers: [] as ReaderOptions[] };
  site.readers = [
    readerAt('dock-1', {
      ...{ statusTopic: 'rfid/dock-1/status', commandTopic: 'cmd/dock-1', responseTopic: 'rsp/dock-1' },
      ...{ managementTopic: 'mgmt/dock-1', managementResponseTopic: 'mgmt-rsp/dock-1' },
    }),
    readerAt('dock-2'),
    { ...readerAt('desk-1'), link: { serial: { path: '/dev/ttyUSB0' } } },
  ];
  const access = createBrokerAccess({ store: w.store, readers: () => site.readers, clock: w.clock, log: silentLog });
  const account = (...ids: string[]) => createBrokerAccount(w.store, { name: 'x', readers: ids, now: t0 });
  return { w, site, access, account };
}

test('an account signs in with its id and its password, and with nothing else', async () => {
  const { w, access, account } = await site();
  const [one, two] = [await account('dock-1'), await account('dock-2')];
  expect(access.signIn(one.id, one.password)?.id).toBe(one.id);
  const api = await createKey(w.store, { name: 'api', scopes: ['reads:write'], readers: ['dock-1'], now: t0 });
  for (const [username, password] of [
    [one.id, two.password],
    [two.id, one.password],
    ['', one.password],
    [one.id, ''],
    [one.id, `${one.password} `],
    [api.id, api.key],
    [one.id, api.key],
  ])
    expect([username, password, access.signIn(username ?? '', password ?? '')]).toEqual([username, password, null]);
  expect(access.account(api.id)).toBeNull();
  await w.store.keys.revoke(one.id, t0);
  expect([access.signIn(one.id, one.password), access.account(one.id)]).toEqual([null, null]);
  expect(access.account(two.id)?.id).toBe(two.id);
});

test('what it may do follows from the topics of its readers, as the configuration has them now', async () => {
  const { site: now, access, account } = await site();
  const { id, password } = await account('dock-1', 'desk-1');
  const may = (topic: string) => {
    const found = access.account(id);
    return [found?.mayPublish(topic), found?.maySubscribe(topic)];
  };
  for (const topic of ['rfid/dock-1/events', 'rfid/dock-1/status', 'rsp/dock-1', 'mgmt-rsp/dock-1'])
    expect([topic, ...may(topic)]).toEqual([topic, true, false]);
  for (const topic of ['cmd/dock-1', 'mgmt/dock-1']) expect([topic, ...may(topic)]).toEqual([topic, false, true]);
  for (const topic of ['rfid/dock-2/events', 'x', '']) expect([topic, ...may(topic)]).toEqual([topic, false, false]);
  now.readers = [readerAt('dock-1', { topic: 'new/dock-1' })];
  expect([may('rfid/dock-1/events'), may('new/dock-1')]).toEqual([
    [false, false],
    [true, false],
  ]);
  now.readers = [];
  expect(may('new/dock-1')).toEqual([false, false]);
  expect(access.signIn(id, password)?.mayPublish('new/dock-1')).toBe(false);
});

test('an account without readers may do nothing', async () => {
  const { access, account } = await site();
  const none = access.account((await account()).id);
  expect([none?.mayPublish('rfid/dock-1/events'), none?.maySubscribe('cmd/dock-1')]).toEqual([false, false]);
});

test('its use is noted, and a disk that cannot note it keeps nobody out', async () => {
  const { w, access, account } = await site();
  const { id, password } = await account('dock-1');
  access.signIn(id, password);
  await eventually(() => w.store.keys.live(id)?.lastUsedAt === t0);
  const full = {
    keys: {
      ...w.store.keys,
      used: () => Promise.reject(new GatewayError('STORE_FULL', 'the disk is full')),
    },
  };
  const readers = () => [readerAt('dock-1')];
  const other = createBrokerAccess({ store: full, readers, clock: w.clock, log: silentLog });
  expect(other.signIn(id, password)?.mayPublish('rfid/dock-1/events')).toBe(true);
});

test('a reader has no account where only a revoked one or an API key names it', async () => {
  const { w, account } = await site();
  const [, two] = [await account('dock-1'), await account('dock-2')];
  await createKey(w.store, { name: 'api', scopes: ['reads:write'], readers: ['dock-3'], now: t0 });
  await w.store.keys.revoke(two.id, t0);
  expect(readersWithoutAccount(w.store.keys.list(), ['dock-1', 'dock-2', 'dock-3'])).toEqual(['dock-2', 'dock-3']);
});
