import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../../src/profiles/index.ts';
import type { ByteProfile } from '../../../src/protocols/vocabulary/byte-profile.ts';
import type { LineProfile } from '../../../src/protocols/vocabulary/line-profile.ts';
import { idsOf, scene } from '../../fakes/family-scene.ts';

/** Minutes of undisturbed reading at the family's highest rate: `MINUTES=10 npx vitest run family-life`. Without, a short time at a part of it. */
const FULL = process.env['MINUTES'];
const MINUTES = Number(FULL ?? 0.3);
const MOST = FULL === undefined ? 100 : Number.POSITIVE_INFINITY;

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]).all();
const lines = profiles.filter((one): one is ByteProfile | LineProfile => one.kind === 'bytes' || one.kind === 'lines');
/** One of each protocol: what models of it differ in is tried elsewhere. */
const wired = [...new Map(lines.map((one) => [protocolOf(one), one] as const)).values()];

function protocolOf(profile: ByteProfile | LineProfile): string {
  const { session } = profile;
  return JSON.stringify(
    profile.kind === 'bytes' ? [profile.framing, profile.reports, session] : [profile.patterns, session],
  );
}

/** Reports that the family's fastest line carries in a second, by the longest of its captures that is one report. */
function highestRate({ port, captures }: ByteProfile | LineProfile): number {
  const sizes = captures
    .filter(({ expect }) => expect.length === 1 && expect[0]?.['kind'] === 'read')
    .map(({ hex }) => hex.replaceAll(' ', '').length / 2);
  return Math.min(MOST, Math.floor(Math.max(...port.baud) / 10 / Math.max(20, ...sizes)));
}

describe.each(wired.map((profile) => ({ id: profile.id, profile })))('$id', ({ profile }) => {
  const rate = highestRate(profile);

  test(`at ${rate} reports a second: set up, read, noise, unplugged, plugged in, begun anew, stopped`, async () => {
    const { clock, device, line, reads, reader } = scene(profile, {}, ['1'], rate);
    const wrong = () => reads.filter(({ epc }) => !idsOf(profile).includes(epc)).length;
    const recovery = 4 * Math.min(10_000, profile.session.silenceMs) + 15_000;
    reader.start();
    await clock.advance(10_000);
    const begun = { reads: reads.length, reports: device.counts().reports };
    await clock.advance(MINUTES * 60_000);
    // What was reported in that time was read, but for what is on its way.
    const reported = device.counts().reports - begun.reports;
    expect(Math.abs(reads.length - begun.reads - reported)).toBeLessThanOrEqual(rate);
    expect(reported).toBeGreaterThan(MINUTES * 60 * 5);
    expect(reader.status()).toMatchObject({ rejected: {}, warnings: {} });
    expect(wrong()).toBe(0);

    device.setNoise({ garbage: 0.05, drop: 0.02, checksum: 0.02 });
    const noisy = reads.length;
    await clock.advance(20_000);
    expect(reads.length).toBeGreaterThan(noisy + 20);
    if (profile.kind === 'bytes') expect(wrong()).toBeLessThanOrEqual(reads.length / 1_000);
    device.setNoise({});

    line.unplug();
    await clock.advance(5_000);
    const unplugged = reads.length;
    await clock.advance(5_000);
    expect(reads).toHaveLength(unplugged);
    line.plug();
    await clock.advance(recovery);
    expect(reads.length).toBeGreaterThan(unplugged + 20);

    device.restart?.();
    await clock.advance(recovery);
    const restarted = reads.length;
    await clock.advance(5_000);
    expect(reads.length).toBeGreaterThan(restarted);

    const stopping = reader.stop();
    await clock.advance(3_000);
    await stopping;
    const stopped = reads.length;
    await clock.advance(30_000);
    expect(reads).toHaveLength(stopped);
  }, 600_000);
});
