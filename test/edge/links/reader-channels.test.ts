import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectClient } from 'mqtt';
import { afterEach, expect, test } from 'vitest';
import { GatewayError } from '../../../src/kit/index.ts';
import { type Channels, connectMqtt, knownSessions, readerChannels, sharedChannels } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { startMosquitto } from '../../fakes/mosquitto.ts';
import { bareClient, publishAs } from './mqtt-help.ts';
import { realDeps } from './watch.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const base = 'silentgate-test';
const topicOf = (reader: string) => `rfid/${reader}/events`;

async function broker() {
  const made = await startMosquitto({});
  closing.push(() => made.kill());
  const folder = await mkdtemp(join(tmpdir(), 'silentgate-sessions-'));
  closing.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'mqtt-sessions.json');
  const publish = async (reader: string, ...texts: string[]) => {
    for (const text of texts) await publishAs(made.port, ['-t', topicOf(reader), '-m', text, '-q', '1']);
  };
  return { port: made.port, url: `mqtt://127.0.0.1:${made.port}`, file, publish };
}

type Broker = Awaited<ReturnType<typeof broker>>;
type Take = (reader: string, text: string) => Promise<void>;

/** The channels of a gateway with these readers; `calls` is what their handlers were given. */
function gateway(
  { url, file }: Broker,
  readers: Readonly<Record<string, string>>,
  take: Take = async () => undefined,
  open: typeof readerChannels = readerChannels,
) {
  const calls: string[] = [];
  const channels: Channels = open({ url, clientId: base }, knownSessions(file, realDeps), realDeps);
  const connections = Object.entries(readers).map(([reader, topic]) => {
    const connection = channels.of(reader);
    connection.subscribe(topic, ({ payload }) => {
      const text = Buffer.from(payload).toString();
      calls.push(`${reader} ${text}`);
      return take(reader, text);
    });
    return connection;
  });
  channels.open();
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await channels.close();
  };
  closing.push(close);
  const areOpen = () => connections.every((one) => one.state().state === 'open');
  return { calls, channels, close, areOpen };
}

const ownTopics = (...readers: string[]) => Object.fromEntries(readers.map((reader) => [reader, topicOf(reader)]));

/** Whether the broker keeps a session for this client id. */
async function isKept(port: number, clientId: string): Promise<boolean> {
  const client = connectClient({ host: '127.0.0.1', port, reconnectPeriod: 0, clientId, clean: false });
  const sessionPresent = await new Promise<boolean>((resolve) => {
    client.once('connect', (packet) => resolve(packet.sessionPresent));
  });
  await client.endAsync(true);
  return sessionPresent;
}

test('while one reader waits for the disk, another’s message is taken and acknowledged', async () => {
  const at = await broker();
  let release: () => void = () => undefined;
  const disk = new Promise<void>((resolve) => {
    release = resolve;
  });
  const made = gateway(at, ownTopics('a', 'b'), (reader) => (reader === 'a' ? disk : Promise.resolve()));
  await eventually(made.areOpen);
  await wait(200);
  await at.publish('a', 'a1', 'a2');
  await at.publish('b', 'b1', 'b2', 'b3');
  await eventually(() => made.calls.length === 4);
  // The second of b comes only once its first is acknowledged; of a nothing is.
  expect(made.calls).toEqual(['a a1', 'b b1', 'b b2', 'b b3']);
  release();
  await eventually(() => made.calls.includes('a a2'));
});

test('a message that is refused comes again to its own reader, and later ones of it wait', async () => {
  const at = await broker();
  let isFull = true;
  const made = gateway(at, ownTopics('a', 'b'), async (reader) => {
    if (reader === 'a' && isFull) throw new GatewayError('STORE_FULL', 'full');
  });
  await eventually(made.areOpen);
  await wait(200);
  await at.publish('a', '1', '2');
  await at.publish('b', '1');
  await eventually(() => made.calls.includes('b 1') && made.calls.filter((call) => call === 'a 1').length > 1);
  expect(made.calls).not.toContain('a 2');
  isFull = false;
  await eventually(() => made.calls.includes('a 2'));
});

test('fifty readers, each with its own connection: every message comes, in the order of its reader', async () => {
  const at = await broker();
  const names = Array.from({ length: 50 }, (_, n) => `r${n}`);
  const made = gateway(at, ownTopics(...names), (_, text) => wait(Number(text) % 3));
  await eventually(made.areOpen);
  await wait(500);
  const client = await bareClient(at.port);
  closing.push(() => client.endAsync(true));
  const texts = Array.from({ length: 20 }, (_, n) => String(n));
  await Promise.all(texts.flatMap((text) => names.map((name) => client.publishAsync(topicOf(name), text, { qos: 1 }))));
  await eventually(() => made.calls.length >= 1_000);
  for (const name of names) {
    expect(made.calls.filter((call) => call.startsWith(`${name} `))).toEqual(texts.map((text) => `${name} ${text}`));
  }
});

/** A gateway of before: one session for all readers. It is gone, and the broker keeps what comes. */
async function oldGateway({ url }: Broker, ...readers: string[]): Promise<void> {
  const old = connectMqtt({ url, clientId: base }, realDeps);
  for (const reader of readers) old.subscribe(topicOf(reader), async () => undefined);
  old.open();
  await eventually(() => old.state().state === 'open' && old.isSubscribed());
  await old.close();
}

test('what the broker kept for the one session of an older release is taken first, once, and the session is given up', async () => {
  const at = await broker();
  await oldGateway(at, 'a', 'b');
  await at.publish('a', '1', '2');
  await at.publish('b', '1');
  const made = gateway(at, ownTopics('a', 'b'));
  await eventually(() => made.calls.length === 3);
  await eventually(made.areOpen);
  await eventually(() => readFileSync(at.file, 'utf8').includes(`${base}:a`) && !isNoted(at, base));
  await at.publish('a', '3');
  await eventually(() => made.calls.length >= 4);
  await wait(300);
  expect(made.calls.filter((call) => call.startsWith('a '))).toEqual(['a 1', 'a 2', 'a 3']);
  expect(made.calls.filter((call) => call.startsWith('b '))).toEqual(['b 1']);
  expect(await isKept(at.port, base)).toBe(false);
});

const isNoted = ({ file }: Broker, clientId: string) =>
  (JSON.parse(readFileSync(file, 'utf8')) as string[]).includes(clientId);

test('messages of the old session are not given up while the store refuses them', async () => {
  const at = await broker();
  await oldGateway(at, 'a');
  await at.publish('a', '1', '2');
  let isFull = true;
  const made = gateway(at, ownTopics('a'), async () => {
    if (isFull) throw new GatewayError('STORE_FULL', 'full');
  });
  await eventually(() => made.calls.length > 1);
  await wait(2_500);
  expect(isNoted(at, base)).toBe(true);
  isFull = false;
  await eventually(() => made.calls.includes('a 2'));
  await eventually(() => !isNoted(at, base));
});

test('a reader that got another name takes what was kept for its old one', async () => {
  const at = await broker();
  const before = gateway(at, { old: topicOf('a') });
  await eventually(before.areOpen);
  await eventually(() => !isNoted(at, base));
  await wait(200);
  await before.close();
  await at.publish('a', '1');
  const after = gateway(at, { new: topicOf('a') });
  await eventually(() => after.calls.length === 1);
  await eventually(() => !isNoted(at, `${base}:old`));
  await at.publish('a', '2');
  await eventually(() => after.calls.length >= 2);
  expect(after.calls).toEqual(['new 1', 'new 2']);
});

test('what was kept for each reader is taken by one connection for all, where an account may have only one', async () => {
  const at = await broker();
  const before = gateway(at, ownTopics('a', 'b'));
  await eventually(before.areOpen);
  await eventually(() => !isNoted(at, base));
  await wait(200);
  await before.close();
  await at.publish('a', '1');
  await at.publish('b', '1');
  const after = gateway(at, ownTopics('a', 'b'), undefined, sharedChannels);
  await eventually(() => after.calls.length === 2);
  await eventually(() => !isNoted(at, `${base}:a`) && !isNoted(at, `${base}:b`));
  await at.publish('a', '2');
  await eventually(() => after.calls.includes('a 2'));
  expect(after.calls.toSorted()).toEqual(['a 1', 'a 2', 'b 1']);
});

test('a gateway that was away takes what was kept for each of its readers', async () => {
  const at = await broker();
  const before = gateway(at, ownTopics('a', 'b'));
  await eventually(before.areOpen);
  await eventually(() => !isNoted(at, base));
  await wait(200);
  await before.close();
  await at.publish('a', '1', '2');
  await at.publish('b', '1');
  const after = gateway(at, ownTopics('a', 'b'));
  await eventually(() => after.calls.length === 3);
  expect(after.calls.toSorted()).toEqual(['a 1', 'a 2', 'b 1']);
});

test('a list of client ids that cannot be read is as none: the session of before is looked for again', async () => {
  const at = await broker();
  writeFileSync(at.file, '{');
  const made = gateway(at, ownTopics('a'));
  await eventually(made.areOpen);
  await eventually(() => readFileSync(at.file, 'utf8').includes(`${base}:a`) && !isNoted(at, base));
});
