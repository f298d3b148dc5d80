import { connect as connectSocket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, type IClientOptions } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { brokerLimits } from '../../../src/links/broker-limits.ts';
import { type Broker, createDenials, startBroker } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { bareClient } from './mqtt-help.ts';
import { realDeps } from './watch.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(
  limits: Partial<typeof brokerLimits | Record<keyof typeof brokerLimits, number>> = {},
  denials = createDenials(realDeps),
) {
  const broker = await startBroker({ host: '127.0.0.1', port: 0, limits: { ...brokerLimits, ...limits }, denials });
  closing.push(() => broker.close());
  return broker;
}

async function client(broker: Broker, options: IClientOptions = {}) {
  const made = await bareClient(broker.port, options);
  made.on('error', () => undefined);
  closing.push(() => made.endAsync(true));
  return made;
}

/** A session that asked to be kept, subscribed, and went. */
async function abandon(broker: Broker, clientId: string, filter = 'x') {
  const made = await bareClient(broker.port, { clientId, clean: false });
  await made.subscribeAsync(filter, { qos: 1 });
  await made.endAsync();
}

/** What a kept session is sent when it comes back. */
async function waitingFor(broker: Broker, clientId: string): Promise<string[]> {
  const got: string[] = [];
  const made = connect({ host: '127.0.0.1', port: broker.port, clientId, clean: false, reconnectPeriod: 0 });
  closing.push(() => made.endAsync(true));
  made.on('message', (_topic, payload) => void got.push(payload.toString()));
  await eventually(() => made.connected);
  await wait(400);
  return got;
}

/** Tries to sign in, and waits until the broker has closed the connection. */
async function isCut(broker: Broker, options: IClientOptions = {}): Promise<void> {
  const made = connect({ host: '127.0.0.1', port: broker.port, reconnectPeriod: 0, ...options });
  made.on('error', () => undefined);
  await new Promise((resolve) => made.once('close', () => resolve(null)));
  expect(made.connected).toBe(false);
}

describe('sessions', () => {
  test('that are abandoned go, the oldest first, where a new one has no room; a live one never does', async () => {
    const broker = await start({ sessions: 3 });
    const live = await client(broker, { clientId: 'live', clean: false });
    await live.subscribeAsync('x', { qos: 1 });
    await abandon(broker, 'first');
    await abandon(broker, 'second');
    const heard: string[] = [];
    live.on('message', (_topic, payload) => void heard.push(payload.toString()));
    const reader = await client(broker, { clientId: 'reader' });
    await reader.publishAsync('x', 'here', { qos: 1 });
    await eventually(() => heard.length === 1);
    expect(broker.overload()).toEqual({ ABANDONED_SESSION: 1 });
    expect(await waitingFor(broker, 'second')).toEqual(['here']);
  });

  test('of live clients fill all places: the next is refused, counted, and shown with its address', async () => {
    const denials = createDenials(realDeps);
    const broker = await start({ sessionsPerAddress: 2 }, denials);
    await client(broker, { clientId: 'a' });
    await client(broker, { clientId: 'b' });
    await expect(bareClient(broker.port, { clientId: 'c' })).rejects.toMatchObject({ code: 3 });
    expect(broker.overload()).toEqual({ SESSIONS: 1 });
    expect(denials.list()).toEqual([expect.objectContaining({ kind: 'overload', address: '127.0.0.1', count: 1 })]);
  });

  test('cost with their queues what they hold: many that are away share one message and one bound', async () => {
    const broker = await start({ allSessions: 200_000 });
    for (let n = 0; n < 20; n++) await abandon(broker, `gone-${n}`);
    const reader = await client(broker, { clientId: 'reader' });
    for (let n = 0; n < 300; n++) await reader.publishAsync('x', 'y', { qos: 1 });
    const { ABANDONED_SESSION = 0 } = broker.overload();
    expect(ABANDONED_SESSION).toBeGreaterThan(10);
    await reader.publishAsync('x', 'still here', { qos: 1 });
  });
});

describe('subscriptions', () => {
  test('beyond the number of one client, too long or too deep are refused in the SUBACK; the others are granted', async () => {
    const broker = await start({ filtersPerSession: 2, topic: 100, topicLevels: 5 });
    const made = await client(broker);
    const granted = await made.subscribeAsync(['a', 'b'], { qos: 1 });
    expect(granted.map(({ qos }) => qos)).toEqual([1, 1]);
    for (const filter of ['c', 'x'.repeat(101), '1/2/3/4/5/6']) {
      const [refused] = await made.subscribeAsync(filter, { qos: 1 }).catch(() => [{ qos: 128 }]);
      expect(refused?.qos).toBe(128);
    }
    expect(broker.overload()).toEqual({ SUBSCRIPTIONS: 3 });
    await made.unsubscribeAsync('a');
    expect((await made.subscribeAsync('c', { qos: 1 }))[0]?.qos).toBe(1);
    expect((await made.subscribeAsync('c', { qos: 0 }))[0]?.qos).toBe(0);
  });
});

describe('retained messages', () => {
  test('of one byte count with what surrounds them', async () => {
    const broker = await start({ retained: 50_000 });
    const reader = await client(broker);
    for (let n = 0; n < 200; n++) await reader.publishAsync(`kept/${n}`, 'x', { qos: 1, retain: true });
    let got = 0;
    const listener = await client(broker);
    listener.on('message', () => {
      got += 1;
    });
    await listener.subscribeAsync('kept/#', { qos: 0 });
    await eventually(() => got > 50);
    await wait(300);
    expect(got).toBeLessThanOrEqual(125);
    expect(broker.overload()['RETAINED']).toBe(200 - got);
  });
});

describe('connections', () => {
  test('beyond the number of one address are closed, and those of another are taken', async () => {
    const broker = await start({ connectionsPerAddress: 2 });
    await client(broker);
    await client(broker);
    await isCut(broker);
    const other = connectSocket({ port: broker.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    closing.push(() => other.destroy());
    const answer = new Promise<Buffer>((resolve) => other.once('data', resolve));
    other.write(Buffer.from('100f00044d515454040200000003616263', 'hex'));
    expect([...(await answer)]).toEqual([0x20, 2, 0, 0]);
    expect(broker.overload()['CONNECTIONS']).toBeGreaterThan(0);
  });

  test('that do not sign in are closed, and make room where all places are taken', async () => {
    const broker = await start({ connectMs: 300, connections: 2 });
    const silent = connectSocket(broker.port, '127.0.0.1');
    let closed = false;
    silent
      .on('error', () => undefined)
      .on('close', () => {
        closed = true;
      });
    silent.resume();
    await eventually(() => closed);
    expect(broker.overload()).toEqual({ NO_CONNECT: 1 });
  });

  test('whose client id or last will is longer than any reader’s are cut', async () => {
    const broker = await start();
    await isCut(broker, { clientId: 'x'.repeat(300) });
    const will = { topic: 'w', payload: Buffer.alloc(5_000), qos: 0 as const, retain: false };
    await isCut(broker, { will });
    expect(broker.overload()).toEqual({ CLIENT_ID: 1, WILL: 1 });
  });
});

test('a listener that reads nothing holds up neither those who publish nor the other listeners', async () => {
  const broker = await start();
  const stuck = connectSocket(broker.port, '127.0.0.1');
  closing.push(() => stuck.destroy());
  stuck.on('error', () => undefined);
  stuck.write(Buffer.from('100f00044d515454040200000003616263', 'hex'));
  await wait(100);
  stuck.write(Buffer.from('8206000100012300', 'hex'));
  await wait(100);
  stuck.pause();
  const listener = await client(broker);
  let heard = 0;
  listener.on('message', () => {
    heard += 1;
  });
  await listener.subscribeAsync('y', { qos: 0 });
  const reader = await client(broker);
  const payload = Buffer.alloc(20_000);
  await Promise.all(Array.from({ length: 600 }, () => reader.publishAsync('y', payload, { qos: 1 })));
  await eventually(() => heard === 600);
});

test('messages of QoS 2 of which the second half never comes are bounded, and the connection is cut', async () => {
  const broker = await start({ inflight: 10 });
  const half = connectSocket(broker.port, '127.0.0.1');
  let closed = false;
  half
    .on('error', () => undefined)
    .on('close', () => {
      closed = true;
    });
  half.resume();
  half.write(Buffer.from('100f00044d515454040200000003616263', 'hex'));
  await wait(100);
  for (let n = 1; n <= 11; n++) half.write(Buffer.from([0x34, 6, 0, 1, 0x71, 0, n, 0x78]));
  await eventually(() => closed);
  expect(broker.overload()).toEqual({ IN_FLIGHT: 1 });
});

test('200 readers with kept sessions, each with its own topic, meet no bound, and the gateway hears all of them', async () => {
  const broker = await start();
  const connection = broker.connect(realDeps);
  closing.push(() => connection.close());
  const heard = new Set<string>();
  connection.subscribe('rfid/+/events', async ({ topic }) => void heard.add(topic));
  connection.open();
  for (let n = 0; n < 200; n++) {
    const reader = await client(broker, { clientId: `reader-${n}`, clean: false });
    await reader.subscribeAsync(`rfid/${n}/commands`, { qos: 1 });
    await reader.publishAsync(`rfid/${n}/events`, 'tag', { qos: 1, retain: true });
  }
  expect(heard.size).toBe(200);
  expect(broker.overload()).toEqual({});
});
