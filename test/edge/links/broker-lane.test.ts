import { setTimeout as wait } from 'node:timers/promises';
import { Aedes } from 'aedes';
import { connect } from 'mqtt';
import { afterEach, expect, test, vi } from 'vitest';
import { GatewayError } from '../../../src/kit/index.ts';
import { type Broker, type LinkMessage, startBroker } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { asOne, connectBytes, createScenes, packet, rawClient, text, twoAccounts } from './broker-scene.ts';
import { bareClient } from './mqtt-help.ts';
import { realDeps } from './watch.ts';

const topic = 'rfid/dock-1/events';
const scenes = createScenes();
const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0).reverse()) await close();
  await scenes.close();
});

/** A broker whose gateway hands what it gets to `take`. */
async function start(take: (message: LinkMessage) => Promise<void>): Promise<Broker> {
  const broker = await startBroker({ host: '127.0.0.1', port: 0 });
  closing.push(() => broker.close());
  const connection = broker.connect(realDeps);
  closing.push(() => connection.close());
  connection.subscribe('rfid/#', take);
  connection.open();
  return broker;
}

async function client(...args: Parameters<typeof bareClient>) {
  const made = await bareClient(...args);
  closing.push(() => made.endAsync(true));
  return made;
}

/** The topics of the messages that the broker itself passes on. */
function watchBroker(): () => string[] {
  const publish = vi.spyOn(Aedes.prototype, 'publish');
  return () => publish.mock.calls.map(([{ topic }]) => topic).filter((name) => !name.startsWith('$'));
}

/** A PUBLISH of QoS 1 as bytes; the rest is shorter than 16 KiB. */
function publishBytes(id: number, payload: Uint8Array, first = 0x32): Buffer {
  const rest = Buffer.concat([text(topic), Buffer.from([id >> 8, id & 255]), payload]);
  const length = rest.length < 128 ? [rest.length] : [(rest.length & 127) | 128, rest.length >> 7];
  return Buffer.concat([Buffer.from([first, ...length]), rest]);
}

/** The identifiers that PUBACKs behind the CONNACK name. */
function acknowledged(bytes: readonly number[]): number[] {
  const acks = bytes.slice(4);
  return Array.from({ length: acks.length / 4 }, (_, i) => (acks[4 * i + 2] ?? 0) * 256 + (acks[4 * i + 3] ?? 0));
}

test('what only the gateway wants does not go through the broker, until somebody listens and from when nobody does', async () => {
  const got: string[] = [];
  const { port } = await start(async ({ payload }) => void got.push(String(payload)));
  const passed = watchBroker();
  const reader = await client(port);
  await reader.publishAsync(topic, 'a', { qos: 1 });
  expect(passed()).toEqual([]);
  const onlooker = await client(port);
  const heard: string[] = [];
  onlooker.on('message', (_topic, payload) => void heard.push(String(payload)));
  await onlooker.subscribeAsync('rfid/+/events', { qos: 1 });
  await reader.publishAsync(topic, 'b', { qos: 1 });
  await eventually(() => heard.length === 1);
  expect(heard).toEqual(['b']);
  expect(passed()).toEqual([topic]);
  await onlooker.unsubscribeAsync('rfid/+/events');
  await reader.publishAsync(topic, 'c', { qos: 1 });
  await reader.publishAsync(topic, 'd', { qos: 0 });
  await eventually(() => got.length === 4);
  expect(got).toEqual(['a', 'b', 'c', 'd']);
  expect(passed()).toEqual([topic]);
});

test('a session that is away finds what came meanwhile, though the topic was nobody’s before', async () => {
  const { port } = await start(async () => undefined);
  const reader = await client(port);
  await reader.publishAsync(topic, 'before', { qos: 1 });
  const kept = { clientId: 'dashboard', clean: false };
  const first = await client(port, kept);
  await first.subscribeAsync('rfid/#', { qos: 1 });
  await first.endAsync();
  await reader.publishAsync(topic, 'meanwhile', { qos: 1 });
  const heard: string[] = [];
  const back = connect({ host: '127.0.0.1', port, reconnectPeriod: 0, ...kept });
  closing.push(() => back.endAsync(true));
  back.on('message', (_topic, payload) => void heard.push(String(payload)));
  await eventually(() => heard.length === 1);
  expect(heard).toEqual(['meanwhile']);
});

test('retained, long and QoS 2 messages and the broker’s own topics go through the broker', async () => {
  const got: number[] = [];
  const { port } = await start(async ({ payload }) => void got.push(payload.length));
  const passed = watchBroker();
  const reader = await client(port);
  await reader.publishAsync(topic, 'kept', { qos: 1, retain: true });
  await reader.publishAsync(topic, Buffer.alloc(70_000), { qos: 1 });
  await reader.publishAsync(topic, 'twice', { qos: 2 });
  await eventually(() => got.length === 3);
  expect(passed()).toEqual([topic, topic, topic]);
  const late = await client(port);
  const heard: string[] = [];
  late.on('message', (_topic, payload) => void heard.push(String(payload)));
  await late.subscribeAsync(topic, { qos: 1 });
  await eventually(() => heard.length === 1);
  expect(heard).toEqual(['kept']);
});

test('a redelivery is known as such, and each PUBACK has the identifier of its message', async () => {
  const got: boolean[] = [];
  const { port } = await start(async ({ redelivered }) => void got.push(redelivered));
  const { socket, bytes } = await rawClient(port, connectBytes({ clientId: 'reader' }));
  await bytes(4);
  socket.write(Buffer.concat([publishBytes(7, Buffer.from('1')), publishBytes(65_535, Buffer.from('2'), 0x3a)]));
  expect(acknowledged(await bytes(12))).toEqual([7, 65_535]);
  expect(got).toEqual([false, true]);
  socket.destroy();
});

test('a reader that only sends is not taken for silent', async () => {
  const { port } = await start(async () => undefined);
  const { socket, bytes } = await rawClient(port, connectBytes({ clientId: 'reader', keepalive: 1 }));
  await bytes(4);
  for (let id = 1; id <= 9; id++) {
    await wait(300);
    socket.write(publishBytes(id, Buffer.from('tag')));
  }
  expect(acknowledged(await bytes(40))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  socket.destroy();
});

test('while too much of a reader waits for the disk it is not read; then all is taken in its order and acknowledged', async () => {
  const size = 8_000;
  const count = 2_500;
  const got: number[] = [];
  let open = (): void => undefined;
  const disk = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { port } = await start(async ({ payload }) => {
    got.push(Buffer.from(payload).readUInt16BE(0));
    await disk;
  });
  const { socket, bytes } = await rawClient(port, connectBytes({ clientId: 'reader' }));
  await bytes(4);
  const ids = Array.from({ length: count }, (_, i) => i + 1);
  for (const id of ids) {
    const payload = Buffer.alloc(size);
    payload.writeUInt16BE(id, 0);
    socket.write(publishBytes(id, payload));
  }
  let before = -1;
  await eventually(() => {
    const isSame = before === got.length && got.length > 0;
    before = got.length;
    return isSame && socket.writableLength > 0;
  }, 10_000);
  await wait(300);
  expect(got.length * size).toBeLessThan(4 * 1024 * 1024);
  open();
  expect(acknowledged(await bytes(4 + 4 * count)).toSorted((a, b) => a - b)).toEqual(ids);
  expect(got).toEqual(ids);
  socket.destroy();
});

test('what is refused is not acknowledged by the short way either, and comes to the handler again in its order', async () => {
  const order: string[] = [];
  let full = true;
  const { port } = await start(async ({ payload }) => {
    if (full) throw new GatewayError('STORE_FULL', 'the disk is full');
    order.push(String(payload));
  });
  const passed = watchBroker();
  const { socket, bytes } = await rawClient(port, connectBytes({ clientId: 'reader' }));
  await bytes(4);
  socket.write(Buffer.concat([1, 2, 3].map((id) => publishBytes(id, Buffer.from(String(id))))));
  await wait(300);
  socket.write(packet(0xc0));
  expect((await bytes(6)).slice(4)).toEqual([0xd0, 0]);
  full = false;
  await eventually(() => order.length === 3, 3_000);
  expect(order).toEqual(['1', '2', '3']);
  await bytes(6 + 12);
  expect(passed()).toEqual([]);
  socket.destroy();
});

test('an account has no more rights on the short way', async () => {
  const { port, heard, denials } = await scenes.open(twoAccounts());
  const passed = watchBroker();
  const reader = await client(port, asOne);
  await reader.publishAsync(topic, 'own', { qos: 1 });
  expect(passed()).toEqual([]);
  await reader.publishAsync('rfid/dock-2/events', 'foreign', { qos: 1 });
  expect(heard.map(({ topic }) => topic)).toEqual([topic]);
  expect(denials()).toEqual({ 'publish rfid/dock-2/events': 1 });
});
