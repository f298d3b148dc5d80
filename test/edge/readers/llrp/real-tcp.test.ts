import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { silentLog, systemClock } from '../../../../src/kit/index.ts';
import { openRecorder } from '../../../../src/links/index.ts';
import { openReader, type ReaderOptions } from '../../../../src/readers/index.ts';
import { startSimulator } from '../../../../src/simulators/index.ts';
import { createLlrpDevice } from '../../../../src/simulators/llrp/simulated-device.ts';
import { serve, startLlrpSimulator } from '../../../../src/simulators/llrp/simulator.ts';
import { createSupervision } from '../../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../../src/tags/index.ts';
import { eventually } from '../../../fakes/eventually.ts';
import { freePort } from '../../../fakes/listen.ts';
import { llrpProfile, profiles, tags } from './scene.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const deps = { clock: systemClock, log: silentLog, random: Math.random };
const behaviour = { tags, rate: 100, clock: systemClock, random: Math.random };
const here = { host: '127.0.0.1', port: 0 };

function open(link: ReaderOptions['link'], more: Partial<ReaderOptions> = {}) {
  const reads: TagRead[] = [];
  const id = more.profile ?? 'generic/llrp';
  const reader = openReader({
    supervise: createSupervision,
    config: { id: 'ceiling', profile: id, link, antennas: { '1': 'shelf-1', '2': 'shelf-2' }, ...more },
    profile: profiles.get(id),
    mqtt: null,
    onReads: async (batch) => void reads.push(...readsOf(batch)),
    ...deps,
  });
  closing.push(() => reader.stop());
  reader.start();
  return { reads, reader };
}

async function simulate(id: 'generic/llrp' | 'impinj/llrp', port = 0) {
  const simulator = await startLlrpSimulator(llrpProfile(id), behaviour, { ...here, port });
  closing.push(() => simulator.stop());
  return simulator;
}

describe('an LLRP reader over TCP', () => {
  test.each(['generic/llrp', 'impinj/llrp'] as const)(
    'is read through openReader and startSimulator: %s',
    async (id) => {
      const simulator = await startSimulator({ profile: profiles.get(id), link: { tcp: here }, ...behaviour });
      closing.push(() => simulator.stop());
      const port = Number(simulator.address.split(':')[1]);
      const { reads, reader } = open({ tcp: { ...here, port } }, { profile: id, power: 25, session: 1, region: 'US' });
      await eventually(() => reads.length > 50);
      expect(new Set(reads.map(({ epc }) => epc))).toEqual(new Set(tags.map(({ epc }) => epc)));
      expect(reader.status()).toMatchObject({ online: true, rejected: {}, link: { state: 'open' } });
      expect(reader.status().identity).toContain('firmware 5.14.0.240');
      await reader.stop();
      expect(simulator.counts().commands).toBeGreaterThan(8);
    },
  );

  test('is read a byte at a time, with reports in front of answers and many in one segment', async () => {
    const simulator = await simulate('impinj/llrp');
    simulator.setFaults({ byteAtATime: true, reportFirst: true, bundle: 45 });
    const { reads, reader } = open({ tcp: { ...here, port: simulator.port } }, { profile: 'impinj/llrp' });
    await eventually(() => reads.length > 90, 20_000);
    expect(reader.status()).toMatchObject({ rejected: {}, warnings: {} });
  });

  test('takes one client: the second one says so and comes in when the first one has gone', async () => {
    const simulator = await simulate('generic/llrp');
    const first = open({ tcp: { ...here, port: simulator.port } });
    await eventually(() => first.reads.length > 5);
    const second = open({ tcp: { ...here, port: simulator.port } });
    await eventually(() => first.reader.status().warnings['OTHER_CLIENT'] !== undefined);
    expect(second.reads).toEqual([]);
    await first.reader.stop();
    await eventually(() => second.reads.length > 5, 15_000);
  });

  test('is back after a restart by itself', async () => {
    const simulator = await simulate('generic/llrp');
    const { reads, reader } = open({ tcp: { ...here, port: simulator.port } });
    await eventually(() => reads.length > 5);
    simulator.restart();
    expect(simulator.roSpecs()).toEqual([]);
    await eventually(() => simulator.roSpecs().length === 1);
    const before = reads.length;
    await eventually(() => reads.length > before + 5);
    expect(reader.status().link.state).toBe('open');
  });

  test('may dial in instead of being dialled', async () => {
    const port = await freePort();
    const { reads, reader } = open({ tcp: { host: '127.0.0.1', port, listen: true, from: '127.0.0.1' } });
    const device = createLlrpDevice(llrpProfile('generic/llrp'), behaviour);
    closing.push(() => device.stop());
    const sockets = new Set<Socket>();
    const dial = () =>
      serve(
        device,
        sockets,
        createConnection(port, '127.0.0.1').on('error', () => undefined),
      );
    dial();
    await eventually(() => reads.length > 20);
    for (const socket of sockets) socket.destroy();
    await eventually(() => reader.status().link.state !== 'open');
    const before = reads.length;
    await eventually(() => {
      if (sockets.size === 0) dial();
      return reads.length > before + 5;
    });
  });

  test('is recorded as bytes and replayed as the same reads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'llrp-'));
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'recording.ndjson');
    const recorder = await openRecorder(file, { link: 'tcp:reader', clock: systemClock });
    const taken = recorder.wrap({ opened: () => undefined, chunk: () => undefined, lost: () => undefined });
    const hex = '043d0000002c4095892f00f000228d3005fb63ac1f3841ec88046781000186ce820004ec2ea8354c09880001';
    const bytes = Buffer.from(hex, 'hex');
    taken.opened();
    taken.chunk(bytes.subarray(0, 7), Date.now());
    taken.chunk(bytes.subarray(7), Date.now());
    await recorder.close();
    const { reads } = open({ replay: { file, speed: 0 } });
    await eventually(() => reads.length === 1);
    expect(reads[0]).toMatchObject({ epc: '3005FB63AC1F3841EC880467', antenna: 1, rssi: -50 });
  });
});
