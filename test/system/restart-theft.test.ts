import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mosquitto, startMosquitto } from '../fakes/mosquitto.ts';
import { type Daemon, epcOf, eventually, freePort, startDaemon, temporaryFolder, typesOf } from './harness.ts';

const rounds = Number(process.env['THEFTS'] ?? 3);
const folder = temporaryFolder();
const brokerFolder = mkdtempSync(join(tmpdir(), 'silentgate-broker-'));
let mosquitto: Mosquitto;
let config: string;
let serial = 0;

beforeAll(async () => {
  mosquitto = await startMosquitto({ folder: brokerFolder, config: 'allow_anonymous true\nmax_queued_messages 0\n' });
  config = `site: { id: theft-test }
http: { host: 127.0.0.1, port: ${await freePort()} }
mqtt: { url: "mqtt://127.0.0.1:${mosquitto.port}" }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }, { id: door, kind: exit }]
readPoints:
  - { id: shelf, location: floor, kind: shelf }
  - { id: exit, location: door, kind: exit, departAfterMs: 1500 }
readers:
  - { id: shelf-1, profile: generic/json, link: { http: {} }, antennas: { 1: shelf } }
  - { id: door-1, profile: generic/json, link: { http: {} }, antennas: { 1: exit } }
  - { id: door-2, profile: impinj/r700, link: { mqtt: { topic: door/events } }, antennas: { 1: exit } }
`;
});
afterAll(async () => {
  await mosquitto?.stop();
  rmSync(brokerFolder, { recursive: true, force: true });
  folder.remove();
});

const post = (daemon: Daemon, reader: string, reads: readonly object[]) =>
  daemon.request(`/readers/${reader}/reads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reads }),
  });

/** A tag that lies on the shelf when the gateway ends. */
async function shelved(daemon: Daemon): Promise<string> {
  const epc = epcOf(++serial);
  await post(
    daemon,
    'shelf-1',
    [0, 1].map((n) => ({ epc, antenna: 1, at: Date.now() - 500 + n })),
  );
  expect(await daemon.get(`/items/${epc}`)).toMatchObject({ lifecycle: 'IN_STOCK', readPoint: 'shelf' });
  return epc;
}

/** Three reads within 300 ms, the last one now. */
const passing = (epc: string) => [-300, -150, 0].map((ms) => ({ epc, antenna: 1, at: Date.now() + ms }));

const alerts = (daemon: Daemon, epc: string) =>
  eventually(
    async () => (await typesOf(daemon, epc)).filter((type) => type === 'item.alert').length,
    (count) => count > 0,
    10,
  );

describe.each(['stop', 'kill'] as const)('a theft in the first second after a restart (%s)', (how) => {
  it(`raises its alarm, ${rounds} times of ${rounds}: the exit pushes its reads at once, in one body`, async () => {
    let daemon = await startDaemon(folder.path, config);
    let raised = 0;
    for (let round = 0; round < rounds; round++) {
      const epc = await shelved(daemon);
      await daemon[how]();
      daemon = await startDaemon(folder.path, null);
      await post(daemon, 'door-1', passing(epc));
      raised += await alerts(daemon, epc);
    }
    await daemon.stop();
    expect(raised).toBe(rounds);
  }, 120_000);

  it('raises its alarm where the broker kept the reads while the gateway was down', async () => {
    let daemon = await startDaemon(folder.path, config);
    await eventually(
      () => daemon.get<{ link: { state: string } }>('/readers/door-2'),
      ({ link }) => link.state === 'open',
    );
    const epc = await shelved(daemon);
    await daemon[how]();
    const door = await mqtt.connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, { clientId: `door-${how}` });
    for (const { at } of passing(epc)) {
      const tagInventoryEvent = { epcHex: epc, antennaPort: 1, peakRssiCdbm: -5000 };
      const event = { timestamp: new Date(at).toISOString(), eventType: 'tagInventory', tagInventoryEvent };
      await door.publishAsync('door/events', JSON.stringify(event), { qos: 1 });
    }
    await door.endAsync();
    daemon = await startDaemon(folder.path, null);
    expect(await alerts(daemon, epc)).toBe(1);
    await daemon.stop();
  }, 60_000);
});
