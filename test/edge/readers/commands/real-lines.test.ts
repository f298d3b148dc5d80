import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { silentLog, systemClock } from '../../../../src/kit/index.ts';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import { openReader } from '../../../../src/readers/index.ts';
import { type SimulatorLink, startSimulator } from '../../../../src/simulators/index.ts';
import { createSupervision } from '../../../../src/supervision/supervise.ts';
import { type ReadBatch, readsOf, type TagRead } from '../../../../src/tags/index.ts';
import { eventually } from '../../../fakes/eventually.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../../firmware-profiles')]);
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const epc = '3034257BF7194E4000001A85';
const renamed = '3034257BF7194E4000001A86';
const shared = { clock: systemClock, random: Math.random };

/** A reader and its simulated device on a real line, taking inventory. */
async function onLine(id: string, link: SimulatorLink) {
  const profile = profiles.get(id);
  const device = await startSimulator({ profile, link, tags: [{ epc, antenna: 1, rssi: -50 }], rate: 50, ...shared });
  closing.push(() => device.stop());
  const reads: TagRead[] = [];
  const port = Number(device.address.split(':')[1]);
  const wire = 'pty' in link ? { serial: { path: device.address } } : { tcp: { host: '127.0.0.1', port } };
  const config = { id: 'r1', profile: id, link: wire, antennas: { '1': 'here' } };
  const onReads = async (batch: ReadBatch) => void reads.push(...readsOf(batch));
  const reader = openReader({
    supervise: createSupervision,
    config,
    profile,
    mqtt: null,
    log: silentLog,
    onReads,
    ...shared,
  });
  closing.push(() => reader.stop());
  reader.start();
  await eventually(() => expect(reads.length).toBeGreaterThan(5));
  return { reader, reads };
}

test.each(['magicrf/m100', 'thingmagic/m6e', 'r2000/a0', 'tsl/ascii2'])(
  'a tag before %s is given another EPC over a real TCP line, which inventory then reports',
  async (id) => {
    const { reader, reads } = await onLine(id, { tcp: { host: '127.0.0.1', port: 0 } });
    const result = await reader.command({ command: 'writeEpc', tag: { epc }, epc: renamed });
    expect(result).toMatchObject({ outcome: 'done', epc: renamed });
    await eventually(() => expect(reads.at(-1)?.epc).toBe(renamed));
  },
);

test('passwords are set and a tag is locked over a real pty', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'silentgate-commands-'));
  closing.push(() => rm(folder, { recursive: true }));
  const path = join(folder, 'tty');
  const { reader, reads } = await onLine('magicrf/m100', { pty: { path } });
  expect(existsSync(path)).toBe(true);
  const tag = { epc };
  const set = await reader.command({ command: 'setPasswords', tag, access: '12345678' });
  expect(set).toMatchObject({ outcome: 'done' });
  const lock = await reader.command({ command: 'lock', tag, password: '12345678', lock: { epc: 'lock' } });
  expect(lock).toMatchObject({ outcome: 'done' });
  const refused = await reader.command({ command: 'writeEpc', tag, epc: renamed });
  expect(refused).toMatchObject({ outcome: 'failed', error: 'locked' });
  const from = reads.length;
  await eventually(() => expect(reads.length).toBeGreaterThan(from + 5));
});
