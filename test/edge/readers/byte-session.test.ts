import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GatewayError, silentLog } from '../../../src/kit/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { openByteReader } from '../../../src/readers/bytes/byte-reader.ts';
import type { Pressure } from '../../../src/readers/index.ts';
import { createByteSimulator } from '../../../src/simulators/byte-simulator.ts';
import type { Noise } from '../../../src/simulators/index.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { type ReadBatch, readsOf, type TagRead } from '../../../src/tags/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { memoryLine } from '../../fakes/memory-line.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
const tag = { epc: '3034257BF7194E4000001A85', antenna: 1, rssi: -50 };

const commands = {
  stop: 'BB00280000287E',
  identify: 'BB0003000100047E',
  regionUs: 'BB00070001020A7E',
  power20: 'BB00B6000207D08F7E',
  start: 'BB0027000322FFFF4A7E',
};

type Options = {
  tags?: (typeof tag)[];
  rate?: number;
  noise?: Noise;
  region?: string;
  power?: number;
  framing?: string;
  store?: () => void | Promise<void>;
  pressure?: Pressure;
};

function scene(options: Options = {}) {
  const clock = manualClock();
  const profile = profiles.get('magicrf/m100');
  if (profile.kind !== 'bytes') throw new Error('needs a byte profile');
  let seed = 7;
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  const { tags = [tag], rate = 50, noise = {} } = options;
  const spoken = profile.framing.filter(({ name }) => name === (options.framing ?? name));
  const device = createByteSimulator({ ...profile, framing: spoken }, { tags, rate, noise, clock, random });
  const line = memoryLine(device, clock.now);
  const reads: TagRead[] = [];
  const { region, power } = options;
  const config = {
    id: 'desk-1',
    profile: profile.id,
    link: { serial: { path: '/dev/ttyUSB0' } },
    antennas: { '1': 'desk' },
    ...(region === undefined ? {} : { region }),
    ...(power === undefined ? {} : { power }),
  };
  const onReads = async (batch: ReadBatch) => {
    await options.store?.();
    reads.push(...readsOf(batch));
  };
  const openBytes = line.open;
  const reader = openByteReader({
    supervise: createSupervision,
    config,
    profile,
    openBytes,
    clock,
    log: silentLog,
    pressure: options.pressure ?? (() => null),
    onReads,
  });
  return { clock, device, line, reads, reader };
}

test('after opening it stops what runs, identifies, sets region and power, then takes inventory', async () => {
  const { clock, line, reads, reader } = scene({ region: 'US', power: 20 });
  reader.start();
  await clock.advance(1_000);
  const { stop, identify, regionUs, power20, start } = commands;
  expect(line.written).toEqual([stop, identify, regionUs, power20, start]);
  expect(reader.status()).toMatchObject({ identity: 'M100 26dBm V1.0', lastEvent: 'inventory started', rejected: {} });
  expect(reads.length).toBeGreaterThan(30);
  expect(reads[0]).toMatchObject({ reader: 'desk-1', epc: tag.epc, pc: '3000', antenna: 1, count: 1, idType: 'epc' });
  expect(reads[0]?.rssi).toBeGreaterThanOrEqual(-52);
  expect(reads[0]?.at).toBe(reads[0]?.receivedAt);
});

test('region and power are left alone when the configuration names none', async () => {
  const { clock, line, reader } = scene();
  reader.start();
  await clock.advance(1_000);
  expect(line.written).toEqual([commands.stop, commands.identify, commands.start]);
});

test('inventory is started again when the count is used up', async () => {
  const { clock, line, reads, reader } = scene({ rate: 1_000 });
  reader.start();
  await clock.advance(75_000);
  expect(line.written.filter((frame) => frame === commands.start)).toHaveLength(2);
  expect(reads.length).toBeGreaterThan(65_535);
});

test('empty rounds are life signs, neither logged nor counted as rejected', async () => {
  const { clock, line, reader } = scene({ tags: [] });
  reader.start();
  await clock.advance(60_000);
  expect(line.written.filter((frame) => frame === commands.start)).toHaveLength(1);
  expect(reader.status()).toMatchObject({ reads: 0, rejected: {}, warnings: {}, lastEvent: 'inventory started' });
});

test('a reader that hangs is told to start, set up again, its port is reopened, and it works when it wakes', async () => {
  const { clock, device, line, reads, reader } = scene();
  reader.start();
  await clock.advance(1_000);
  device.setSilent(true);
  await clock.advance(60_000);
  expect(reader.status().lastEvent).toContain('does not answer');
  expect(reader.status().warnings['READER_TIMEOUT']).toBeGreaterThan(2);
  expect(line.opens()).toBeGreaterThan(1);
  const before = reads.length;
  device.setSilent(false);
  await clock.advance(20_000);
  expect(reads.length).toBeGreaterThan(before);
  expect(reader.status().lastEvent).toBe('inventory started');
});

test('a short silence only starts the inventory again', async () => {
  const { clock, device, line, reader } = scene();
  reader.start();
  await clock.advance(1_000);
  line.written.length = 0;
  device.setSilent(true);
  await clock.advance(5_000);
  device.setSilent(false);
  await clock.advance(10_000);
  expect(new Set(line.written)).toEqual(new Set([commands.start]));
  expect(line.opens()).toBe(1);
});

test('the set-up is played again after the device was unplugged and plugged in', async () => {
  const { clock, line, reads, reader } = scene({ region: 'US', power: 20 });
  reader.start();
  await clock.advance(1_000);
  line.unplug();
  await clock.advance(10_000);
  const before = reads.length;
  line.written.length = 0;
  line.plug();
  await clock.advance(1_000);
  expect(line.written).toContain(commands.power20);
  expect(line.written).toContain(commands.regionUs);
  expect(reads.length).toBeGreaterThan(before);
});

test('a module that speaks the other framing is found out and spoken to in it', async () => {
  const { clock, line, reads, reader } = scene({ framing: 'aadd' });
  reader.start();
  await clock.advance(5_000);
  expect(line.written.at(-1)).toBe('AA0027000322FFFF4ADD');
  expect(reader.status().identity).toBe('M100 26dBm V1.0');
  expect(reads.length).toBeGreaterThan(0);
});

test('a refused setting keeps the radio off, says why and is tried again', async () => {
  const { clock, line, reader } = scene({ region: 'US', power: 27 });
  reader.start();
  await clock.advance(10_000);
  expect(line.written).not.toContain(commands.start);
  expect(reader.status().lastEvent).toContain('refused setPower');
  expect(reader.status().warnings['READER_REFUSED']).toBeGreaterThan(1);
});

test('stop ends the inventory at the device and closes the channel', async () => {
  const { clock, device, line, reader } = scene();
  reader.start();
  await clock.advance(1_000);
  const stopped = reader.stop();
  await clock.advance(100);
  await stopped;
  expect(line.written.at(-1)).toBe(commands.stop);
  const { reports } = device.counts();
  await clock.advance(5_000);
  expect(device.counts().reports).toBe(reports);
  expect(reader.status().link.state).toBe('closed');
});

test('ten minutes at full rate on a bad line: damaged frames are counted by reason, the rest comes through', async () => {
  const { clock, device, reads, reader } = scene({ rate: 100, noise: { garbage: 0.05, drop: 0.02, checksum: 0.02 } });
  reader.start();
  await clock.advance(600_000);
  const { reports } = device.counts();
  expect(reads.length).toBeGreaterThan(reports * 0.94);
  expect(reads.every((read) => read.epc === tag.epc)).toBe(true);
  const { rejected, samples } = reader.status();
  expect(rejected['BAD_CHECKSUM']).toBeGreaterThan(500);
  expect(rejected['JUNK']).toBeGreaterThan(500);
  expect(samples).toHaveLength(10);
});

test('reads that the store did not take are counted, and the line goes on', async () => {
  let full = true;
  const store = () => {
    if (full) throw new GatewayError('STORE_FULL', 'disk full');
  };
  const { clock, reads, reader } = scene({ store });
  reader.start();
  await clock.advance(1_000);
  expect(reads).toEqual([]);
  expect(reader.status().rejected['STORE_FAILED']).toBeGreaterThan(20);
  expect(reader.status().reads).toBe(0);
  full = false;
  await clock.advance(1_000);
  expect(reads.length).toBeGreaterThan(20);
});

test('a reader is not set up anew for the silence of a channel that is held because the disk is behind', async () => {
  let release: () => void = () => undefined;
  const room = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { clock, device, line, reader } = scene({ store: () => room, pressure: () => room });
  reader.start();
  await clock.advance(2_000);
  device.setSilent(true);
  const before = line.written.length;
  await clock.advance(120_000);
  expect(line.written.length).toBe(before);
  release();
  await clock.advance(120_000);
  expect(line.written.length).toBeGreaterThan(before);
});

test('the rate of an antenna is over the last ten seconds', async () => {
  const { clock, device, reader } = scene({ rate: 50 });
  reader.start();
  await clock.advance(20_000);
  const rate = () => reader.status().antennas.find(({ antenna }) => antenna === 1);
  expect(rate()).toMatchObject({ readPoint: 'desk' });
  expect(rate()?.rate).toBeGreaterThan(40);
  device.setTags([]);
  await clock.advance(11_000);
  expect(rate()?.rate).toBe(0);
});
