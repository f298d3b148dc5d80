import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Log } from '../../../src/kit/index.ts';
import { loadProfiles, openDecoder, type Profile } from '../../../src/profiles/index.ts';
import type { ByteProfile } from '../../../src/protocols/vocabulary/byte-profile.ts';
import type { LineProfile } from '../../../src/protocols/vocabulary/line-profile.ts';
import { openByteReader } from '../../../src/readers/bytes/byte-reader.ts';
import { openLineReader } from '../../../src/readers/lines/line-reader.ts';
import { createByteSimulator } from '../../../src/simulators/byte-simulator.ts';
import { createLineSimulator } from '../../../src/simulators/line-simulator.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { type ReadBatch, readsOf, type TagRead } from '../../../src/tags/index.ts';
import { keptLog, type Logged } from '../../fakes/command-scene.ts';
import { idsOf } from '../../fakes/family-scene.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { memoryLine } from '../../fakes/memory-line.ts';

const all = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]).all();

/** Each profile whose reader is asked something but for reads: one that is asked for nothing else answers with them. */
const asked = all.filter(
  (one): one is ByteProfile | LineProfile =>
    (one.kind === 'bytes' && one.session.style !== 'listen' && one.commands.identify !== undefined) ||
    (one.kind === 'lines' && one.session.poll !== undefined),
);

/** The bytes of one report by the profile's own captures. */
function reportOf(profile: Profile): Buffer {
  if (profile.kind !== 'bytes' && profile.kind !== 'lines') throw new Error('has no bytes');
  const own = profile.captures.find(({ expect }) => expect.some(({ kind }) => kind === 'read'));
  if (own === undefined) throw new Error(`${profile.id} has no report`);
  return Buffer.from(own.hex.replaceAll(' ', ''), 'hex');
}

/** The antenna that a report names; 1 where it names none. */
function antennaOf(profile: Profile, report: Buffer): string {
  return String(openDecoder(profile).push(report)[0]?.['antenna'] ?? 1);
}

/** A reader whose receive line can be cut: then it hears nothing, and sends a report every `everyMs`. */
function scene(profile: ByteProfile | LineProfile, everyMs = 1_000) {
  const clock = manualClock();
  const tags = idsOf(profile).map((epc) => ({ epc, antenna: 1, rssi: -50 }));
  const behaviour = { tags, rate: 20, clock, random: () => 0.5 };
  const device =
    profile.kind === 'bytes' ? createByteSimulator(profile, behaviour) : createLineSimulator(profile, behaviour);
  const state = { isCut: true };
  const line = memoryLine(
    {
      connect: device.connect,
      disconnect: device.disconnect,
      receive: (bytes) => (state.isCut ? undefined : device.receive(bytes)),
    },
    clock.now,
  );
  const report = reportOf(profile);
  const sending = clock.every(everyMs, () => (state.isCut ? line.say(report) : undefined));
  const reads: TagRead[] = [];
  const lines: Logged[] = [];
  const log: Log = keptLog(lines);
  const config = {
    id: 'one',
    profile: profile.id,
    link: { serial: { path: '/dev/ttyUSB0' } },
    antennas: { [antennaOf(profile, report)]: 'desk' },
  };
  const shared = {
    config,
    openBytes: line.open,
    clock,
    log,
    onReads: async (batch: ReadBatch) => void reads.push(...readsOf(batch)),
  };
  const reader =
    profile.kind === 'bytes'
      ? openByteReader({ supervise: createSupervision, ...shared, profile })
      : openLineReader({ supervise: createSupervision, ...shared, profile });
  const found = () => reader.status().findings.map(({ code }) => code);
  const stopSending = () => sending.cancel();
  return { clock, line, lines, reads, reader, found, state, stopSending };
}

describe.each(asked.map((profile) => ({ id: profile.id, profile })))('a $id that only sends', ({ profile }) => {
  test('is read, has one finding and one line in the log, and its port stays open', async () => {
    const { clock, line, lines, reads, reader, found } = scene(profile);
    reader.start();
    await clock.advance(60_000);
    expect(found()).toEqual(['READER_ONLY_SENDS']);
    await clock.advance(1_200_000);
    expect(reads.length).toBeGreaterThanOrEqual(1_200);
    expect(line.opens()).toBe(1);
    expect(found()).toEqual(['READER_ONLY_SENDS']);
    expect(reader.status()).toMatchObject({ session: { state: 'running', problem: null }, warnings: {}, rejected: {} });
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  test('that hears again is set up and read like any other, and the finding goes', async () => {
    const { clock, lines, reads, reader, found, state } = scene(profile);
    reader.start();
    await clock.advance(60_000);
    state.isCut = false;
    await clock.advance(150_000);
    const before = reads.length;
    await clock.advance(10_000);
    expect(reads.length).toBeGreaterThan(before);
    expect(found()).toEqual(['READER_OK']);
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });
});

const nano = asked.find(({ id }) => id === 'thingmagic/nano');
if (nano === undefined) throw new Error('needs the Nano');

test('a reader that falls silent for good is one that does not answer, and its port is opened anew', async () => {
  const { clock, line, lines, reader, found, stopSending } = scene(nano);
  reader.start();
  await clock.advance(60_000);
  stopSending();
  await clock.advance(5 * 60_000);
  expect(line.opens()).toBe(1);
  await clock.advance(15 * 60_000);
  expect(found()).toEqual(['READER_NO_ANSWER']);
  expect(line.opens()).toBeGreaterThan(1);
  expect(lines.filter(({ level }) => level === 'warn').length).toBeLessThanOrEqual(3);
});

test('a desk whose reader only sends, and seldom, is not opened anew between two cards', async () => {
  const { clock, line, reads, reader, found } = scene(nano, 120_000);
  reader.start();
  await clock.advance(3_600_000);
  expect(reads.length).toBeGreaterThanOrEqual(29);
  expect(found()).toEqual(['READER_ONLY_SENDS']);
  const opened = line.opens();
  await clock.advance(3_600_000);
  expect(line.opens()).toBe(opened);
});

test('a reader that answers and reads is never said to only send', async () => {
  for (const profile of asked) {
    const { clock, reader, found, state } = scene(profile);
    state.isCut = false;
    reader.start();
    for (let minute = 0; minute < 3; minute++) {
      await clock.advance(60_000);
      expect({ id: profile.id, found: found() }).toEqual({ id: profile.id, found: ['READER_OK'] });
    }
  }
});
