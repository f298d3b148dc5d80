import { afterEach, expect, test } from 'vitest';
import { GatewayError } from '../../../src/kit/index.ts';
import { type MqttConnection, startBroker } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { bareClient } from './mqtt-help.ts';
import { realDeps } from './watch.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The embedded broker with a connection for each of these readers; what each takes is in the test's hand. */
async function broker(...readers: string[]) {
  const made = await startBroker({ host: '127.0.0.1', port: 0 });
  closing.push(() => made.close());
  const calls: string[] = [];
  const kept = new Map<string, (error?: Error) => void>();
  const isHeld = { of: (_reader: string, _text: string): boolean => false };
  const connections: MqttConnection[] = [];
  for (const reader of readers) {
    const connection = made.connect(realDeps);
    connections.push(connection);
    connection.subscribe(`rfid/${reader}/events`, ({ payload }) => {
      const text = Buffer.from(payload).toString();
      calls.push(`${reader} ${text}`);
      if (!isHeld.of(reader, text)) return Promise.resolve();
      return new Promise((resolve, reject) => kept.set(text, (error) => (error ? reject(error) : resolve())));
    });
  }
  for (const connection of connections) connection.open();
  const client = async () => {
    const one = await bareClient(made.port, { protocolVersion: 4 });
    closing.push(() => one.endAsync(true));
    return one;
  };
  return { made, calls, kept, isHeld, client };
}

const full = new GatewayError('STORE_FULL', 'the disk is full');

test('while one reader waits for the disk, another’s message is taken and acknowledged by the embedded broker', async () => {
  const { calls, kept, isHeld, client } = await broker('a', 'b');
  isHeld.of = (reader) => reader === 'a';
  const [one, other] = [await client(), await client()];
  let isAcknowledged = false;
  const waiting = one.publishAsync('rfid/a/events', 'first', { qos: 1 }).then(() => {
    isAcknowledged = true;
  });
  await eventually(() => kept.has('first'));
  await other.publishAsync('rfid/b/events', 'second', { qos: 1 });
  expect([calls, isAcknowledged]).toEqual([['a first', 'b second'], false]);
  kept.get('first')?.();
  await waiting;
});

test('messages of one reader are decided in their order while none of them is on disk, and refused ones come again in it', async () => {
  const { calls, kept, isHeld, client } = await broker('a');
  isHeld.of = () => true;
  const reader = await client();
  const texts = ['1', '2', '3', '4'];
  const sent = Promise.all(texts.map((text) => reader.publishAsync('rfid/a/events', text, { qos: 1 })));
  await eventually(() => kept.size === 4);
  isHeld.of = () => false;
  kept.get('1')?.();
  // A failing append takes all with it that came after it.
  for (const text of ['2', '3', '4']) kept.get(text)?.(full);
  await sent;
  expect(calls).toEqual([...texts, '2', '3', '4'].map((text) => `a ${text}`));
});

test('what comes while a message is refused waits behind it', async () => {
  const { made, calls, client } = await broker();
  let isFull = true;
  const connection = made.connect(realDeps);
  connection.subscribe('t', async ({ payload }) => {
    calls.push(Buffer.from(payload).toString());
    if (isFull) throw full;
  });
  connection.open();
  const reader = await client();
  const first = reader.publishAsync('t', '1', { qos: 1 });
  await eventually(() => calls.length > 0);
  const rest = Promise.all(['2', '3'].map((text) => reader.publishAsync('t', text, { qos: 1 })));
  isFull = false;
  await Promise.all([first, rest]);
  expect(calls.filter((text, at) => text !== calls[at - 1])).toEqual(['1', '2', '3']);
});

test('a topic that two readers share goes to both, and is acknowledged once both have it on disk', async () => {
  const { made, calls, kept, isHeld, client } = await broker('a');
  isHeld.of = () => true;
  const onlooker = made.connect(realDeps);
  onlooker.subscribe('rfid/#', async ({ topic }) => void calls.push(`onlooker ${topic}`));
  onlooker.open();
  const reader = await client();
  let isAcknowledged = false;
  const sent = reader.publishAsync('rfid/a/events', 'x', { qos: 1 }).then(() => {
    isAcknowledged = true;
  });
  await eventually(() => calls.length === 2);
  expect([calls, isAcknowledged]).toEqual([['a x', 'onlooker rfid/a/events'], false]);
  kept.get('x')?.();
  await sent;
});

test('fifty readers at once: each one’s messages are decided in its order, and all are acknowledged', async () => {
  const names = Array.from({ length: 50 }, (_, n) => `r${n}`);
  const { calls, client } = await broker(...names);
  const texts = Array.from({ length: 20 }, (_, n) => String(n));
  await Promise.all(
    names.map(async (name) => {
      const reader = await client();
      await Promise.all(texts.map((text) => reader.publishAsync(`rfid/${name}/events`, text, { qos: 1 })));
    }),
  );
  for (const name of names) {
    const own = calls.filter((call) => call.startsWith(`${name} `));
    expect(own).toEqual(texts.map((text) => `${name} ${text}`));
  }
});
