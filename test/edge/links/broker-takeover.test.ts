import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../../fakes/eventually.ts';
import { keptLog } from '../../fakes/kept-log.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import {
  asOne,
  asTwo,
  connectBytes,
  createScenes,
  packet,
  rawClient,
  subscribeBytes,
  text,
  twoAccounts,
} from './broker-scene.ts';

const scenes = createScenes();
afterEach(scenes.close);

const one = { clientId: 'dock', username: 'one', password: 'oneone' } as const;
const two = { clientId: 'dock', username: 'two', password: 'twotwo' } as const;
const granted = [0x20, 2, 0, 0];
const idRejected = [0x20, 2, 0, 2];

describe('a client id that is in use', () => {
  for (const accounts of [null, twoAccounts()]) {
    const kind = accounts === null ? 'without accounts' : 'of one account from two addresses';
    test(`stays with the connection that lives, ${kind}, and the newcomer gets CONNACK 2`, async () => {
      const { port, client, heard, denials } = await scenes.open(accounts);
      const reader = await client({ ...(accounts === null ? {} : asOne), clientId: 'dock' });
      const login = accounts === null ? { clientId: 'dock' } : one;
      const before = Date.now();
      const newcomer = await rawClient(port, connectBytes(login), '127.0.0.2');
      expect(await newcomer.bytes(4)).toEqual(idRejected);
      expect(Date.now() - before).toBeLessThan(10_000);
      await reader.publishAsync('rfid/dock-1/events', 'still here', { qos: 1 });
      expect(heard).toHaveLength(1);
      expect(denials()).toEqual({ 'clientId dock': 1 });
    });
  }

  test('is free at once for who waits, when the first one goes', async () => {
    const { port, client } = await scenes.open(null);
    const first = await rawClient(port, connectBytes({ clientId: 'dock' }));
    expect(await first.bytes(4)).toEqual(granted);
    const next = await rawClient(port, connectBytes({ clientId: 'dock' }));
    await wait(100);
    expect(await next.bytes(0)).toEqual([]);
    first.socket.destroy();
    expect(await next.bytes(4)).toEqual(granted);
    next.socket.end(Buffer.from([0xe0, 0]));
    await once(next.socket, 'close');
    await expect(client({ clientId: 'dock' })).resolves.toBeDefined();
  });

  test('goes at once to its own account from the same address: a reader that lost its link is not shut out', async () => {
    const { port, heard, client } = await scenes.open(twoAccounts());
    const old = await rawClient(port, connectBytes(one));
    expect(await old.bytes(4)).toEqual(granted);
    const back = await client({ ...asOne, clientId: 'dock' });
    if (!old.socket.closed) await once(old.socket, 'close');
    await back.publishAsync('rfid/dock-1/events', 'back', { qos: 1 });
    expect(heard).toHaveLength(1);
  });

  test('goes to its own account from another address once the first has sent nothing for its keepalive', async () => {
    const clock = manualClock(0);
    const { port } = await scenes.open(twoAccounts(), { clock });
    const old = await rawClient(port, connectBytes(one));
    expect(await old.bytes(4)).toEqual(granted);
    const ask = async () => {
      const back = await rawClient(port, connectBytes(one), '127.0.0.2');
      await wait(100);
      await clock.advance(3000);
      const answer = await back.bytes(4);
      return { ...back, answer };
    };
    expect((await ask()).answer).toEqual(idRejected);
    await clock.advance(50_000);
    // A sign of life begins the time anew.
    old.socket.write(Buffer.from([0xc0, 0]));
    await old.bytes(6);
    expect((await ask()).answer).toEqual(idRejected);
    await clock.advance(50_000);
    expect((await ask()).answer).toEqual(idRejected);
    await clock.advance(10_000);
    expect((await ask()).answer).toEqual(granted);
    if (!old.socket.closed) await once(old.socket, 'close');
  });

  test('is held against a storm of newcomers, which is one line in the log', async () => {
    const { log, lines } = keptLog();
    const { port, client, heard } = await scenes.open(null, { log });
    const reader = await client({ clientId: 'dock' });
    const storm = Array.from({ length: 200 }, async () => {
      const newcomer = await rawClient(port, connectBytes({ clientId: 'dock' }));
      return (await newcomer.bytes(4))[3];
    });
    expect(new Set(await Promise.all(storm))).toEqual(new Set([2]));
    await reader.publishAsync('rfid/dock-1/events', 'still here', { qos: 1 });
    expect(heard).toHaveLength(1);
    expect(lines).toEqual(['warn the embedded broker refused a client']);
  });

  test('keeps what it had promised: a newcomer that is refused clears nothing of its session', async () => {
    const { port, gateway, client } = await scenes.open(null);
    const lasting = { clientId: 'dock', clean: false } as const;
    const reader = await rawClient(port, connectBytes(lasting));
    await reader.bytes(4);
    reader.socket.write(subscribeBytes(1, ['rfid/dock-1/commands']));
    await reader.bytes(9);
    const newcomer = await rawClient(port, connectBytes({ clientId: 'dock', clean: true }));
    expect(await newcomer.bytes(4)).toEqual(idRejected);
    reader.socket.destroy();
    await wait(50);
    await gateway.publish('rfid/dock-1/commands', 'kept', { qos: 1 });
    const witness = await client({ clientId: 'witness' });
    await witness.publishAsync('x', 'x', { qos: 1 });
    const back = await rawClient(port, connectBytes(lasting));
    await eventually(async () => Buffer.from(await back.bytes(0)).includes('kept'));
  });

  test('keeps its QoS 2 messages apart from their repetition, though a newcomer with a clean session was refused', async () => {
    const { port, client } = await scenes.open(null);
    const onlooker = await client({ clientId: 'onlooker' });
    const passedOn: string[] = [];
    onlooker.on('message', (topic) => void passedOn.push(topic));
    await onlooker.subscribeAsync('rfid/a', { qos: 0 });
    const reader = await rawClient(port, connectBytes({ clientId: 'dock', clean: false }));
    await reader.bytes(4);
    const publish = (flags: number) => packet(0x30 | flags, text('rfid/a'), Buffer.from([0, 7]), Buffer.from('tag'));
    reader.socket.write(publish(0b0100));
    expect((await reader.bytes(8)).slice(4)).toEqual([0x50, 2, 0, 7]);
    const newcomer = await rawClient(port, connectBytes({ clientId: 'dock', clean: true }));
    expect(await newcomer.bytes(4)).toEqual(idRejected);
    await once(newcomer.socket, 'close');
    reader.socket.write(publish(0b1100));
    expect((await reader.bytes(12)).slice(8)).toEqual([0x50, 2, 0, 7]);
    reader.socket.write(Buffer.from([0x62, 2, 0, 7]));
    expect((await reader.bytes(16)).slice(12)).toEqual([0x70, 2, 0, 7]);
    await onlooker.publishAsync('rfid/a', 'last', { qos: 1 });
    await eventually(() => passedOn.length >= 2);
    await wait(50);
    expect(passedOn).toHaveLength(2);
  });
});

describe('the client id of another account', () => {
  test('is no way to cut it, to hear what waits for it, or to clear its session', async () => {
    const { port, gateway, heard, client, denials } = await scenes.open(twoAccounts());
    const lasting = { ...one, clean: false } as const;
    const reader = await rawClient(port, connectBytes(lasting));
    await reader.bytes(4);
    reader.socket.write(subscribeBytes(1, ['rfid/dock-1/commands']));
    await reader.bytes(9);
    for (const clean of [false, true]) {
      const thief = await rawClient(port, connectBytes({ ...two, clean }));
      expect(await thief.bytes(4)).toEqual(granted);
      expect(reader.socket.closed).toBe(false);
      thief.socket.destroy();
    }
    reader.socket.destroy();
    await wait(50);
    await gateway.publish('rfid/dock-1/commands', 'for dock-1', { qos: 1 });
    for (const [clientId, clean] of [
      ['dock', false],
      ['one/dock', false],
      ['dock', true],
      ['one/dock', true],
    ] as const) {
      const thief = await rawClient(port, connectBytes({ ...two, clientId, clean }));
      expect(await thief.bytes(4)).toEqual(granted);
      thief.socket.write(subscribeBytes(1, ['rfid/dock-2/commands']));
      await wait(50);
      expect(Buffer.from(await thief.bytes(9)).toString('latin1')).not.toContain('for dock-1');
      thief.socket.destroy();
    }
    const other = await client(asTwo);
    await other.publishAsync('rfid/dock-2/events', 'x', { qos: 1 });
    const back = await rawClient(port, connectBytes(lasting));
    await eventually(async () => Buffer.from(await back.bytes(0)).includes('for dock-1'));
    expect(heard.map(({ topic }) => topic)).toContain('rfid/dock-2/events');
    expect(denials()).toEqual({});
  });
});

const netns = spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
test.skipIf(!netns)(
  'a reader whose old connection hangs half-open gets in again within seconds',
  () => {
    // In a network of its own: the old reader's address goes away, as with a cable that is pulled and a new lease.
    const child = join(import.meta.dirname, 'broker-half-open.child.ts');
    const script = `ip link set lo up && ip addr add 10.9.9.1/32 dev lo && exec ${process.execPath} --import tsx ${child}`;
    const { stdout, stderr } = spawnSync('unshare', ['-rn', 'sh', '-c', script], { encoding: 'utf8', timeout: 60_000 });
    const waited = Number(/in after (\d+) ms/.exec(stdout)?.[1]);
    expect([waited, stderr]).toEqual([expect.any(Number), '']);
    expect(waited).toBeGreaterThan(3000);
    expect(waited).toBeLessThan(20_000);
  },
  90_000,
);
