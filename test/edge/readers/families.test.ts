import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../../src/profiles/index.ts';
import type { ByteProfile } from '../../../src/protocols/vocabulary/byte-profile.ts';
import type { LineProfile } from '../../../src/protocols/vocabulary/line-profile.ts';
import { idsOf, scene } from '../../fakes/family-scene.ts';

/** Each family's own simulator takes the reader through its life, in virtual time. */
const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]).all();
const wired = profiles.filter((one): one is ByteProfile | LineProfile => one.kind === 'bytes' || one.kind === 'lines');

/** A reader whose radio answers only now and then. */
const slow = { 'nxp/pn532': 9, 'gwiot/7941w': 9 } as Readonly<Record<string, number>>;

describe.each(wired.map((profile) => ({ id: profile.id, profile })))('$id', ({ profile }) => {
  const rateOf = slow[profile.id] ?? 30;
  const idle = 3 * profile.session.silenceMs;

  test('is identified, set up and read, and every read is one of the tags in the field', async () => {
    const { clock, reads, reader, line } = scene(profile);
    reader.start();
    await clock.advance(10_000);
    const status = reader.status();
    expect(status.rejected).toEqual({});
    expect(status.warnings).toEqual({});
    expect(status.lastEvent).toBe(profile.session.silenceMs === 60_000 ? 'listening' : 'inventory started');
    expect(reads.length).toBeGreaterThan(rateOf * 2);
    expect(new Set(reads.map(({ epc }) => epc))).toEqual(new Set(idsOf(profile)));
    expect(reads.every(({ antenna, count }) => antenna === 1 && count === 1)).toBe(true);
    if (line.written.length === 0) expect(status.identity).toBeNull();
    await reader.stop();
  });

  test('ten minutes on a bad line: damage is counted, whatever is read is right', async () => {
    const { clock, device, reads, reader } = scene(profile, { garbage: 0.03, drop: 0.01, checksum: 0.01 });
    reader.start();
    await clock.advance(600_000);
    const right = reads.filter(({ epc }) => idsOf(profile).includes(epc));
    // Text has no check, and a family of bytes has none either: a damaged tag can pass for another.
    if (profile.kind === 'bytes' && profile.framing.some(({ checks }) => checks.length > 0))
      expect(reads.length - right.length).toBeLessThanOrEqual(reads.length / 2_000);
    expect(right.length).toBeGreaterThan(device.counts().reports * (profile.kind === 'bytes' ? 0.9 : 0.8));
    expect(Object.keys(reader.status().rejected).length).toBeGreaterThan(0);
    await reader.stop();
  });

  test('it is read again after it was unplugged, and after it hung', async () => {
    const { clock, device, line, reads, reader } = scene(profile);
    reader.start();
    await clock.advance(8_000);
    line.unplug();
    await clock.advance(5_000);
    const before = reads.length;
    line.plug();
    await clock.advance(12_000);
    expect(reads.length).toBeGreaterThan(before + rateOf);
    device.setSilent(true);
    await clock.advance(idle);
    const hung = reads.length;
    device.setSilent(false);
    await clock.advance(idle + 30_000);
    expect(reads.length).toBeGreaterThan(hung + rateOf);
    await reader.stop();
  });

  test('an empty field is no fault and nothing is read in it', async () => {
    const { clock, device, reads, reader } = scene(profile);
    device.setTags([]);
    reader.start();
    await clock.advance(60_000);
    expect(reads).toEqual([]);
    expect(reader.status().rejected).toEqual({});
    expect(reader.status().warnings).toEqual({});
    await reader.stop();
  });

  test('after stop nothing is written and nothing is read', async () => {
    const { clock, line, reads, reader } = scene(profile);
    reader.start();
    await clock.advance(8_000);
    const stopping = reader.stop();
    await clock.advance(3_000);
    await stopping;
    const { length } = line.written;
    const count = reads.length;
    await clock.advance(60_000);
    expect(line.written).toHaveLength(length);
    expect(reads).toHaveLength(count);
  });
});
