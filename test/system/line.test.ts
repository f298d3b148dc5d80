import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CrmReceiver, startCrmReceiver } from '../fakes/crm-receiver.ts';
import { type Mosquitto, startMosquitto } from '../fakes/mosquitto.ts';
import { openPtyPair, type PtyPair } from '../fakes/pty.ts';
import { command, type Daemon, eventually, startDaemon, temporaryFolder } from './harness.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const folder = temporaryFolder();
let mosquitto: Mosquitto;
let pty: PtyPair;
let crm: CrmReceiver;
let daemon: Daemon;

type Item = {
  id: string;
  gtin: string | null;
  lifecycle: string;
  location: string;
  readPoint: string;
  antenna: number | null;
  rssi: number | null;
  lastSeenAt: number;
  name: string | null;
};
type StockRow = { gtin: string; location: string; bucket: string; quantity: number };
type Reader = {
  reads: number;
  rejected: Record<string, number>;
  warnings: Record<string, number>;
  samples: { reason: string }[];
  link: { state: string };
};

beforeAll(async () => {
  [mosquitto, pty, crm] = await Promise.all([startMosquitto(), openPtyPair(), startCrmReceiver(secret)]);
  daemon = await startDaemon(
    folder.path,
    `site: { id: line-test, name: 測試店 }
http: { port: 0 }
mqtt: { url: "mqtt://127.0.0.1:${mosquitto.port}" }
inventory: { adopt: all }
locations: [{ id: back, kind: back-room }, { id: floor, kind: sales-floor }]
readPoints:
  - { id: dock-in, location: back, kind: portal, bizStep: receiving }
  - { id: shelf-1, location: floor, kind: shelf }
readers:
  - { id: dock-1, profile: impinj/r700, link: { mqtt: { topic: rfid/dock-1/events } }, antennas: { 1: dock-in, 2: dock-in } }
  - { id: dock-2, profile: zebra/iot-connector, link: { mqtt: { topic: tevents/dock-2 } }, antennas: { 1: dock-in, 2: dock-in } }
  - { id: desk-1, profile: magicrf/m100, link: { serial: { path: ${pty.a} } }, antennas: { 1: shelf-1 } }
  - id: node-1
    profile: generic/json
    link: { mqtt: { topic: nodes/one } }
    antennas: { 1: shelf-1 }
    map: { list: [reads], id: [{ path: epc }], rssi: [{ path: rssi }], antenna: [{ path: port }] }
crm:
  - { id: main, url: "${crm.url}", secret: { env: CRM_SECRET } }
`,
    { CRM_SECRET: secret },
  );
  // A broker keeps nothing for a subscription that is still to come.
  await eventually(
    () => daemon.get<{ rows: Reader[] }>('/readers'),
    ({ rows }) => rows.every(({ link }) => link.state === 'open'),
  );
});
afterAll(async () => {
  await daemon?.stop();
  await Promise.all([mosquitto?.stop(), pty?.close(), crm?.close()]);
  folder.remove();
});

function publish(topic: string, payload: Buffer | string, times = 1): void {
  for (let i = 0; i < times; i++) {
    const done = spawnSync('mosquitto_pub', ['-p', String(mosquitto.port), '-q', '1', '-t', topic, '-s'], {
      input: payload,
    });
    expect(done.status, String(done.stderr)).toBe(0);
  }
}

const capture = (path: string) => readFileSync(`test/captures/${path}`);
const item = (epc: string) => daemon.get<Item>(`/items/${encodeURIComponent(epc)}`);
const found = async (epc: string) => (await daemon.request(`/items/${encodeURIComponent(epc)}`)).ok;
const stockOf = async (gtin: string) => (await daemon.get<{ rows: StockRow[] }>(`/stock?gtin=${gtin}`)).rows;
const reader = (id: string) => daemon.get<Reader>(`/readers/${id}`);

describe('the whole line on real bytes', () => {
  it('takes a captured Impinj payload to item, stock and a verified delivery, with GTIN, antenna, RSSI and time', async () => {
    publish('rfid/dock-1/events', capture('impinj-r700/10-taginventory-pair.payload'));
    const epc = '3034F8B20001000000000001';
    await eventually(() => found(epc), Boolean);
    const decoded = JSON.parse(command(folder.path, ['decode', epc, '--json']).out) as {
      digitalLink: string;
      fields: { gtin: string };
    };
    const got = await item(epc);
    expect(got).toMatchObject({
      id: decoded.digitalLink,
      gtin: decoded.fields.gtin,
      lifecycle: 'IN_STOCK',
      location: 'back',
      readPoint: 'dock-in',
      antenna: 1,
      rssi: -52.3,
    });
    expect(got.lastSeenAt).toBe(Date.parse('2026-09-14T10:00:01Z'));
    expect(await stockOf(decoded.fields.gtin)).toEqual([
      expect.objectContaining({ location: 'back', bucket: 'on_back', quantity: 1 }),
    ]);
    await eventually(
      () => crm.effects().length,
      (n) => n >= 1,
    );
    const arrived = crm.effects().find((event) => event.subject === decoded.digitalLink);
    expect(arrived).toMatchObject({
      type: 'item.arrived',
      source: 'urn:silentgate:line-test',
      time: '2026-09-14T10:00:00.123Z',
    });
    expect(crm.deliveries.every((delivery) => delivery.signed)).toBe(true);
  });

  it('takes real captured Zebra payloads, whose tags are no GS1 identities, to items without stock', async () => {
    // The capture once more would be a copy of its report and no second read: an earlier report stands before it.
    const captured = capture('zebra-iot-connector/07-custom-metadata.payload');
    publish('tevents/dock-2', String(captured).replace('15:36:04', '15:36:03').replace('170', '169'));
    publish('tevents/dock-2', captured);
    const { read } = JSON.parse(String(capture('zebra-iot-connector/07-custom-metadata.json'))) as {
      read: { epc: string; antenna: number; rssi: number; at: number }[];
    };
    for (const { epc, antenna, rssi, at } of read) {
      await eventually(() => found(epc), Boolean);
      expect(await item(epc)).toMatchObject({
        id: `urn:epc:raw:${epc.length * 4}.x${epc}`,
        gtin: null,
        antenna,
        rssi,
        lastSeenAt: at,
      });
    }
  });

  it('finds real M100 frames on a pty with noise between them', async () => {
    await eventually(
      () => reader('desk-1'),
      (r) => r.link.state === 'open',
    );
    const frame = Buffer.from('BB02220011BD30003034257BF7194E4000001A85EE2C7D7E', 'hex');
    const noise = Buffer.from('00FFBB0222FFFFBB7E55', 'hex');
    const line = openSync(pty.b, 'w');
    for (let i = 0; i < 3; i++) {
      writeSync(line, Buffer.concat([noise, frame, noise.subarray(0, 3 + i)]));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    closeSync(line);
    await eventually(() => found('3034257BF7194E4000001A85'), Boolean);
    expect(await item('urn:epc:id:sgtin:0614141.812345.6789')).toMatchObject({
      gtin: '80614141123458',
      lifecycle: 'IN_STOCK',
      location: 'floor',
      antenna: 1,
      rssi: -67,
    });
    expect(await stockOf('80614141123458')).toEqual([
      expect.objectContaining({ location: 'floor', bucket: 'on_floor', quantity: 1 }),
    ]);
    const status = await reader('desk-1');
    expect(Object.values(status.rejected).reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
  });

  it('reads any JSON by a mapper from the configuration', async () => {
    publish('nodes/one', JSON.stringify({ reads: [{ epc: '3034257BF7194E4000001A86', rssi: -50, port: 1 }] }), 2);
    await eventually(() => found('3034257BF7194E4000001A86'), Boolean);
    expect(await item('3034257BF7194E4000001A86')).toMatchObject({ location: 'floor', rssi: -50, antenna: 1 });
  });

  it('makes one arrival, one CRM event and one increment of a tag that lies on a shelf for 10,000 reads', async () => {
    const before = (await reader('node-1')).reads;
    const read = { epc: '3034257BF7194E4000001A99', rssi: -51, port: 1 };
    const body = JSON.stringify({ reads: Array.from({ length: 500 }, () => read) });
    for (let i = 0; i < 20; i++) publish('nodes/one', body);
    await eventually(
      () => reader('node-1'),
      (r) => r.reads >= before + 10_000,
    );
    const id = (await item(read.epc)).id;
    const history = await daemon.get<{ rows: { type: string }[] }>(`/items/${encodeURIComponent(id)}/history`);
    expect(history.rows.map((row) => row.type)).toEqual(['item.arrived']);
    await eventually(
      () => crm.effects(),
      (events) => events.some((event) => event.subject === id),
    );
    expect(crm.effects().filter((event) => event.subject === id)).toHaveLength(1);
    const rows = await stockOf('80614141123458');
    expect(rows.find((row) => row.location === 'floor')?.quantity).toBe(3);
  });

  it('counts every malformed payload by reader and reason, and nothing else is disturbed', async () => {
    const bad = ['32-bad-truncated-json', '34-bad-array-of-null', '36-bad-epc-not-hex', '37-bad-epc-too-long'];
    const before = await reader('dock-2');
    for (const name of bad) publish('tevents/dock-2', capture(`zebra-iot-connector/${name}.payload`));
    const wanted = { BAD_JSON: 1, NOT_OBJECT: 2, BAD_EPC_HEX: 2 };
    const total = (r: Reader) =>
      Object.keys(wanted).reduce((sum, reason) => sum + (r.rejected[reason] ?? 0) - (before.rejected[reason] ?? 0), 0);
    const after = await eventually(
      () => reader('dock-2'),
      (r) => total(r) >= 5,
    );
    for (const [reason, count] of Object.entries(wanted))
      expect((after.rejected[reason] ?? 0) - (before.rejected[reason] ?? 0)).toBe(count);
    expect(after.samples.length).toBeGreaterThan(0);
    const data = { idHex: '3034257bf7194e4000001b00', format: 'epc', antenna: 1 };
    for (const eventNum of [1, 2]) {
      const timestamp = new Date(Date.now() + eventNum).toISOString();
      publish('tevents/dock-2', JSON.stringify({ type: 'SIMPLE', timestamp, data: { ...data, eventNum } }));
    }
    await eventually(() => found('3034257BF7194E4000001B00'), Boolean);
    expect((await item('3034257BF7194E4000001B00')).lifecycle).toBe('IN_STOCK');
  });

  it('keeps stock equal to its event log', () => {
    const done = command(folder.path, ['rebuild-stock', '--check']);
    expect(done.out + done.err).toContain('Stock equals');
    expect(done.code).toBe(0);
  });
});
