import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../../fakes/eventually.ts';
import { freePort } from '../../fakes/listen.ts';
import { type Mosquitto, type MosquittoOptions, startMosquitto } from '../../fakes/mosquitto.ts';
import { startTcpProxy } from '../../fakes/tcp-proxy.ts';
import { bareClient, gateway, publishAs, startOldBroker } from './mqtt-help.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function broker(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const made = await startMosquitto(options);
  closing.push(() => made.kill());
  return made;
}

function open(...args: Parameters<typeof gateway>) {
  const made = gateway(...args);
  closing.push(() => made.connection.close());
  return made;
}

const isOpen = (made: ReturnType<typeof gateway>) => () => made.connection.state().state === 'open';
const onDisk =
  'allow_anonymous true\npersistence true\nautosave_on_changes true\nautosave_interval 1\nmax_queued_messages 0\n';

test('a message reaches the handlers of its topic, through wildcards, once each', async () => {
  const { port } = await broker();
  const dock = open(port, ['rfid/dock-1/events', 'rfid/+/status'], { clientId: 'a' });
  const all = open(port, ['rfid/#'], { clientId: 'b' });
  await eventually(isOpen(dock));
  await eventually(isOpen(all));
  await wait(100);
  for (const topic of ['rfid/dock-1/events', 'rfid/dock-2/events', 'rfid/dock-2/status', 'other']) {
    await publishAs(port, ['-t', topic, '-m', topic, '-q', '1']);
  }
  await eventually(() => dock.seen.length === 2 && all.seen.length === 3);
  expect(dock.texts()).toEqual(['rfid/dock-1/events', 'rfid/dock-2/status']);
  expect(dock.seen[0]).toMatchObject({ topic: 'rfid/dock-1/events', retained: false, redelivered: false });
});

test('what the broker kept from before is marked as retained', async () => {
  const { port } = await broker();
  await publishAs(port, ['-t', 'rfid/dock-1/status', '-m', 'old', '-q', '1', '-r']);
  const made = open(port, ['rfid/+/status']);
  await eventually(() => made.seen.length === 1);
  await publishAs(port, ['-t', 'rfid/dock-1/status', '-m', 'new', '-q', '1', '-r']);
  await eventually(() => made.seen.length === 2);
  expect(made.seen.map(({ retained }) => retained)).toEqual([true, false]);
});

test('a topic that nobody wants any more is acknowledged, counted and named', async () => {
  const { port } = await broker();
  const before = open(port, ['rfid/#']);
  await eventually(isOpen(before));
  await wait(100);
  await before.connection.close();
  await publishAs(port, ['-t', 'rfid/removed/events', '-m', '1', '-q', '1']);
  await publishAs(port, ['-t', 'rfid/dock-1/events', '-m', '2', '-q', '1']);
  const after = open(port, ['rfid/dock-1/events']);
  await eventually(() => after.seen.length === 1);
  expect(after.connection.counts()).toMatchObject({ messages: 2, unrouted: 1, unroutedTopic: 'rfid/removed/events' });
});

test('what arrives while the gateway is away is kept by the broker, and handed over when it is back', async () => {
  const { port } = await broker();
  const before = open(port, ['rfid/dock-1/events']);
  await eventually(isOpen(before));
  await wait(100);
  await before.connection.close();
  for (const text of ['1', '2', '3']) await publishAs(port, ['-t', 'rfid/dock-1/events', '-m', text, '-q', '1']);
  const after = open(port, ['rfid/dock-1/events']);
  await eventually(() => after.seen.length === 3);
  expect(after.texts()).toEqual(['1', '2', '3']);
});

test('a tool that keeps no session is forgotten when it goes', async () => {
  const { port } = await broker();
  const before = open(port, ['rfid/#'], { keepSession: false });
  await eventually(isOpen(before));
  await wait(100);
  await before.connection.close();
  await publishAs(port, ['-t', 'rfid/dock-1/events', '-m', 'missed', '-q', '1']);
  const after = open(port, ['rfid/#'], { keepSession: false });
  await eventually(isOpen(after));
  await wait(100);
  await publishAs(port, ['-t', 'rfid/dock-1/events', '-m', 'heard', '-q', '1']);
  await eventually(() => after.seen.length > 0);
  expect(after.texts()).toEqual(['heard']);
});

test('a message is not acknowledged before its handler has returned, and others wait behind it in order', async () => {
  const { port } = await broker();
  const made = open(port, ['rfid/+/events']);
  made.control.fail = () => true;
  await eventually(isOpen(made));
  await wait(100);
  for (const text of ['1', '2', '3']) await publishAs(port, ['-t', 'rfid/dock-1/events', '-m', text, '-q', '1']);
  await eventually(() => made.connection.counts().held >= 2);
  expect(made.seen).toEqual([]);
  made.control.fail = () => false;
  await eventually(() => made.seen.length === 3);
  expect(made.texts()).toEqual(['1', '2', '3']);
});

test('a message whose handler never returned is delivered again to the next process, and one that did is not', async () => {
  const { port } = await broker();
  const first = open(port, ['rfid/dock-1/events']);
  first.control.fail = (message) => Buffer.from(message.payload).toString() === 'bad disk';
  await eventually(isOpen(first));
  await wait(100);
  for (const text of ['stored', 'bad disk', 'behind'])
    await publishAs(port, ['-t', 'rfid/dock-1/events', '-m', text, '-q', '1']);
  await eventually(() => first.connection.counts().held > 0);
  expect(first.texts()).toEqual(['stored']);
  await first.connection.close();
  const second = open(port, ['rfid/dock-1/events']);
  await eventually(() => second.seen.length === 2);
  expect(second.texts()).toEqual(['bad disk', 'behind']);
  expect(second.seen[0]?.redelivered).toBe(true);
});

test('a message held longer than the keepalive does not cost the connection', async () => {
  const { port } = await broker();
  const made = open(port, ['rfid/dock-1/events'], { keepaliveMs: 1000 });
  made.control.fail = () => true;
  await eventually(isOpen(made));
  await wait(100);
  const since = made.connection.state().since;
  await publishAs(port, ['-t', 'rfid/dock-1/events', '-m', 'held', '-q', '1']);
  await wait(4000);
  made.control.fail = () => false;
  await eventually(() => made.seen.length === 1);
  expect(made.seen[0]?.redelivered).toBe(false);
  expect(made.connection.state()).toMatchObject({ state: 'open', since });
});

test('a broker that is killed with messages in its queue hands them over after its return, within five seconds', async () => {
  const first = await broker({ config: onDisk, keepFolder: true });
  const made = open(first.port, ['rfid/dock-1/events']);
  await eventually(isOpen(made));
  await wait(100);
  await made.connection.close();
  for (let i = 0; i < 50; i++) await publishAs(first.port, ['-t', 'rfid/dock-1/events', '-m', String(i), '-q', '1']);
  await wait(1500);
  await first.kill();
  const after = open(first.port, ['rfid/dock-1/events']);
  await eventually(() => after.connection.state().error !== null);
  expect(after.connection.state().error).toContain(`Nothing listens at 127.0.0.1:${first.port}`);
  await wait(1000);
  await broker({ port: first.port, folder: first.folder, config: onDisk });
  await eventually(() => after.seen.length === 50, 6000);
  expect(new Set(after.texts()).size).toBe(50);
});

test('a broker that lost the session is subscribed to again', async () => {
  const first = await broker();
  const made = open(first.port, ['rfid/dock-1/events']);
  await eventually(isOpen(made));
  await first.kill();
  await eventually(() => made.connection.state().state === 'waiting');
  await expect(made.connection.publish('x', 'y')).rejects.toMatchObject({ code: 'LINK_LOST' });
  await broker({ port: first.port });
  await eventually(isOpen(made), 5000);
  await wait(100);
  await publishAs(first.port, ['-t', 'rfid/dock-1/events', '-m', 'after', '-q', '1']);
  await eventually(() => made.seen.length === 1);
});

test('a broker that falls silent is given up by the keepalive, and found again', async () => {
  const { port } = await broker();
  const proxy = await startTcpProxy(port);
  closing.push(() => proxy.close());
  const made = open(proxy.port, ['rfid/dock-1/events'], { keepaliveMs: 2000 });
  await eventually(isOpen(made));
  await wait(500);
  proxy.pause();
  await eventually(() => made.connection.state().state !== 'open', 20_000);
  expect(made.connection.state().error).toContain('fallen silent');
  proxy.resume();
  await eventually(isOpen(made), 5000);
});

test('a connection that is cut again and again loses nothing and keeps the order of first arrivals', async () => {
  const { port } = await broker({ config: 'allow_anonymous true\nmax_queued_messages 0\n' });
  const proxy = await startTcpProxy(port);
  closing.push(() => proxy.close());
  const made = open(proxy.port, ['rfid/dock-1/events']);
  await eventually(isOpen(made));
  await wait(100);
  const publisher = await bareClient(port);
  closing.push(() => publisher.endAsync(true));
  const sending = (async () => {
    for (let i = 0; i < 2000; i++) await publisher.publishAsync('rfid/dock-1/events', String(i), { qos: 1 });
  })();
  for (let cut = 0; cut < 10; cut++) {
    await eventually(isOpen(made));
    await wait(20);
    proxy.cut();
    await eventually(() => made.connection.state().state !== 'open');
  }
  await sending;
  await eventually(() => new Set(made.texts()).size === 2000, 20_000);
  const firsts = [...new Set(made.texts())].map(Number);
  expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
});

describe('what the state says', () => {
  test('of a wrong password, of a missing one, and that all is well once it is right', async () => {
    const made = await broker({ config: 'allow_anonymous false\npassword_file /dev/null\n' });
    const wrong = open(made.port, [], { username: 'gateway', password: 'wrong' });
    await eventually(() => wrong.connection.state().state === 'waiting');
    expect(wrong.connection.state().error).toMatch(/user name or password|rights/);
  });

  test('of a name that does not exist and of a port that is not MQTT', async () => {
    const unknown = open(1883, [], { url: 'mqtt://no-such-broker.invalid:1883' });
    await eventually(() => unknown.connection.state().state === 'waiting');
    expect(unknown.connection.state().error).toMatch(/name of no-such-broker\.invalid:1883/);
    const nobody = open(await freePort(), []);
    await eventually(() => nobody.connection.state().state === 'waiting');
    expect(nobody.connection.state().error).toMatch(/Nothing listens/);
  });

  test('of a certificate file that is not there', async () => {
    const made = open(1, [], { url: 'mqtts://127.0.0.1:8883', ca: '/nowhere/ca.pem' });
    await eventually(() => made.connection.state().state === 'waiting');
    expect(made.connection.state().error).toContain('mqtt.ca: /nowhere/ca.pem cannot be read');
  });
});

test('the status topic says online while the gateway is there, offline when it leaves or vanishes', async () => {
  const { port } = await broker();
  const proxy = await startTcpProxy(port);
  closing.push(() => proxy.close());
  const onlooker = await bareClient(port);
  closing.push(() => onlooker.endAsync(true));
  const words: string[] = [];
  onlooker.on('message', (_topic, payload) => void words.push(payload.toString()));
  await onlooker.subscribeAsync('site/status', { qos: 1 });
  const made = open(proxy.port, [], { statusTopic: 'site/status' });
  await eventually(() => words.length === 1);
  proxy.cut();
  await eventually(() => words.length === 3, 6000);
  await made.connection.close();
  await eventually(() => words.length === 4);
  expect(words).toEqual(['online', 'offline', 'online', 'offline']);
});

test('Mosquitto is spoken to in MQTT 5, and in 3.1.1 where it takes no other', async () => {
  const both = await broker();
  const modern = open(both.port, ['rfid/#'], { clientId: 'modern' });
  await eventually(isOpen(modern));
  expect(both.log()).toMatch(/as modern \(p5, c0/);
  for (const answer of ['refuse', 'hang up'] as const) {
    const old = await startOldBroker(both.port, answer);
    closing.push(() => old.close());
    const id = answer.replace(' ', '-');
    const made = open(old.port, ['rfid/#'], { clientId: id });
    await eventually(isOpen(made));
    expect(both.log()).toContain(`as ${id} (p2, c0`);
    await wait(100);
    await publishAs(both.port, ['-t', 'rfid/a', '-m', '1', '-q', '1']);
    await eventually(() => made.seen.length === 1);
    await made.connection.close();
    await publishAs(both.port, ['-t', 'rfid/a', '-m', '2', '-q', '1']);
    const again = open(old.port, ['rfid/#'], { clientId: id });
    await eventually(() => again.seen.length === 1);
    expect(again.texts()).toEqual(['2']);
    await again.connection.close();
  }
});

test('a malformed filter is refused at once', () => {
  expect(() => open(1, ['rfid/#/events'])).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  expect(() => open(1, ['rfid/dock+/events'])).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});
