import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { silentLog } from '../../src/kit/index.ts';
import { type Gateway, startGateway } from '../../src/main.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { type Mosquitto, startMosquitto } from '../fakes/mosquitto.ts';
import { epcOf, pauseMs, presentSum, serials, stockSum, temporaryFolder, typesOf } from './harness.ts';

type Reader = { reads: number; online: boolean | null; link: { state: string } };
type Api = { get<T>(path: string): Promise<T> };

const tags = serials(1, 21);
let folder: { path: string; remove(): void };
let brokerFolder: string;
let mosquitto: Mosquitto;
let clock: ManualClock;
let gateway: Gateway;
let api: Api;

const startBroker = (port?: number) =>
  startMosquitto({
    ...(port === undefined ? {} : { port }),
    folder: brokerFolder,
    config: `allow_anonymous true\npersistence true\npersistence_location ${brokerFolder}/\nmax_queued_messages 0\n`,
  });

beforeEach(async () => {
  folder = temporaryFolder();
  brokerFolder = mkdtempSync(join(tmpdir(), 'silentgate-broker-'));
  mosquitto = await startBroker();
  clock = manualClock(Date.now());
  const file = join(folder.path, 'silentgate.yaml');
  writeFileSync(
    file,
    `site: { id: outage-test }
http: { port: 0 }
mqtt: { url: "mqtt://127.0.0.1:${mosquitto.port}" }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers: [{ id: dock-1, profile: impinj/r700, link: { mqtt: { topic: rfid/dock-1/events, statusTopic: rfid/dock-1/status } }, antennas: { 1: shelf-1 } }]
`,
  );
  gateway = await startGateway(loadConfig(file, 'firmware-profiles'), {
    clock,
    log: silentLog,
    webRoot: null,
    version: '0.0.0',
    env: {},
  });
  api = await keyHolder(gateway);
});
afterEach(async () => {
  await gateway.stop();
  await mosquitto.stop();
  rmSync(brokerFolder, { recursive: true, force: true });
  folder.remove();
});

/** Signs in as a browser does. */
async function keyHolder({ url, signInLink }: Gateway): Promise<Api> {
  const code = new URL(signInLink()).hash.match(/[A-Za-z0-9_-]{16,}/)?.[0] ?? '';
  const session = await fetch(new URL('/api/v1/session', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    get: async (path) => {
      const answer = await fetch(new URL(`/api/v1${path}`, url), { headers: { cookie } });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json() as Promise<never>;
    },
  };
}

/** Lets real time pass for the network, and virtual time only as far as `stepMs` says, until `done` holds. */
async function until<T>(ask: () => Promise<T>, done: (answer: T) => boolean, stepMs = 0): Promise<T> {
  for (const end = Date.now() + 30_000; ; await pauseMs(10)) {
    const answer = await ask();
    if (done(answer) || Date.now() > end) return answer;
    if (stepMs > 0) await clock.advance(stepMs);
  }
}

/** So many virtual minutes in steps of a second, in which the network is given a little real time. */
async function passMinutes(minutes: number): Promise<void> {
  for (let second = 0; second < minutes * 60; second++) {
    await clock.advance(1000);
    await pauseMs(1);
  }
}

/** Each tag twice, at the time that the virtual clock shows. */
async function readAll(times = 2): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, { protocolVersion: 4 });
  for (let n = 0; n < times; n++) {
    for (const tag of tags) {
      const event = {
        timestamp: new Date(clock.now() - times + n).toISOString(),
        eventType: 'tagInventory',
        tagInventoryEvent: { epcHex: epcOf(tag), antennaPort: 1, peakRssiCdbm: -5500 },
      };
      await client.publishAsync('rfid/dock-1/events', JSON.stringify(event), { qos: 1 });
    }
  }
  await client.endAsync();
}

const reader = () => api.get<Reader>('/readers/dock-1');
const reconnected = () => until(reader, ({ link }) => link.state === 'open', 500);

async function stock20(): Promise<void> {
  await reconnected();
  await readAll();
  expect(
    await until(
      () => stockSum(api),
      (n) => n === 20,
    ),
  ).toBe(20);
}

async function expectNothingHappened(): Promise<void> {
  expect(await stockSum(api)).toBe(20);
  expect(await presentSum(api)).toBe(20);
  for (const tag of tags) expect(await typesOf(api, epcOf(tag))).toEqual(['item.arrived']);
}

describe('a broker that is away for longer than a tag’s silence means departure, in virtual time', () => {
  it.each([10, 25])('for %i minutes: it is found again and no tag has departed', async (minutes) => {
    await stock20();
    await passMinutes(1);
    const { port } = mosquitto;
    await mosquitto.stop();
    await until(reader, ({ link }) => link.state !== 'open');
    await passMinutes(minutes);
    expect((await reader()).link.state).not.toBe('open');
    await expectNothingHappened();

    mosquitto = await startBroker(port);
    // The reader is back before us, so what it reads comes in the moment we connect, before our clock ticks again.
    await readAll(1);
    const begun = clock.now();
    await until(reader, ({ reads }) => reads >= 60, 250);
    const seconds = (clock.now() - begun) / 1000;
    console.log(
      `broker away for ${minutes} virtual minutes: connected and its backlog taken ${seconds} virtual s after it was back`,
    );
    expect((await reader()).link.state).toBe('open');
    expect((await reader()).reads).toBe(60);
    await expectNothingHappened();
    await passMinutes(9);
    await expectNothingHappened();
  });

  it('a tag that is really silent after that departs', async () => {
    await stock20();
    await passMinutes(11);
    expect(await presentSum(api)).toBe(0);
    for (const tag of tags) expect(await typesOf(api, epcOf(tag))).not.toEqual(['item.arrived']);
    expect(gateway.store.checkStock()).toEqual([]);
  });

  it('a reader that the broker says is gone is not heard, and its tags stay', async () => {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, { protocolVersion: 4 });
    await stock20();
    await client.publishAsync('rfid/dock-1/status', '', { qos: 1 });
    await client.publishAsync('rfid/dock-1/status', 'disconnected', { qos: 1 });
    expect((await until(reader, ({ online }) => online === false)).online).toBe(false);
    await passMinutes(25);
    await expectNothingHappened();
    await readAll(1);
    await until(reader, ({ online }) => online === true);
    await expectNothingHappened();
    await passMinutes(11);
    expect(await presentSum(api)).toBe(0);
    await client.endAsync();
  });
});
