import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { IClientOptions, MqttClient } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { GatewayError } from '../../../src/kit/index.ts';
import { topicRights } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { keptLog } from '../../fakes/kept-log.ts';
import { asOne, asTwo, connectBytes, createScenes, rawClient, subscribeBytes, twoAccounts } from './broker-scene.ts';
import { publishAs } from './mqtt-help.ts';

const scenes = createScenes();
afterEach(scenes.close);

const closed = (client: MqttClient) => new Promise<void>((resolve) => void client.once('close', () => resolve()));
const topicsOf = (heard: readonly { topic: string }[]) => heard.map(({ topic }) => topic);

describe('at a broker with accounts', () => {
  test('nobody comes in without the right user name and password, and each way to fail has its return code', async () => {
    const { port, client, denials } = await scenes.open(twoAccounts());
    const refused: [IClientOptions, number][] = [
      [{}, 5],
      [{ username: '', password: '' }, 5],
      [{ username: 'one' }, 5],
      [{ username: 'one', password: '' }, 4],
      [{ username: 'one', password: 'twotwo' }, 4],
      [{ username: 'two', password: 'oneone' }, 4],
      [{ username: '__proto__', password: 'x' }, 4],
      [{ username: 'one\0', password: 'oneone' }, 4],
      [{ username: 'One', password: 'oneone' }, 4],
    ];
    for (const [options, code] of refused) {
      const { username, password } = options as { username?: string; password?: string };
      const raw = await rawClient(port, connectBytes({ clientId: 'x', ...(options as object) }));
      expect([username, password, await raw.bytes(4)]).toEqual([username, password, [0x20, 2, 0, code]]);
      if (!raw.socket.closed) await once(raw.socket, 'close');
    }
    expect(denials()).toEqual({ 'signIn x': refused.length });
    const reader = await client(asOne);
    await expect(reader.publishAsync('rfid/dock-1/events', 'tag', { qos: 1 })).resolves.toBeDefined();
  });

  test('an account publishes on its readers’ own topics', async () => {
    const { client, heard, denials } = await scenes.open(twoAccounts());
    const reader = await client({ ...asOne, will: { topic: 'rfid/dock-1/status', payload: Buffer.from('gone') } });
    for (const [i, topic] of ['rfid/dock-1/events', 'rfid/dock-1/status', 'rfid/dock-1/answers'].entries())
      await reader.publishAsync(topic, 'x', { qos: (i % 3) as 0 | 1 | 2, retain: i === 1 });
    await eventually(() => heard.length === 3);
    reader.stream.destroy();
    await eventually(() => heard.length === 4);
    expect(topicsOf(heard)).toEqual([
      'rfid/dock-1/events',
      'rfid/dock-1/status',
      'rfid/dock-1/answers',
      'rfid/dock-1/status',
    ]);
    expect(denials()).toEqual({});
  });

  test('what it publishes elsewhere is acknowledged, reaches nobody, is kept by nobody, and is counted', async () => {
    const accounts = twoAccounts();
    const { client, heard, denials } = await scenes.open(accounts);
    const other = await client({ ...asTwo, clientId: 'two', clean: false });
    const got: string[] = [];
    other.on('message', (topic) => void got.push(topic));
    await other.subscribeAsync('rfid/dock-2/commands', { qos: 1 });
    const thief = await client(asOne);
    const foreign = [
      'rfid/dock-2/events',
      'rfid/dock-2/status',
      'rfid/dock-2/commands',
      'rfid/dock-1/commands',
      'rfid/dock-1/events/',
      'rfid/dock-1/events ',
      'RFID/dock-1/events',
      'rfid/dock-1',
      '$share/g/rfid/dock-1/events',
      '$dollar',
      'anything',
    ];
    for (const topic of foreign)
      for (const qos of [0, 1, 2] as const) await thief.publishAsync(topic, 'forged', { qos, retain: qos > 0 });
    // In order, on the same connection: all of them have been through when this one has.
    await thief.publishAsync('rfid/dock-1/events', 'own', { qos: 1 });
    expect(topicsOf(heard)).toEqual(['rfid/dock-1/events']);
    await other.endAsync(true);
    const again = await client({ ...asTwo, clientId: 'two', clean: false });
    again.on('message', (topic) => void got.push(topic));
    await again.subscribeAsync('rfid/dock-2/commands', { qos: 1 });
    await again.publishAsync('rfid/dock-2/events', 'own', { qos: 1 });
    expect(got).toEqual([]);
    expect(denials()).toEqual({ 'publish anything': 3 * foreign.length });
  });

  test('$SYS is the broker’s own: who publishes there is cut', async () => {
    const { client, heard } = await scenes.open(twoAccounts());
    const thief = await client(asOne);
    thief.publish('$SYS/x/new/clients', 'one', { qos: 1 });
    await closed(thief);
    expect(heard).toEqual([]);
  });

  test('a last will on a topic that is not its own is refused at the door', async () => {
    const { client, denials, heard } = await scenes.open(twoAccounts());
    for (const topic of ['rfid/dock-2/status', 'rfid/dock-2/commands', '$SYS/x', 'rfid/dock-1/commands']) {
      const will = { topic, payload: Buffer.from('offline'), retain: true, qos: 1 } as const;
      await expect(client({ ...asOne, clientId: 'w', will })).rejects.toMatchObject({ code: 5 });
    }
    await wait(50);
    expect(heard).toEqual([]);
    expect(denials()).toEqual({ 'will rfid/dock-1/commands': 4 });
  });

  test('it hears its own topics of commands, written out, and nothing else', async () => {
    const { port, client, gateway, denials } = await scenes.open(twoAccounts());
    const asked = [
      'rfid/dock-1/commands',
      '#',
      '+/+/+',
      'rfid/#',
      'rfid/+/commands',
      'rfid/dock-1/#',
      'rfid/dock-1/+',
      'rfid/dock-1/commands/#',
      'rfid/dock-2/commands',
      'rfid/dock-2/events',
      'rfid/dock-1/events',
      '$share/g/rfid/dock-1/commands',
      '$share/g/#',
      '$SYS/#',
      '/rfid/dock-1/commands',
    ];
    const raw = await rawClient(port, connectBytes({ clientId: 'r', username: 'one', password: 'oneone' }));
    await raw.bytes(4);
    for (const [i, filter] of asked.entries()) {
      raw.socket.write(subscribeBytes(i + 1, [filter]));
      const answer = (await raw.bytes(4 + 5 * (i + 1))).slice(-1);
      expect([filter, answer]).toEqual([filter, [i === 0 ? 1 : 0x80]]);
    }
    expect(Object.values(denials())).toEqual([asked.length - 1]);
    const reader = await client(asOne);
    const got: string[] = [];
    reader.on('message', (topic) => void got.push(topic));
    await reader.subscribeAsync('rfid/dock-1/commands', { qos: 1 });
    await gateway.publish('rfid/dock-2/commands', 'not for you', { qos: 1 });
    await gateway.publish('rfid/dock-1/commands', 'for you', { qos: 1 });
    await eventually(() => got.length > 0);
    expect(got).toEqual(['rfid/dock-1/commands']);
  });

  test('a refused filter beside a granted one is not kept for a session that lasts', async () => {
    const { port, gateway, client, denials } = await scenes.open(twoAccounts());
    const lasting = { clientId: 'lasting', username: 'one', password: 'oneone', clean: false } as const;
    const raw = await rawClient(port, connectBytes(lasting));
    await raw.bytes(4);
    raw.socket.write(subscribeBytes(1, ['#', 'rfid/dock-1/commands', 'rfid/dock-2/commands']));
    expect((await raw.bytes(11)).slice(-3)).toEqual([0x80, 1, 0x80]);
    raw.socket.destroy();
    await wait(50);
    await gateway.publish('rfid/dock-2/commands', 'secret', { qos: 1 });
    await gateway.publish('rfid/dock-1/commands', 'kept', { qos: 1 });
    const reader = await client({ ...asOne, clientId: 'before' });
    await reader.publishAsync('rfid/dock-1/events', 'x', { qos: 1 });
    const back = await rawClient(port, connectBytes(lasting));
    expect((await back.bytes(4)).slice(0, 4)).toEqual([0x20, 2, 1, 0]);
    const arrived = async () => Buffer.from(await back.bytes(0)).toString('latin1');
    await eventually(async () => (await arrived()).includes('kept'));
    expect(await arrived()).not.toContain('secret');
    // What was refused is not asked for anew when the session is taken up.
    expect(Object.values(denials())).toEqual([2]);
  });

  test('a wildcard of a reader takes in neither what another reader names outright nor any topic of commands', async () => {
    const wide = { says: ['rfid/+/events', 'site/#'], hears: [] };
    const narrow = { says: ['rfid/dock-2/events'], hears: ['site/dock-2/commands'] };
    const { mayPublish } = topicRights([wide], [wide, narrow]);
    const asked = ['rfid/dock-9/events', 'site/a/b', 'rfid/dock-2/events', 'site/dock-2/commands', '$SYS/events'];
    expect(asked.map(mayPublish)).toEqual([true, true, false, false, false]);
    expect(topicRights([narrow], [wide, narrow]).mayPublish('rfid/dock-2/events')).toBe(true);
    const shared = { says: ['$share/gateways/rfid/dock-3/events'], hears: [] };
    expect(topicRights([shared], [shared]).mayPublish('rfid/dock-3/events')).toBe(true);
  });

  test('a revoked account is cut within seconds, its will is not heard, and it does not come back', async () => {
    const { client, heard, revoked } = await scenes.open(twoAccounts());
    const will = { topic: 'rfid/dock-1/status', payload: Buffer.from('offline'), qos: 1 } as const;
    const reader = await client({ ...asOne, will });
    const stays = await client(asTwo);
    revoked.add('one');
    await closed(reader);
    await expect(client(asOne)).rejects.toMatchObject({ code: 4 });
    await stays.publishAsync('rfid/dock-2/events', 'x', { qos: 1 });
    expect(topicsOf(heard)).toEqual(['rfid/dock-2/events']);
  });

  test('a disk that fails takes nobody’s rights, and lets nobody new in meanwhile', async () => {
    const accounts = twoAccounts();
    const failing = { now: false };
    const orFail = <T>(value: T): T => {
      if (failing.now) throw new GatewayError('STORE_UNAVAILABLE', 'the disk failed');
      return value;
    };
    const access = {
      account: (id: string) => orFail(accounts.access.account(id)),
      signIn: (id: string, password: string) => orFail(accounts.access.signIn(id, password)),
    };
    const { client } = await scenes.open({ ...accounts, access });
    const reader = await client(asOne);
    failing.now = true;
    await expect(client(asTwo)).rejects.toMatchObject({ code: 3 });
    await wait(1200);
    await expect(reader.publishAsync('rfid/dock-1/events', 'x', { qos: 1 })).resolves.toBeDefined();
  });

  test('a flood of wrong passwords is one line a minute, and does not keep the right one out', async () => {
    const { log, lines } = keptLog();
    const { port, client, denials } = await scenes.open(twoAccounts(), { log });
    const guess = async (i: number) => {
      const raw = await rawClient(port, connectBytes({ clientId: `g${i}`, username: `u${i}`, password: `p${i}` }));
      return (await raw.bytes(4))[3];
    };
    const codes: (number | undefined)[] = [];
    for (let i = 0; i < 500; i += 50)
      codes.push(...(await Promise.all(Array.from({ length: 50 }, (_, n) => guess(i + n)))));
    expect(codes.every((code) => code === 4)).toBe(true);
    expect(Object.values(denials())).toEqual([500]);
    expect(lines).toEqual(['warn the embedded broker refused a client']);
    await expect(client(asOne)).resolves.toBeDefined();
  });

  const mosquitto = spawnSync('mosquitto_pub', ['--help']).error === undefined;
  test.skipIf(!mosquitto)(
    'Mosquitto’s own clients sign in, publish, and are refused as MQTT 3.1.1 has it',
    async () => {
      const { port, heard } = await scenes.open(twoAccounts());
      const login = ['-u', 'one', '-P', 'oneone', '-q', '1', '-m', 'tag'];
      await publishAs(port, [...login, '-t', 'rfid/dock-1/events']);
      await publishAs(port, [...login, '-t', 'rfid/dock-2/events']);
      await expect(publishAs(port, ['-m', 'tag', '-t', 'rfid/dock-1/events'])).rejects.toThrow(/code 5/);
      expect(topicsOf(heard)).toEqual(['rfid/dock-1/events']);
    },
  );
});
