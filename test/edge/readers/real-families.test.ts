import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { silentLog, systemClock } from '../../../src/kit/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { openReader } from '../../../src/readers/index.ts';
import { startSimulator } from '../../../src/simulators/index.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../src/tags/index.ts';
import { idsOf } from '../../fakes/family-scene.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]).all();
const wired = profiles.filter(({ kind }) => kind === 'bytes' || kind === 'lines');
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test.each(wired.map((profile) => ({ id: profile.id, profile })))(
  '$id is read over a real TCP line',
  async ({ id, profile }) => {
    const tags = idsOf(profile).map((epc) => ({ epc, antenna: 1, rssi: -50 }));
    const shared = { clock: systemClock, random: Math.random };
    const link = { tcp: { host: '127.0.0.1', port: 0 } };
    const device = await startSimulator({ profile, link, tags, rate: 50, ...shared });
    closing.push(() => device.stop());
    const reads: TagRead[] = [];
    const reader = openReader({
      supervise: createSupervision,
      config: {
        id: 'r1',
        profile: id,
        link: { tcp: { host: '127.0.0.1', port: Number(device.address.split(':')[1]) } },
        antennas: { '1': 'here' },
      },
      profile,
      mqtt: null,
      log: silentLog,
      onReads: async (batch) => void reads.push(...readsOf(batch)),
      ...shared,
    });
    closing.push(() => reader.stop());
    reader.start();
    const end = Date.now() + 20_000;
    while (reads.length < 20 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reads.length).toBeGreaterThanOrEqual(20);
    expect(new Set(reads.map(({ epc }) => epc))).toEqual(new Set(idsOf(profile)));
    expect(reader.status()).toMatchObject({ rejected: {}, warnings: {} });
  },
);
