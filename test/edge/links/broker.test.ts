import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { afterEach, expect, test } from 'vitest';
import { GatewayError } from '../../../src/kit/index.ts';
import {
  type Broker,
  type BrokerSettings,
  type LinkMessage,
  type MqttConnection,
  startBroker,
} from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { bareClient, gateway } from './mqtt-help.ts';
import { realDeps } from './watch.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(more: Partial<BrokerSettings> = {}): Promise<Broker> {
  const broker = await startBroker({ host: '127.0.0.1', port: 0, ...more });
  closing.push(() => broker.close());
  return broker;
}

async function client(...args: Parameters<typeof bareClient>) {
  const made = await bareClient(...args);
  closing.push(() => made.endAsync(true));
  return made;
}

function local(broker: Broker): MqttConnection {
  const connection = broker.connect(realDeps);
  closing.push(() => connection.close());
  return connection;
}

function closed(made: MqttClient): Promise<void> {
  return new Promise((resolve) => made.once('close', () => resolve()));
}

test('the embedded broker refuses MQTT 5, and the gateway’s client falls back to 3.1.1', async () => {
  const { port } = await start();
  await expect(bareClient(port, { protocolVersion: 5 })).rejects.toMatchObject({ code: 1 });
  const made = gateway(port, ['rfid/+/events']);
  closing.push(() => made.connection.close());
  await eventually(() => made.connection.state().state === 'open', 3000);
  const reader = await client(port);
  await wait(100);
  await reader.publishAsync('rfid/dock-1/events', 'tag', { qos: 1 });
  await eventually(() => made.seen.length === 1);
  expect(made.seen[0]).toMatchObject({ topic: 'rfid/dock-1/events' });
});

test('a port that is taken is told as such', async () => {
  const { port } = await start();
  await expect(startBroker({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'PORT_TAKEN' });
});

test('what comes once the gateway has closed its connection is not acknowledged', async () => {
  const broker = await start();
  const connection = local(broker);
  connection.subscribe('rfid/+/events', async () => undefined);
  connection.open();
  const reader = await client(broker.port);
  await reader.publishAsync('rfid/dock-1/events', 'taken', { qos: 1 });
  await connection.close();
  let acknowledged = false;
  reader.publish('rfid/dock-1/events', 'too late', { qos: 1 }, (error) => {
    acknowledged = error === null || error === undefined;
  });
  await Promise.race([closed(reader), eventually(() => acknowledged)]);
  expect(acknowledged).toBe(false);
});

test('a reader gets its PUBACK only after the gateway’s handler has returned', async () => {
  const broker = await start();
  const connection = local(broker);
  const order: string[] = [];
  let full = true;
  connection.subscribe('rfid/+/events', async (message) => {
    if (full) throw new GatewayError('STORE_FULL', 'the disk is full');
    order.push(`stored ${Buffer.from(message.payload)}`);
  });
  connection.open();
  const reader = await client(broker.port);
  const sent = ['1', '2', '3'].map((text) =>
    reader.publishAsync('rfid/dock-1/events', text, { qos: 1 }).then(() => void order.push(`acknowledged ${text}`)),
  );
  await wait(400);
  expect(order).toEqual([]);
  full = false;
  await Promise.all(sent);
  expect(order.filter((entry) => entry.startsWith('stored'))).toEqual(['stored 1', 'stored 2', 'stored 3']);
  for (const text of ['1', '2', '3']) {
    expect(order.indexOf(`stored ${text}`)).toBeLessThan(order.indexOf(`acknowledged ${text}`));
  }
  expect(connection.counts()).toMatchObject({ messages: 3, unrouted: 0 });
});

test('readers that are quicker than the gateway wait for it to open', async () => {
  const broker = await start();
  const connection = local(broker);
  const reader = await client(broker.port);
  const acknowledged = reader.publishAsync('rfid/dock-1/events', 'early', { qos: 1 });
  await wait(100);
  const got: string[] = [];
  connection.subscribe('rfid/dock-1/events', async (message) => void got.push(Buffer.from(message.payload).toString()));
  expect(connection.state().state).toBe('opening');
  connection.open();
  await acknowledged;
  expect(got).toEqual(['early']);
});

test('readers and onlookers hear each other and the gateway; the gateway hears itself', async () => {
  const broker = await start();
  const connection = local(broker);
  const own: string[] = [];
  connection.subscribe('rfid/#', async (message) => void own.push(message.topic));
  connection.open();
  const onlooker = await client(broker.port);
  const heard: string[] = [];
  onlooker.on('message', (topic) => void heard.push(topic));
  await onlooker.subscribeAsync('rfid/#', { qos: 1 });
  await connection.publish('rfid/dock-1/command', 'start', { qos: 1 });
  const reader = await client(broker.port);
  await reader.publishAsync('rfid/dock-1/events', 'tag', { qos: 1 });
  await eventually(() => heard.length === 2);
  expect(heard).toEqual(['rfid/dock-1/command', 'rfid/dock-1/events']);
  expect(own).toEqual(heard);
});

test('a message on a topic that no reader has is acknowledged, counted and named', async () => {
  const broker = await start();
  const connection = local(broker);
  connection.open();
  const reader = await client(broker.port);
  await reader.publishAsync('rfid/forgotten/events', 'tag', { qos: 1 });
  expect(connection.counts()).toMatchObject({ messages: 1, unrouted: 1, unroutedTopic: 'rfid/forgotten/events' });
});

test('a payload above the limit is not kept and is acknowledged, so that it does not come for ever; others are not disturbed', async () => {
  const broker = await start({ maxPayloadBytes: 1000 });
  const connection = local(broker);
  const heard: LinkMessage[] = [];
  connection.subscribe('rfid/#', async (message) => void heard.push(message));
  connection.open();
  const onlooker = await client(broker.port);
  const seen: string[] = [];
  onlooker.on('message', (topic) => void seen.push(topic));
  await onlooker.subscribeAsync('#', { qos: 1 });
  const reader = await client(broker.port);
  await reader.publishAsync('rfid/a', Buffer.alloc(1000), { qos: 1 });
  await reader.publishAsync('rfid/b', Buffer.alloc(200_000), { qos: 1, retain: true });
  await reader.publishAsync('rfid/b', Buffer.alloc(1001), { qos: 2 });
  await reader.publishAsync('rfid/c', 'still here', { qos: 1 });
  expect(heard.map(({ topic, payload, oversize }) => [topic, payload.length, oversize])).toEqual([
    ['rfid/a', 1000, null],
    ['rfid/b', 0, { size: 200_000, limit: 1000 }],
    ['rfid/b', 0, { size: 1001, limit: 1000 }],
    ['rfid/c', 10, null],
  ]);
  await eventually(() => seen.length === 2);
  expect(seen).toEqual(['rfid/a', 'rfid/c']);
});

test('who announces a packet that no MQTT client needs is cut before it can send it', async () => {
  const broker = await start();
  // A CONNECT of 256 MB, a length of five bytes, and a SUBSCRIBE of 1 MiB.
  for (const head of [
    [0x10, 0xff, 0xff, 0xff, 0x7f],
    [0x30, 0x80, 0x80, 0x80, 0x80, 0x01],
    [0x82, 0x80, 0x80, 0x40],
  ]) {
    const claim = connectSocket(broker.port, '127.0.0.1');
    claim.on('error', () => undefined);
    claim.write(Buffer.from(head));
    await once(claim, 'close');
    expect(claim.bytesWritten).toBe(head.length);
  }
  const good = await client(broker.port);
  await expect(good.publishAsync('rfid/a', 'still here', { qos: 1 })).resolves.toBeDefined();
});

test('a broker with accounts lets in who knows the password, and the gateway says in words that it does not', async () => {
  const account = { id: 'reader', mayPublish: () => true, maySubscribe: () => true };
  const signIn = (username: string, password: string) =>
    username === 'reader' && password === 'right' ? account : null;
  const { port } = await start({ access: { signIn, account: () => account } });
  await client(port, { username: 'reader', password: 'right' });
  const made = gateway(port, [], { username: 'reader', password: 'wrong' });
  closing.push(() => made.connection.close());
  await eventually(() => made.connection.state().error?.includes('user name or password') ?? false);
});

test('bytes that are no MQTT, and topics of the broker’s own, disturb nobody', async () => {
  const broker = await start();
  const connection = local(broker);
  const got: string[] = [];
  connection.subscribe('#', async (message) => void got.push(message.topic));
  connection.open();
  const noise = connectSocket(broker.port, '127.0.0.1');
  noise.on('error', () => undefined);
  noise.write('GET / HTTP/1.1\r\n\r\n');
  await once(noise, 'close');
  const forger = await client(broker.port);
  const cut = closed(forger);
  forger.publish('$SYS/forged', 'x', { qos: 1 });
  await cut;
  const reader = await client(broker.port);
  await reader.publishAsync('rfid/a', 'x', { qos: 1 });
  expect(got).toEqual(['rfid/a']);
});

test('closing ends clients that are still connected, and frees the port', async () => {
  const broker = await startBroker({ host: '127.0.0.1', port: 0 });
  const reader = await client(broker.port);
  const connection = local(broker);
  connection.subscribe('a', async () => {
    throw new GatewayError('STORE_FULL', 'never stored');
  });
  connection.open();
  reader.publish('a', 'held', { qos: 1 });
  await eventually(() => connection.counts().held > 0);
  const ended = closed(reader);
  await connection.close();
  await broker.close();
  await ended;
  const again = await startBroker({ host: '127.0.0.1', port: broker.port });
  await again.close();
  await expect(connection.publish('a', 'b')).rejects.toMatchObject({ code: 'LINK_LOST' });
});
