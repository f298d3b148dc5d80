import { connect as connectSocket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, test } from 'vitest';
import { createSharedSpace } from '../../../src/links/broker-memory.ts';
import { type Broker, startBroker } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { bareClient } from './mqtt-help.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(): Promise<Broker> {
  const broker = await startBroker({ host: '127.0.0.1', port: 0 });
  closing.push(() => broker.close());
  return broker;
}

async function client(...args: Parameters<typeof bareClient>) {
  const made = await bareClient(...args);
  closing.push(() => made.endAsync(true));
  return made;
}

const payload = Buffer.alloc(200 * 1024);

/** How many messages a new subscriber of `topic` is sent at once. */
async function received(port: number, topic: string, options: Parameters<typeof bareClient>[1] = {}): Promise<number> {
  let count = 0;
  let newest = Date.now();
  const made = await client(port, options);
  made.on('message', () => {
    count += 1;
    newest = Date.now();
  });
  await made.subscribeAsync(topic, { qos: 1 });
  await eventually(() => Date.now() - newest > 400, 10_000);
  return count;
}

describe('what the embedded broker keeps for others', () => {
  it('is at most 16 MiB of retained messages; clearing one makes room, and a message without room is still passed on', async () => {
    const { port } = await start();
    const reader = await client(port);
    for (let i = 0; i < 100; i++) await reader.publishAsync(`kept/${i}`, payload, { qos: 1, retain: true });
    const kept = await received(port, 'kept/#');
    expect(kept).toBeGreaterThan(70);
    expect(kept).toBeLessThanOrEqual(81);
    await reader.publishAsync('kept/0', '', { qos: 1, retain: true });
    await reader.publishAsync('kept/0', payload, { qos: 1, retain: true });
    expect(await received(port, 'kept/0')).toBe(1);
    let live = 0;
    const listener = await client(port);
    listener.on('message', () => {
      live += 1;
    });
    await listener.subscribeAsync('kept/new', { qos: 1 });
    await reader.publishAsync('kept/new', payload, { qos: 1, retain: true });
    await eventually(() => live === 1);
    expect(await received(port, 'kept/new')).toBe(0);
  });

  it('is at most 4 MiB for a session that is away; it is served again when it has come back', async () => {
    const { port } = await start();
    const session = { clientId: 'away', clean: false };
    const away = await bareClient(port, session);
    await away.subscribeAsync('x', { qos: 1 });
    await away.endAsync();
    const reader = await client(port);
    for (let i = 0; i < 60; i++) await reader.publishAsync('x', payload, { qos: 1 });
    const kept = await received(port, 'other', session);
    expect(kept).toBeGreaterThan(15);
    expect(kept).toBeLessThanOrEqual(20);
    const back = closing.pop();
    await back?.();
    for (let i = 0; i < 3; i++) await reader.publishAsync('x', payload, { qos: 1 });
    expect(await received(port, 'other', session)).toBe(3);
  });

  it('is at most 8 MiB for a connection that reads nothing: it is cut, and others are served', async () => {
    const { port } = await start();
    const stuck = connectSocket(port, '127.0.0.1');
    let cut = false;
    stuck.on('error', () => undefined);
    stuck.on('close', () => {
      cut = true;
    });
    stuck.write(Buffer.from('100f00044d515454040200000003616263', 'hex'));
    await wait(100);
    stuck.write(Buffer.from('8206000100012300', 'hex'));
    await wait(100);
    stuck.pause();
    const reader = await client(port);
    for (let i = 0; i < 150; i++) await reader.publishAsync('y', payload, { qos: 1 });
    stuck.resume();
    await eventually(() => cut, 5000);
    await reader.publishAsync('y', 'still here', { qos: 1 });
  });
});

test('large messages that an address announces and never sends do not keep the large ones of others out', async () => {
  const { port } = await start();
  // A PUBLISH of 16 MiB, of which nothing comes but its header; nobody has even signed in.
  const stalled = Array.from({ length: 4 }, () =>
    connectSocket({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }),
  );
  closing.push(() => stalled.forEach((socket) => void socket.destroy()));
  for (const socket of stalled) {
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(Buffer.from('3080808008', 'hex'));
  }
  await wait(200);
  const reader = await client(port, { reconnectPeriod: 0 });
  let lost = false;
  reader.on('close', () => {
    lost = true;
  });
  const sent = reader.publishAsync('report', Buffer.alloc(5_000_000), { qos: 1 }).catch(() => undefined);
  await Promise.race([sent, eventually(() => lost, 10_000)]);
  expect(lost).toBe(false);
  await eventually(() => stalled.filter(({ closed }) => closed).length === 1);
});

test('of one address who comes when the room is full is refused, and a place that is freed is given again', () => {
  const gone: string[] = [];
  const room = createSharedSpace<string>(10, (owner) => void gone.push(owner));
  expect([room.take('a', 6, 'x'), room.take('b', 5, 'x'), room.take('c', 3, 'x')]).toEqual([true, false, true]);
  expect(room.take('d', 4, 'y')).toBe(true);
  expect(gone).toEqual(['c']);
  room.free('a');
  expect(room.take('b', 6, 'x')).toBe(true);
});
