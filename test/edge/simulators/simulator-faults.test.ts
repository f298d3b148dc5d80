import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../../src/profiles/index.ts';
import type { ByteProfile } from '../../../src/protocols/vocabulary/byte-profile.ts';
import type { LineProfile } from '../../../src/protocols/vocabulary/line-profile.ts';
import type { Reader } from '../../../src/readers/index.ts';
import { createByteSimulator } from '../../../src/simulators/byte-simulator.ts';
import { checkFaults, playFaults, skewed } from '../../../src/simulators/faults.ts';
import { idsOf, scene } from '../../fakes/family-scene.ts';
import { type ManualClock, manualClock } from '../../fakes/manual-clock.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]).all();
const wired = profiles.filter((one): one is ByteProfile | LineProfile => one.kind === 'bytes' || one.kind === 'lines');

/** Stopping may wait for an answer, which takes its time. */
async function stopped(reader: Reader, clock: ManualClock): Promise<void> {
  let isStopped = false;
  const stopping = reader.stop().then(() => {
    isStopped = true;
  });
  // One answer that does not come is asked for once more.
  for (let seconds = 0; seconds < 6 && !isStopped; seconds++) await clock.advance(1_000);
  expect(isStopped).toBe(true);
  await stopping;
}

describe.each(wired.map((profile) => ({ id: profile.id, profile })))('$id', ({ profile }) => {
  const idle = 3 * Math.min(10_000, profile.session.silenceMs);

  test('is set up and read again after it began anew', async () => {
    const { clock, device, reads, reader } = scene(profile);
    reader.start();
    await clock.advance(6_000);
    device.restart?.();
    await clock.advance(100);
    const before = reads.length;
    await clock.advance(500);
    expect(reads).toHaveLength(before);
    await clock.advance(idle + 10_000);
    expect(reads.length).toBeGreaterThan(before + 20);
    expect(new Set(reads.map(({ epc }) => epc))).toEqual(new Set(idsOf(profile)));
    await stopped(reader, clock);
  });

  test('that is slow to answer is waited for', async () => {
    const { clock, reads, reader } = scene(profile, {}, ['1'], 50, { answerAfterMs: 120 });
    reader.start();
    await clock.advance(20_000);
    expect(reads.length).toBeGreaterThan(20);
    expect(reader.status().warnings).toEqual({});
    await stopped(reader, clock);
  });

  test('that hangs again and again goes on each time', async () => {
    const { clock, device, reads, reader } = scene(profile);
    const end = playFaults(device, { hang: { everyMs: idle + 20_000, forMs: 3_000 } }, clock);
    reader.start();
    const counts: number[] = [];
    for (let i = 0; i < 3; i++) {
      await clock.advance(idle + 20_000);
      counts.push(reads.length);
    }
    end();
    expect(counts[0]).toBeGreaterThan(0);
    for (const [i, count] of counts.entries()) expect(count).toBeGreaterThan((counts[i - 1] ?? 0) + 100);
    await stopped(reader, clock);
  });
});

test('a module that says that it began anew is set up at once, not after a silence', async () => {
  const m6e = wired.find(({ id }) => id === 'thingmagic/m6e');
  const { clock, device, reads, reader } = scene(m6e ?? (wired[0] as ByteProfile));
  reader.start();
  await clock.advance(5_000);
  device.restart?.();
  await clock.advance(800);
  const before = reads.length;
  await clock.advance(2_500);
  expect(reads.length).toBeGreaterThan(before);
  expect(reader.status().warnings).toEqual({ READER_REBOOTED: 1 });
  await stopped(reader, clock);
});

test('the first command after sleep is lost, and the set-up succeeds all the same', async () => {
  const m100 = wired.find(({ id }) => id === 'magicrf/m100');
  const { clock, device, reads, reader } = scene(m100 ?? (wired[0] as ByteProfile));
  device.setSilent(true);
  reader.start();
  await clock.advance(200);
  device.setSilent(false);
  await clock.advance(4_000);
  expect(reads.length).toBeGreaterThan(50);
  expect(reader.status().warnings).toEqual({});
  await stopped(reader, clock);
});

describe('a fault', () => {
  test.each([
    ['magicrf/m100', { clockSkewMs: 5_000 }],
    ['tsl/ascii2', { clockSkewMs: 5_000 }],
    ['magicrf/m100', { outage: { everyMs: 60_000, forMs: 5_000 } }],
  ])('that readers of a kind cannot have is refused: %s, %j', (id, faults) => {
    const profile = profiles.find((one) => one.id === id);
    expect(() => checkFaults(profile ?? (wired[0] as ByteProfile), faults)).toThrow(id);
  });

  test('of a clock moves what the reader says of time, not when it acts', async () => {
    const clock = manualClock();
    const wrong = skewed(clock, { clockSkewMs: -3_600_000 });
    expect(clock.now() - wrong.now()).toBe(3_600_000);
    let acted = 0;
    wrong.after(100, () => void acted++);
    await clock.advance(100);
    expect(acted).toBe(1);
    expect(skewed(clock, {})).toBe(clock);
  });

  test('ends with the one who played it', async () => {
    const clock = manualClock();
    const said: boolean[] = [];
    const device = { setSilent: (silent: boolean) => void said.push(silent), restart: () => void said.push(true) };
    const end = playFaults(device, { hang: { everyMs: 100, forMs: 50 }, restartEveryMs: 1_000 }, clock);
    await clock.advance(120);
    end();
    await clock.advance(10_000);
    expect(said).toEqual([true]);
  });
});

test('a simulator that nobody listens to says nothing and does not throw when it begins anew', async () => {
  const clock = manualClock();
  const profile = wired.find(({ id }) => id === 'thingmagic/m6e') as ByteProfile;
  const device = createByteSimulator(profile, { tags: [], rate: 10, clock, random: () => 0.5 });
  device.restart?.();
  await clock.advance(2_000);
  expect(device.counts()).toEqual({ reports: 0, commands: 0 });
  device.stop();
});
