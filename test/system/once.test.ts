import { readFileSync } from 'node:fs';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mosquitto, startMosquitto } from '../fakes/mosquitto.ts';
import { command, type Daemon, eventually, pauseMs, startDaemon, temporaryFolder, typesOf } from './harness.ts';

const folder = temporaryFolder();
let mosquitto: Mosquitto;
let reader: MqttClient;
let daemon: Daemon;
let slowRounds: Promise<void>;
const present: number[] = [];

/** A payload of test/system/once, made at `at` (epoch ms). */
const payload = (name: string, at = Date.now()) =>
  readFileSync(`test/system/once/${name}.json`, 'utf8').replaceAll('{now}', new Date(at).toISOString());
const epcsOf = (name: string) => [...payload(name).matchAll(/3034257B[0-9A-F]{16}/gi)].map(([epc]) => epc);

beforeAll(async () => {
  mosquitto = await startMosquitto();
  daemon = await startDaemon(
    folder.path,
    `site: { id: once-test }
http: { host: 127.0.0.1, port: 0 }
mqtt: { url: "mqtt://127.0.0.1:${mosquitto.port}" }
inventory: { adopt: all }
locations: [{ id: back, kind: back-room }, { id: floor, kind: sales-floor }, { id: door, kind: exit }]
readPoints:
  - { id: dock, location: back, kind: portal }
  - { id: shelf, location: floor, kind: shelf }
  - { id: rounds, location: floor, kind: shelf }
  - { id: high, location: floor, kind: shelf, minRssi: -30 }
  - { id: exit, location: door, kind: exit, departAfterMs: 1500 }
  - { id: hand, location: floor, kind: handheld }
readers:
  - { id: conv, profile: zebra/iot-connector, link: { mqtt: { topic: z/conv } }, antennas: { 1: dock } }
  - { id: port, profile: zebra/iot-connector, link: { mqtt: { topic: z/port } }, antennas: { 1: exit } }
  - { id: inv, profile: zebra/iot-connector, link: { mqtt: { topic: z/inv } }, antennas: { 1: shelf } }
  - { id: ura, profile: chainway/ura4, link: { mqtt: { topic: chainway } }, antennas: { 1: dock } }
  - { id: slow, profile: generic/json, link: { mqtt: { topic: slow } }, antennas: { 1: rounds } }
  - { id: app, profile: impinj/r700, link: { http: {} }, antennas: { 1: hand } }
  - { id: counted, profile: generic/json, link: { http: {} }, antennas: { 1: shelf } }
  - { id: listed, profile: generic/json, link: { http: {} }, antennas: { 1: shelf }, map: { payload: csv, round: true, id: [{ column: 1 }] } }
  - { id: weak, profile: zebra/iot-connector, link: { mqtt: { topic: z/weak } }, antennas: { 1: high } }
  - { id: lost, profile: zebra/iot-connector, link: { mqtt: { topic: z/lost } }, antennas: { 2: shelf, 3: dock } }
`,
  );
  reader = await mqtt.connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, { clientId: 'reader' });
  await eventually(
    () => daemon.get<{ rows: { link: { state: string } }[] }>('/readers'),
    ({ rows }) => rows.every(({ link }) => link.state === 'open'),
  );
  slowRounds = readSlowly();
});

afterAll(async () => {
  await slowRounds;
  await reader?.endAsync();
  await daemon?.stop();
  await mosquitto?.stop();
  folder.remove();
});

const publish = (topic: string, body: string) => reader.publishAsync(topic, body, { qos: 1 });
const post = async (id: string, body: string, type = 'application/json') => {
  const answer = await daemon.request(`/readers/${id}/reads`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });
  return (await answer.json()) as { effects: object };
};
const isKnown = async (epc: string) => (await daemon.request(`/items/${epc}`)).ok;
const areKnown = (epcs: readonly string[]) =>
  eventually(
    async () => (await Promise.all(epcs.map(isKnown))).filter(Boolean).length,
    (known) => known === epcs.length,
  );
const presentAt = async (id: string) => {
  const { rows } = await daemon.get<{ rows: { readPoints: { id: string; present: number }[] }[] }>('/locations');
  return rows.flatMap(({ readPoints }) => readPoints).find((point) => point.id === id)?.present;
};

/** Five rounds of one read of each tag, eight seconds apart. */
async function readSlowly(): Promise<void> {
  for (let round = 1; round <= 5; round++) {
    await publish('slow', payload('slow-round'));
    await pauseMs(1_000);
    present.push((await presentAt('rounds')) ?? -1);
    if (round < 5) await pauseMs(7_000);
  }
}

describe('a tag that is reported exists, from a fresh start', () => {
  it.each([
    ['z/conv', 'conveyor'],
    ['z/conv', 'conveyor-default-keys'],
    ['chainway', 'chainway'],
  ])('one report over MQTT (%s) that stands for many reads is enough: %s', async (topic, name) => {
    await publish(topic, payload(name));
    expect(await areKnown(epcsOf(name))).toBe(1);
    const [epc = ''] = epcsOf(name);
    expect(await daemon.get(`/items/${epc}`)).toMatchObject({ lifecycle: 'IN_STOCK', readPoint: 'dock' });
  });

  it('one PORTAL report of 25 reads at the exit is an arrival there, and the alarm when the tag has gone; one of a single read is a stray', async () => {
    const [epc = ''] = epcsOf('portal-exit');
    const [far = ''] = epcsOf('portal-exit-far');
    await post('counted', JSON.stringify({ reads: [epc, far].map((one) => ({ epc: one, count: 3 })) }));
    expect(await areKnown([epc, far])).toBe(2);
    await publish('z/port', payload('portal-exit-far'));
    await publish('z/port', payload('portal-exit'));
    await eventually(
      () => typesOf(daemon, epc),
      (types) => types.includes('item.alert'),
    );
    expect(await typesOf(daemon, epc)).toEqual(expect.arrayContaining(['item.alert']));
    expect(await daemon.get(`/items/${epc}`)).toMatchObject({ lifecycle: 'STOLEN' });
    expect(await daemon.get(`/items/${far}`)).toMatchObject({ lifecycle: 'IN_STOCK', readPoint: 'shelf' });
  });

  it('INVENTORY every ten seconds: twenty items, each with one arrival, after four rounds', async () => {
    const epcs = epcsOf('inventory-10s');
    expect(epcs).toHaveLength(20);
    for (const ago of [30_000, 20_000, 10_000, 0]) await publish('z/inv', payload('inventory-10s', Date.now() - ago));
    expect(await areKnown(epcs)).toBe(20);
    const { rejected } = await eventually(
      () => daemon.get<{ rejected: Record<string, number> }>('/readers/inv'),
      (status) => status.rejected['REPEAT'] === 60,
    );
    expect(rejected).toEqual({ REPEAT: 60 });
    expect(await typesOf(daemon, epcs[0] ?? '')).toEqual(['item.arrived']);
  });

  it('a handheld app that posts each tag once makes it known, and the answer says so', async () => {
    expect(await post('app', payload('http-app'))).toMatchObject({
      reads: 1,
      effects: { arrived: 1, repeated: 0, waiting: 0, without: {} },
    });
    expect(await daemon.get(`/items/${epcsOf('http-app')[0]}`)).toMatchObject({ readPoint: 'hand' });
  });

  it('an upload that says how often it read the tag makes it known at once', async () => {
    expect(await post('counted', payload('count-12'))).toMatchObject({ effects: { arrived: 1 } });
    expect(await isKnown(epcsOf('count-12')[0] ?? '')).toBe(true);
    expect(await post('counted', payload('count-12'))).toMatchObject({ effects: { arrived: 0, repeated: 1 } });
  });

  it('a list whose map says that a report stands for a round is taken at its word', async () => {
    const csv = '3034257BF7194E4000007601\n3034257BF7194E4000007602\n';
    expect(await post('listed', csv, 'text/csv')).toMatchObject({ reads: 2, effects: { arrived: 2 } });
  });

  it('says in the answer what waits and what had no effect', async () => {
    const reads = [{ epc: '3034257BF7194E4000007701' }, { epc: '3034257BF7194E4000007702', antenna: 9 }];
    expect(await post('counted', JSON.stringify({ reads }))).toMatchObject({
      reads: 2,
      effects: { arrived: 0, repeated: 0, waiting: 1, without: { NO_READ_POINT: 1 } },
    });
  });
});

describe('doctor names why reads have no effect', () => {
  const codesOf = async (id: string) => {
    const { checks } = await daemon.get<{ checks: { name: string; code: string }[] }>('/doctor');
    return checks.filter(({ name }) => name === `reader ${id}`).map(({ code }) => code);
  };
  const becomes = async (id: string, code: string) =>
    expect(
      await eventually(
        () => codesOf(id),
        ([first]) => first === code,
      ),
    ).toEqual([code]);

  it('too weak, without a read point; and it ends with the first read that has effect', async () => {
    await publish('z/weak', payload('conveyor'));
    await becomes('weak', 'READER_ALL_WEAK');
    await publish('z/lost', payload('conveyor'));
    await becomes('lost', 'READER_UNPLACED');
    const { out } = command(folder.path, ['doctor']);
    expect(out).toContain('Reader weak reads tags, but none of it has effect: too weak for the read point');
    expect(out).toContain('Reader lost reads tags, but none of it has effect: no read point belongs to the antenna');
    expect(out).not.toContain('Reader lost is connected and reads.');
    await publish('z/lost', payload('conveyor').replace('"antenna": 1', '"antenna": 2'));
    await becomes('lost', 'READER_OK');
  });
});

it('shelves read in turn, each tag once every eight seconds: known with the second round, present throughout', async () => {
  await slowRounds;
  const [epc = ''] = epcsOf('slow-round');
  expect(present).toEqual([0, 5, 5, 5, 5]);
  expect(await areKnown(epcsOf('slow-round'))).toBe(5);
  expect(await typesOf(daemon, epc)).toEqual(['item.arrived']);
  const { rejected } = await daemon.get<{ rejected: Record<string, number> }>('/readers/slow');
  expect(rejected).toEqual({ REPEAT: 15 });
}, 60_000);
