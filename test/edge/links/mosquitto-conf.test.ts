import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../fakes/eventually.ts';
import { type Mosquitto, startMosquitto } from '../../fakes/mosquitto.ts';
import { bareClient, gateway, publishAs } from './mqtt-help.ts';

let folder = '';
let broker: Mosquitto;
const closing: (() => unknown)[] = [];

/** docs/mosquitto.conf as it is, with the test's port, certificates and accounts. */
async function sampleConfig(): Promise<{ config: string; listener: string }> {
  const text = await readFile('docs/mosquitto.conf', 'utf8');
  const local = text
    .replace('/etc/mosquitto/certs/', `${folder}/`)
    .replaceAll('/etc/mosquitto/certs/', `${folder}/`)
    .replaceAll('/etc/mosquitto/', `${folder}/`)
    .replace('/var/lib/mosquitto/', `${folder}/`);
  const lines = local.split('\n').filter((line) => !line.startsWith('#') && !line.startsWith('listener'));
  const ofListener = /^(cafile|certfile|keyfile|tls_version)/;
  return {
    listener: lines.filter((line) => ofListener.test(line)).join('\n'),
    config: lines.filter((line) => !ofListener.test(line)).join('\n'),
  };
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'silentgate-tls-'));
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=Site CA', '-keyout', 'ca.key', '-out', 'ca.crt');
  openssl('req', ...key, '-subj', '/CN=localhost', '-keyout', 'broker.key', '-out', 'broker.csr');
  await writeFile(join(folder, 'broker.ext'), 'subjectAltName=DNS:localhost');
  const sign = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'broker.ext'];
  openssl('x509', '-req', '-in', 'broker.csr', ...sign, '-out', 'broker.crt');
  const passwords = join(folder, 'silentgate.passwd');
  execFileSync('mosquitto_passwd', ['-c', '-b', passwords, 'gateway', 'right']);
  execFileSync('mosquitto_passwd', ['-b', passwords, 'dock-1', 'reader']);
  await writeFile(join(folder, 'silentgate.acl'), await readFile('docs/mosquitto.acl'));
  broker = await startMosquitto(await sampleConfig());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  await broker?.kill();
  await rm(folder, { recursive: true, force: true });
});

function open(more: Record<string, string>) {
  const url = `mqtts://localhost:${broker.port}`;
  const made = gateway(broker.port, ['rfid/+/events'], { url, username: 'gateway', password: 'right', ...more });
  closing.push(() => made.connection.close());
  return made;
}

const asReader = (topic: string, text: string) =>
  publishAs(broker.port, [
    ...['-h', 'localhost', '--cafile', join(folder, 'ca.crt'), '-u', 'dock-1', '-P', 'reader'],
    ...['-t', topic, '-m', text, '-q', '1'],
  ]);

test('the sample broker takes gateway and reader over TLS, and each only on its own topics', async () => {
  const made = open({ ca: join(folder, 'ca.crt'), statusTopic: 'silentgate/status' });
  await eventually(() => made.connection.state().state === 'open');
  await wait(200);
  expect(made.connection.state().error).toBeNull();
  await asReader('rfid/dock-2/events', 'forged');
  await asReader('rfid/dock-1/events', 'own');
  await eventually(() => made.seen.length === 1);
  await wait(200);
  expect(made.texts()).toEqual(['own']);
  await made.connection.publish('rfid/dock-1/command', 'start', { qos: 1 });
  await expect(made.connection.publish('rfid/dock-1/events', 'x', { qos: 1 })).rejects.toMatchObject({
    code: 'LINK_DENIED',
  });
});

test('wrong password, unknown authority, wrong name and a plain connection are told apart in words', async () => {
  const ca = join(folder, 'ca.crt');
  const said = async (more: Record<string, string>) => {
    const made = open(more);
    await eventually(() => made.connection.state().error !== null);
    return made.connection.state().error;
  };
  expect(await said({ ca, password: 'wrong' })).toMatch(/user name or password|rights at the broker/);
  expect(await said({})).toMatch(/not trusted/);
  expect(await said({ ca, url: `mqtts://127.0.0.1:${broker.port}` })).toMatch(/for another name/);
  expect(await said({ url: `mqtt://127.0.0.1:${broker.port}` })).toMatch(/closes the connection|cut the connection/);
});

test('a queue longer than Mosquitto’s default of 1,000 survives a crash of the broker', async () => {
  const ca = join(folder, 'ca.crt');
  const before = open({ ca, clientId: 'queue' });
  await eventually(() => before.connection.state().state === 'open');
  await wait(200);
  await before.connection.close();
  const options = { protocol: 'mqtts', ca: await readFile(ca), username: 'dock-1', password: 'reader' } as const;
  const reader = await bareClient(broker.port, { ...options, host: 'localhost' });
  const sent = Array.from({ length: 1500 }, (_, index) =>
    reader.publishAsync('rfid/dock-1/events', `${index}`, { qos: 1 }),
  );
  await Promise.all(sent);
  await reader.endAsync();
  await wait(2500);
  await broker.kill();
  broker = await startMosquitto({ ...(await sampleConfig()), port: broker.port });
  const after = open({ ca, clientId: 'queue' });
  await eventually(() => new Set(after.texts()).size === 1500);
});
