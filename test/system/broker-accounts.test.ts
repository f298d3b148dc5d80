import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.ts';
import { command, type Daemon, epcOf, freePort, startDaemon, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
const clients: MqttClient[] = [];
const daemons: Daemon[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.endAsync(true);
  for (const daemon of daemons.splice(0)) await daemon.stop();
});
afterAll(() => folder.remove());

async function siteConfig(mqtt = 'access: accounts, '): Promise<{ config: string; mqttPort: number }> {
  const [port, mqttPort] = [await freePort(), await freePort()];
  const config = `site: { id: accounts-test }
http: { port: ${port} }
mqtt: { broker: embedded, ${mqtt}port: ${mqttPort} }
inventory: { adopt: all }
locations: [{ id: back, kind: back-room }]
readPoints: [{ id: dock-in, location: back, kind: portal, bizStep: receiving }]
readers:
  - { id: dock-1, profile: impinj/r700, link: { mqtt: { topic: rfid/dock-1/events, statusTopic: rfid/dock-1/status } }, antennas: { 1: dock-in } }
  - { id: dock-2, profile: zebra/iot-connector, link: { mqtt: { topic: rfid/dock-2/events, commandTopic: rfid/dock-2/cmd, responseTopic: rfid/dock-2/rsp } }, antennas: { 1: dock-in } }
  - { id: app-1, profile: generic/json, link: { http: {} }, antennas: { 1: dock-in } }
  - { id: app-2, profile: generic/json, link: { http: {} }, antennas: { 1: dock-in } }
`;
  return { config, mqttPort };
}

/** Resolves with the CONNACK's return code; 0 = let in. */
function signIn(port: number, options: IClientOptions): Promise<{ code: number; client: MqttClient }> {
  const client = connect({ host: '127.0.0.1', port, reconnectPeriod: 0, ...options });
  clients.push(client);
  return new Promise((resolve) => {
    client.once('connect', () => resolve({ code: 0, client }));
    client.once('error', (error) => resolve({ code: Number((error as { code?: unknown }).code), client }));
  });
}

function accountFor(...args: string[]): { id: string; login: IClientOptions; err: string } {
  const { out, err, code } = command(folder.path, ['key', 'create', '--mqtt', ...args]);
  const [, id = '', password = ''] = /^username (\S+)\npassword (sgm_\S{43})\n$/.exec(out) ?? [];
  expect([code, id.length]).toEqual([0, 10]);
  return { id, login: { username: id, password }, err };
}

const batch = (epc: string) =>
  JSON.stringify([
    {
      timestamp: new Date().toISOString(),
      eventType: 'tagInventory',
      tagInventoryEvent: { epcHex: epc, antennaPort: 1, peakRssiCdbm: -5000 },
    },
  ]);

const codesOf = async (daemon: Daemon) =>
  (await daemon.get<{ checks: { code: string; text: string }[] }>('/doctor')).checks;

describe('an account that the command line makes beside a running gateway', () => {
  it('lets its reader in at once, is all that may speak for it, survives a restart, and is cut when it is revoked', async () => {
    const { config, mqttPort } = await siteConfig();
    let daemon = await startDaemon(folder.path, config);
    daemons.push(daemon);
    expect((await signIn(mqttPort, {})).code).toBe(5);
    const before = await codesOf(daemon);
    expect(before.find(({ code }) => code === 'BROKER_ACCOUNTS_MISSING')?.text).toMatch(
      /cannot sign in: dock-1, dock-2\.$/,
    );
    expect(before.find(({ code }) => code === 'BROKER_SIGN_IN_REFUSED')?.text).toContain('127.0.0.1');
    expect(daemon.output()).toContain('the embedded broker refused a client');
    expect(daemon.output()).toMatch(
      /"readers":"dock-1 dock-2","next":"silentgate key create --mqtt --reader ID.*readers have no account/,
    );

    const dock = accountFor('--reader', 'dock-1');
    expect(dock.err).toContain('publishes on rfid/dock-1/events rfid/dock-1/status, listens on nothing');
    const { client, code } = await signIn(mqttPort, { ...dock.login, clientId: 'dock-1', clean: false });
    expect(code).toBe(0);
    for (const serial of [1, 2]) {
      await client.publishAsync('rfid/dock-1/events', batch(epcOf(serial)), { qos: 1 });
      await client.publishAsync('rfid/dock-2/events', batch(epcOf(serial + 10)), { qos: 1, retain: true });
    }
    const readsOf = async (id: string) => (await daemon.get<{ reads: number }>(`/readers/${id}`)).reads;
    await eventually(async () => (await readsOf('dock-1')) === 2);
    expect(await readsOf('dock-2')).toBe(0);
    const after = await codesOf(daemon);
    expect(after.find(({ code: of }) => of === 'BROKER_TOPIC_REFUSED')?.text).toContain('topic rfid/dock-2/events');
    expect(after.find(({ code: of }) => of === 'BROKER_ACCOUNTS_MISSING')?.text).toMatch(/cannot sign in: dock-2\.$/);

    await client.endAsync(true);
    await daemon.stop();
    daemons.length = 0;
    daemon = await startDaemon(folder.path, null);
    daemons.push(daemon);
    const again = await signIn(mqttPort, dock.login);
    expect(again.code).toBe(0);

    const list = command(folder.path, ['key', 'list']).out;
    expect(list).toMatch(new RegExp(`^${dock.id}\tdock-1\t-\tused 20[^\t]*\tmqtt\tdock-1$`, 'm'));
    expect(list).not.toContain('sgm_');
    const closed = new Promise<void>((resolve) => void again.client.once('close', () => resolve()));
    expect(command(folder.path, ['key', 'revoke', dock.id]).code).toBe(0);
    const since = Date.now();
    await closed;
    expect(Date.now() - since).toBeLessThan(10_000);
    expect((await signIn(mqttPort, dock.login)).code).toBe(4);
    expect(command(folder.path, ['key', 'list']).out).toMatch(new RegExp(`^${dock.id}\t.*\trevoked `, 'm'));
  }, 240_000);

  it('hears the commands of its own reader only', async () => {
    const { config, mqttPort } = await siteConfig();
    daemons.push(await startDaemon(folder.path, config));
    const { login } = accountFor('--reader', 'dock-2', '--name', 'the fixed one');
    const { client } = await signIn(mqttPort, login);
    const granted = await client.subscribeAsync('rfid/dock-2/cmd', { qos: 1 });
    expect(granted.map(({ qos }) => qos)).toEqual([1]);
    for (const filter of ['#', 'rfid/+/cmd', 'rfid/dock-1/events'])
      await expect(client.subscribeAsync(filter, { qos: 1 })).rejects.toThrow(/Unspecified error|128/);
    expect(command(folder.path, ['key', 'list']).out).toContain('\tmqtt\tdock-2\n');
  }, 180_000);

  it('stays unasked for where the broker is open, which the command says', async () => {
    const { config, mqttPort } = await siteConfig('');
    daemons.push(await startDaemon(folder.path, config));
    expect((await signIn(mqttPort, {})).code).toBe(0);
    expect(accountFor('--reader', 'dock-1').err).toContain('mqtt.access is open');
  }, 180_000);
});

describe('an API key that is made beside a running gateway', () => {
  it('and bound to readers takes reads for those and for no other', async () => {
    const { config } = await siteConfig();
    const daemon = await startDaemon(folder.path, config);
    daemons.push(daemon);
    const args = ['key', 'create', '--name', 'app', '--scope', 'reads:write', '--reader', 'app-1'];
    const key = /sg_\S+/.exec(command(folder.path, args).out)?.[0] ?? '';
    const post = async (id: string) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ reads: [{ epc: epcOf(99), antenna: 1 }] });
      return (await fetch(`${daemon.url}/api/v1/readers/${id}/reads`, { method: 'POST', headers, body })).status;
    };
    expect([await post('app-1'), await post('app-2'), await post('dock-1'), await post('nobody')]).toEqual([
      200, 403, 403, 403,
    ]);
    expect(command(folder.path, ['key', 'list']).out).toContain('\tapp\treads:write\t');
  }, 180_000);
});
