import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { silentLog, systemClock } from '../../../src/kit/index.ts';
import { connectMqtt, openRecorder } from '../../../src/links/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { openReader, type Reader, type ReaderOptions } from '../../../src/readers/index.ts';
import { startSimulator } from '../../../src/simulators/index.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { type ReadBatch, readsOf, type TagRead } from '../../../src/tags/index.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);

function mustHave(program: string): void {
  const found = spawnSync('which', [program]).status === 0;
  if (!found) throw new Error(`${program} is missing: sudo apt-get install ${program}`);
}

const tags = [
  { epc: '3034257BF7194E4000001A85', antenna: 1, rssi: -50 },
  { epc: 'E28011700000020A7B2C4D5E', antenna: 2, rssi: -60 },
];
const behaviour = { tags, rate: 100, clock: systemClock, random: Math.random };
const deps = { clock: systemClock, log: silentLog, random: Math.random };
const closing: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function until(what: string, holds: () => boolean, limitMs = 15_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'readers-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open(config: Omit<ReaderOptions, 'id' | 'antennas'>, mqtt: Parameters<typeof openReader>[0]['mqtt'] = null) {
  const reads: TagRead[] = [];
  const profile = profiles.get(config.profile);
  const onReads = async (batch: ReadBatch) => void reads.push(...readsOf(batch));
  const reader: Reader = openReader({
    supervise: createSupervision,
    config: { id: 'r1', antennas: { '1': 'here' }, ...config },
    profile,
    mqtt,
    onReads,
    ...deps,
  });
  closing.push(() => reader.stop());
  reader.start();
  return { reads, reader };
}

describe('an M100 over TCP', () => {
  test('is found, set up and read; hung up on, it is back by itself', async () => {
    const m100 = profiles.get('magicrf/m100');
    const first = await startSimulator({ profile: m100, link: { tcp: { host: '127.0.0.1', port: 0 } }, ...behaviour });
    const port = Number(first.address.split(':')[1]);
    const { reads, reader } = open({
      profile: 'magicrf/m100',
      link: { tcp: { host: '127.0.0.1', port } },
      region: 'EU',
      power: 20,
    });
    await until('reads', () => reads.length > 50);
    expect(new Set(reads.map(({ epc }) => epc))).toEqual(new Set(tags.map(({ epc }) => epc)));
    await first.stop();
    await until('the loss is noticed', () => reader.status().link.state !== 'open');
    const again = await startSimulator({ profile: m100, link: { tcp: { host: '127.0.0.1', port } }, ...behaviour });
    closing.push(() => again.stop());
    const before = reads.length;
    await until('reads after the restart', () => reads.length > before + 20);
    expect(again.counts().commands).toBeGreaterThanOrEqual(5);
  });
});

describe('an M100 on a pty', () => {
  beforeAll(() => mustHave('socat'));

  test('is read through serialport with noise between the frames, and stopped at the end', async () => {
    const path = join(scratch(), 'tty');
    const noise = { garbage: 0.2, checksum: 0.05 };
    const simulator = await startSimulator({
      profile: profiles.get('magicrf/m100'),
      link: { pty: { path } },
      ...behaviour,
      noise,
    });
    closing.push(() => simulator.stop());
    const { reads, reader } = open({ profile: 'magicrf/m100', link: { serial: { path } } });
    await until('reads', () => reads.length > 200);
    expect(new Set(reads.map(({ epc }) => epc))).toEqual(new Set(tags.map(({ epc }) => epc)));
    expect(reader.status()).toMatchObject({ identity: 'M100 26dBm V1.0', link: { state: 'open', address: path } });
    expect(reader.status().rejected['JUNK']).toBeGreaterThan(0);
    await reader.stop();
    const { reports } = simulator.counts();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(simulator.counts().reports).toBe(reports);
    const next = open({ profile: 'magicrf/m100', link: { serial: { path } } });
    await until('reads after the port was closed and opened again', () => next.reads.length > 20);
  });
});

test('a recording is replayed through the reader with the times of the recording', async () => {
  const file = join(scratch(), 'desk.ndjson');
  const recorder = await openRecorder(file, { link: 'serial:/dev/ttyUSB0', clock: systemClock });
  const events = recorder.wrap({ opened: () => undefined, chunk: () => undefined, lost: () => undefined });
  events.opened();
  const at = Date.now();
  events.chunk(Buffer.from('BB02220011C43000E200001D7315016521408FC6B83EC2', 'hex'), at);
  events.chunk(Buffer.from('7E', 'hex'), at);
  await recorder.close();
  const { reads, reader } = open({ profile: 'magicrf/m100', link: { replay: { file, speed: 0 } } });
  await until('the read', () => reads.length === 1);
  expect(reads[0]).toMatchObject({ epc: 'E200001D7315016521408FC6', rssi: -60, antenna: 1 });
  expect(Math.abs((reads[0]?.at ?? 0) - at)).toBeLessThan(1_000);
  expect(reader.status().rejected).toEqual({});
});

describe('readers on a real Mosquitto', () => {
  beforeAll(() => mustHave('mosquitto'));

  async function mosquitto(): Promise<number> {
    const folder = scratch();
    const port = await freePort();
    writeFileSync(join(folder, 'm.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
    const broker = spawn('mosquitto', ['-c', join(folder, 'm.conf')], { stdio: 'ignore' });
    closing.push(() => new Promise((resolve) => broker.once('exit', resolve).kill()));
    return port;
  }

  function connect(port: number, clientId: string) {
    const connection = connectMqtt({ url: `mqtt://127.0.0.1:${port}`, clientId }, deps);
    closing.push(() => connection.close());
    return connection;
  }

  test.each(['impinj/r700', 'zebra/iot-connector', 'generic/json'])(
    'a simulated %s is read, its status followed',
    async (id) => {
      const port = await mosquitto();
      const gateway = connect(port, 'gateway');
      const { reads, reader } = open(
        { profile: id, link: { mqtt: { topic: 'dock/reads', statusTopic: 'dock/status' } } },
        gateway,
      );
      gateway.open();
      await until('the connection', () => gateway.state().state === 'open');
      const device = connect(port, 'device');
      device.open();
      await until('the device', () => device.state().state === 'open');
      const link = { mqtt: { channel: device, topic: 'dock/reads', statusTopic: 'dock/status' } };
      const simulator = await startSimulator({ profile: profiles.get(id), link, ...behaviour });
      await until('reads of both tags', () => new Set(reads.map(({ epc, antenna }) => `${epc}@${antenna}`)).size === 2);
      expect(reads[0]?.rssi).toBeLessThan(-40);
      expect(Math.abs(reader.status().clockOffsetMs ?? 9_999)).toBeLessThan(1_000);
      expect(reader.status()).toMatchObject({ rejected: {}, warnings: {} });
      if (id !== 'generic/json') await until('a status', () => reader.status().online === true);
      await simulator.stop();
      if (id === 'impinj/r700') await until('the goodbye', () => reader.status().online === false);
    },
  );

  test('a payload captured from a real reader comes through mosquitto_pub as it was read', async () => {
    const port = await mosquitto();
    const gateway = connect(port, 'gateway');
    const { reads } = open({ profile: 'zebra/iot-connector', link: { mqtt: { topic: 'dock/reads' } } }, gateway);
    gateway.open();
    await until('the connection', () => gateway.state().state === 'open');
    const file = join(import.meta.dirname, '../../captures/zebra-iot-connector/09-custom-negative-phase.payload');
    execFile('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(port), '-q', '1', '-t', 'dock/reads', '-f', file]);
    await until('the read', () => reads.length === 1);
    expect(reads[0]).toMatchObject({
      epc: 'E28011700000020D2A412182',
      antenna: 1,
      rssi: -60,
      phaseDeg: 189.52,
      at: 1_774_682_413_028,
    });
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
