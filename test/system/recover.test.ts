import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kit/index.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { startSimulator } from '../../src/simulators/index.ts';
import { type Mosquitto, startMosquitto } from '../fakes/mosquitto.ts';
import { openPtyPair } from '../fakes/pty.ts';
import {
  command,
  type Daemon,
  epcOf,
  eventually,
  pauseMs,
  presentSum,
  serials,
  startDaemon,
  stockSum,
  temporaryFolder,
  typesOf,
} from './harness.ts';

type Reader = {
  reads: number;
  online: boolean | null;
  link: { state: string; error: string | null };
  rejected: Record<string, number>;
};

const payload = (serials: readonly number[]) =>
  JSON.stringify({ reads: serials.flatMap((n) => [{ epc: epcOf(n) }, { epc: epcOf(n) }]) });

let folder: { path: string; remove(): void };
let brokerFolder: string;
let mosquitto: Mosquitto;
let daemon: Daemon | null;

const config = (extra = '') => `site: { id: recover-test }
http: { port: 0 }
mqtt: { url: "mqtt://127.0.0.1:${mosquitto.port}", statusTopic: gateways/recover-test }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers:
  - id: node-1
    profile: generic/json
    link: { mqtt: { topic: nodes/one } }
    antennas: { 1: shelf-1 }
    map: { list: [reads], id: [{ path: epc }] }
  - { id: dock-1, profile: impinj/r700, link: { mqtt: { topic: rfid/dock-1/events, statusTopic: rfid/dock-1/status } }, antennas: { 1: shelf-1 } }
${extra}`;

/** A broker that keeps sessions and retained messages on disk, as docs/mosquitto.conf does. */
const startBroker = (port?: number) =>
  startMosquitto({
    ...(port === undefined ? {} : { port }),
    folder: brokerFolder,
    config: `allow_anonymous true\npersistence true\npersistence_location ${brokerFolder}/\nmax_queued_messages 0\n`,
  });
const start = () => startDaemon(folder.path, config());

beforeEach(async () => {
  folder = temporaryFolder();
  brokerFolder = mkdtempSync(join(tmpdir(), 'silentgate-broker-'));
  mosquitto = await startBroker();
});
afterEach(async () => {
  await daemon?.stop();
  await mosquitto.stop();
  rmSync(brokerFolder, { recursive: true, force: true });
  folder.remove();
});

async function publish(topic: string, bodies: readonly string[], retain = false): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, { protocolVersion: 4 });
  await Promise.all(bodies.map((body) => client.publishAsync(topic, body, { qos: 1, retain })));
  await client.endAsync();
}

/** What the broker keeps under a topic. */
async function retainedAt(topic: string): Promise<string> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, { protocolVersion: 4 });
  const text = new Promise<string>((resolve) => client.on('message', (_topic, body) => resolve(String(body))));
  await client.subscribeAsync(topic, { qos: 1 });
  const found = await Promise.race([text, pauseMs(5000).then(() => 'nothing')]);
  await client.endAsync();
  return found;
}

const reader = (gateway: Daemon, id: string) => gateway.get<Reader>(`/readers/${id}`);
const isOpen = (gateway: Daemon, id: string) =>
  eventually(
    () => reader(gateway, id),
    (r) => r.link.state === 'open',
  );

describe('a broker that stops and starts again', () => {
  it('gives what was published while the gateway was away, and nothing is lost or told twice', async () => {
    daemon = await start();
    await isOpen(daemon, 'node-1');
    await publish('nodes/one', [payload([1, 2, 3])]);
    expect(
      await eventually(
        () => stockSum(daemon as Daemon),
        (n) => n === 3,
      ),
    ).toBe(3);
    expect(await daemon.stop()).toBe(0);
    await publish(
      'nodes/one',
      serials(4, 104).map((n) => payload([n])),
    );
    // The broker itself is restarted too, while the gateway is away: its session is on its disk.
    await mosquitto.stop();
    mosquitto = await startBroker(mosquitto.port);
    daemon = await start();
    expect(
      await eventually(
        () => stockSum(daemon as Daemon),
        (n) => n === 103,
      ),
    ).toBe(103);
    expect(await typesOf(daemon, epcOf(1))).toEqual(['item.arrived']);
    expect(await typesOf(daemon, epcOf(103))).toEqual(['item.arrived']);
    expect(await presentSum(daemon)).toBe(103);
  });

  it('is found again, with what was published before the gateway was back; state is not wiped', async () => {
    daemon = await start();
    const gateway = daemon;
    await isOpen(gateway, 'node-1');
    await publish('nodes/one', [payload(serials(1, 21))]);
    await eventually(
      () => stockSum(gateway),
      (n) => n === 20,
    );
    const port = mosquitto.port;
    await mosquitto.stop();
    const down = await eventually(
      () => reader(gateway, 'node-1'),
      (r) => r.link.state !== 'open',
    );
    expect(down.link.error).toContain(`127.0.0.1:${port}`);
    const doctor = command(folder.path, ['doctor']);
    expect(doctor.out).toContain(`FAIL  broker: The MQTT broker mqtt://127.0.0.1:${port} is not connected`);
    expect(doctor.code).toBe(1);
    expect(await stockSum(gateway)).toBe(20);
    expect(await presentSum(gateway)).toBe(20);
    await pauseMs(5000);

    mosquitto = await startBroker(port);
    const begun = Date.now();
    await publish('nodes/one', [payload([21])]);
    await isOpen(gateway, 'node-1');
    await eventually(
      () => stockSum(gateway),
      (n) => n === 21,
    );
    console.log(`broker down for 5 s: its backlog was on our disk ${Date.now() - begun} ms after it listened again`);
    expect(await stockSum(gateway)).toBe(21);
    expect(await presentSum(gateway)).toBe(21);
    await publish('nodes/one', [payload(serials(1, 21))]);
    await eventually(
      () => reader(gateway, 'node-1'),
      (r) => r.reads >= 82,
    );
    for (const n of [1, 20]) expect(await typesOf(gateway, epcOf(n))).toEqual(['item.arrived']);
    expect(command(folder.path, ['rebuild-stock', '--check']).code).toBe(0);
  });

  it('says whether the gateway and its readers are there; what it kept from before is no read of now', async () => {
    await publish('rfid/dock-1/status', ['connected'], true);
    await publish('nodes/one', [payload([7])], true);
    daemon = await start();
    const gateway = daemon;
    await isOpen(gateway, 'node-1');
    await eventually(
      () => reader(gateway, 'node-1'),
      (r) => r.rejected['RETAINED'] === 1,
    );
    expect((await reader(gateway, 'node-1')).rejected).toEqual({ RETAINED: 1 });
    expect((await gateway.request(`/items/${epcOf(7)}`)).status).toBe(404);
    expect(
      await eventually(
        () => retainedAt('gateways/recover-test'),
        (text) => text === 'online',
      ),
    ).toBe('online');
    await mosquitto.stop();
    await eventually(
      () => reader(gateway, 'node-1'),
      (r) => r.link.state !== 'open',
    );
    mosquitto = await startBroker(mosquitto.port);
    await isOpen(gateway, 'node-1');
    expect(
      await eventually(
        () => retainedAt('gateways/recover-test'),
        (text) => text === 'online',
      ),
    ).toBe('online');
    await gateway.stop();
    expect(await retainedAt('gateways/recover-test')).toBe('offline');
  });
});

describe('a serial reader that is pulled and plugged in under another number', () => {
  it('is found by its by-id name, set up and read again; what lay before it is still there', async () => {
    const profile = loadProfiles(['firmware-profiles']).get('magicrf/m100');
    const tags = serials(1, 6).map((n) => ({ epc: epcOf(n), antenna: 1, rssi: -55 }));
    const plug = async (pair: { b: string }) =>
      startSimulator({
        profile,
        link: { serial: { path: pair.b } },
        tags,
        rate: 50,
        clock: systemClock,
        random: Math.random,
      });
    const byId = join(folder.path, 'by-id');
    const name = join(byId, 'usb-MagicRF_M100_0001-if00-port0');
    mkdirSync(byId);
    const [first, second] = [await openPtyPair(), await openPtyPair()];
    expect(first.a).not.toBe(second.a);
    symlinkSync(first.a, name);
    let simulator = await plug(first);
    const desk = `  - { id: desk-1, profile: magicrf/m100, link: { serial: { path: ${first.a}, byIdFolder: ${byId} } }, antennas: { 1: shelf-1 } }\n`;
    daemon = await startDaemon(folder.path, config(desk));
    const gateway = daemon;
    expect(
      await eventually(
        () => stockSum(gateway),
        (n) => n === 5,
      ),
    ).toBe(5);

    await first.close();
    rmSync(name);
    await simulator.stop();
    const down = await eventually(
      () => reader(gateway, 'desk-1'),
      (r) => r.link.state !== 'open',
    );
    expect(down.link.error).not.toBeNull();
    expect(await presentSum(gateway)).toBe(5);
    await pauseMs(4000);
    const before = (await reader(gateway, 'desk-1')).reads;

    symlinkSync(second.a, name);
    const begun = Date.now();
    simulator = await plug(second);
    const back = await eventually(
      () => reader(gateway, 'desk-1'),
      (r) => r.reads > before,
    );
    console.log(
      `serial device back under another number: reads flowed ${Date.now() - begun} ms after it was plugged in`,
    );
    expect(back.reads).toBeGreaterThan(before);
    expect(back.link.state).toBe('open');
    expect(simulator.counts().commands).toBeGreaterThan(1);
    expect(await stockSum(gateway)).toBe(5);
    expect(await presentSum(gateway)).toBe(5);
    for (const n of serials(1, 6)) expect(await typesOf(gateway, epcOf(n))).toEqual(['item.arrived']);
    expect(await gateway.stop()).toBe(0);
    await simulator.stop();
    await second.close();
  });
});

describe('a gateway that is told to stop under load', () => {
  it('exits 0, leaves what it did not take at the broker, and starts again cleanly', async () => {
    daemon = await start();
    await isOpen(daemon, 'node-1');
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, { protocolVersion: 4 });
    let sent = 0;
    let stopped = false;
    const publishing = (async () => {
      while (!stopped) {
        const burst = serials(sent + 1, sent + 51).map((n) => payload([n]));
        await Promise.all(burst.map((body) => client.publishAsync('nodes/one', body, { qos: 1 })));
        sent += burst.length;
        await pauseMs(5);
      }
      await client.endAsync();
    })();
    await eventually(
      () => stockSum(daemon as Daemon),
      (n) => n > 0,
    );
    expect(await daemon.stop()).toBe(0);
    stopped = true;
    await publishing;
    daemon = await start();
    const gateway = daemon;
    const taken = await stockSum(gateway);
    console.log(
      `stopped in the middle of ${sent} messages; ready again after ${gateway.readyMs} ms, ${taken} items then`,
    );
    expect(
      await eventually(
        () => stockSum(gateway),
        (n) => n === sent,
        60,
      ),
    ).toBe(sent);
    expect(gateway.output()).not.toMatch(/"level":(40|50|60)/);
    expect(command(folder.path, ['rebuild-stock', '--check']).out).toContain('Stock equals');
    expect(await presentSum(gateway)).toBe(sent);
  });
});
