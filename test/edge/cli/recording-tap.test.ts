import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTap } from '../../../src/cli/recording-tap.ts';
import { silentLog, systemClock } from '../../../src/kit/index.ts';
import { openRecorder, openReplay, openTcp } from '../../../src/links/index.ts';
import { loadProfiles, openDecoder } from '../../../src/profiles/index.ts';
import { openReader } from '../../../src/readers/index.ts';
import { startSimulator } from '../../../src/simulators/index.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../src/tags/index.ts';
import { freePort } from '../../fakes/listen.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
const deps = { clock: systemClock, log: silentLog, random: Math.random };
const epc = '3034257BF7194E4000001A85';
let folder: string;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tap-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds() && Date.now() < end; )
    await new Promise((done) => setTimeout(done, 20));
}

async function recorded(id: string, file: string): Promise<TagRead[]> {
  const profile = profiles.get(id);
  const link = { tcp: { host: '127.0.0.1', port: 0 } };
  const device = await startSimulator({ profile, link, tags: [{ epc, antenna: 1, rssi: -50 }], rate: 50, ...deps });
  closing.push(() => device.stop());
  const recorder = await openRecorder(file, { link: `tcp:${device.address}`, clock: systemClock });
  const [host = '', port = ''] = device.address.split(':');
  const tapPort = await freePort();
  const openDevice = (events: Parameters<typeof openTcp>[1]) => openTcp({ host, port: Number(port) }, events, deps);
  const end = await openTap({ openDevice, recorder, host: '127.0.0.1', port: tapPort });
  const reads: TagRead[] = [];
  const reader = openReader({
    supervise: createSupervision,
    config: { id: 'r', profile: id, link: { tcp: { host: '127.0.0.1', port: tapPort } }, antennas: { '1': 'here' } },
    profile,
    mqtt: null,
    onReads: async (batch) => void reads.push(...readsOf(batch)),
    ...deps,
  });
  reader.start();
  await until(() => reads.length >= 20);
  await reader.stop();
  await end();
  await recorder.close();
  return reads;
}

test.each(['magicrf/m100', 'impinj/llrp'])(
  '%s is read through a tap, and what both sides said is in the recording',
  async (id) => {
    const file = join(folder, 'tap.ndjson');
    const reads = await recorded(id, file);
    expect(reads.length).toBeGreaterThanOrEqual(20);
    expect(new Set(reads.map((read) => read.epc))).toEqual(new Set([epc]));
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const directions = new Set(lines.map(({ dir }) => dir).filter((dir) => dir !== undefined));
    expect(directions).toEqual(new Set(['in', 'out']));
    const decoder = openDecoder(profiles.get(id));
    const replayed: string[] = [];
    await new Promise<void>((resolve) => {
      const chunk = (bytes: Uint8Array) => {
        for (const { kind, epc } of decoder.push(bytes)) if (kind === 'read') replayed.push(String(epc));
      };
      const events = { opened: () => undefined, lost: () => undefined, chunk, ended: () => resolve() };
      openReplay(file, { speed: Number.POSITIVE_INFINITY }, events, deps).open();
    });
    expect(replayed.length).toBeGreaterThanOrEqual(reads.length);
    expect(new Set(replayed)).toEqual(new Set([epc]));
  },
);

test('a port that is taken is told in plain words', async () => {
  const recorder = { wrap: <T>(events: T) => events, sent: () => undefined };
  const openDevice = (events: Parameters<typeof openTcp>[1]) => openTcp({ host: '127.0.0.1', port: 1 }, events, deps);
  const port = await freePort();
  closing.push(await openTap({ openDevice, recorder, host: '127.0.0.1', port }));
  await expect(openTap({ openDevice, recorder, host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
  });
});
