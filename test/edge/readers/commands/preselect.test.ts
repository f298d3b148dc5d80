import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { byteProfileProblems } from '../../../../src/profiles/byte-rules.ts';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import type { ByteProfile } from '../../../../src/protocols/vocabulary/byte-profile.ts';
import type { Operation } from '../../../../src/protocols/vocabulary/operations.ts';
import { createTagAccess } from '../../../../src/readers/bytes/tag-access.ts';
import type { ReaderCommand } from '../../../../src/readers/commands/command.ts';
import { commandScene, neighbour, wanted } from '../../../fakes/command-scene.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../../firmware-profiles')]);

function bytes(id: string): ByteProfile {
  const profile = profiles.get(id);
  if (profile.kind !== 'bytes') throw new Error(`${id} speaks no bytes`);
  return profile;
}

const tid = 'E282403D0000000012345678';
const measure = { bank: 'user', bit: 0xe0, bits: 0 } as const;
/** Moisture, on-chip RSSI and temperature of a Magnus S3, in reserved words Ch to Eh once it has measured. */
const sensor = { select: measure, word: 0xc, codes: '00C8000C08D0' };
const calibration = 'C60390689B3E5604';

const magnusS3 = (epc: string, own = tid) => ({
  epc,
  antenna: 1,
  rssi: -50,
  chip: { tid: own, reservedWords: 15, sensor },
});

async function started(id: string, tags: readonly ReturnType<typeof magnusS3>[]) {
  const scene = commandScene(bytes(id), { tags });
  for (const { memory } of scene.device.present()) memory.write('user', 8, calibration, null);
  scene.reader.start();
  await scene.clock.advance(3_000);
  scene.line.written.length = 0;
  return scene;
}

const readSensor = (tag: { epc: string } | { tid: string }): ReaderCommand => ({ command: 'readSensor', tag });

describe.each(['magicrf/m100', 'magicrf/r200'])('a Magnus S3 before %s', (id) => {
  test.each([
    ['EPC', { epc: wanted }],
    ['TID', { tid }],
  ])('that is held by its %s measures, and its temperature is told', async (_by, tag) => {
    const { run, clock, reads } = await started(id, [magnusS3(wanted)]);
    expect(await run(readSensor(tag))).toMatchObject({
      outcome: 'done',
      fields: { chip: 'Magnus S3', samples: 5, temperatureCelsius: 23.05, moistureCode: 200, onChipRssi: 12 },
    });
    const from = reads.length;
    await clock.advance(2_000);
    expect(reads.length).toBeGreaterThan(from);
  });

  test('shows nothing to a read without that Select', async () => {
    const { run } = await started(id, [magnusS3(wanted)]);
    const plain = { command: 'readMemory', tag: { epc: wanted }, bank: 'reserved', word: 0xc, words: 3 } as const;
    expect(await run(plain)).toMatchObject({ outcome: 'done', data: '000000000000' });
  });

  test('with another tag beside it is severalTags, and no temperature is told of either', async () => {
    const { run } = await started(id, [magnusS3(wanted), magnusS3(neighbour, 'E282403D0000000087654321')]);
    for (const tag of [{ epc: wanted }, { tid }]) {
      const result = await run(readSensor(tag));
      expect(result).toMatchObject({ outcome: 'failed', error: 'severalTags', fields: {} });
    }
  });
});

test('the Select of no bits is sent as M100 takes it, before each read of the codes', async () => {
  const { run, line } = await started('magicrf/m100', [magnusS3(wanted)]);
  await run({ command: 'readSensor', tag: { epc: wanted }, samples: 2 });
  const select = 'BB000C000703000000E00000F67E';
  const read = 'BB003900090000000000000C0003517E';
  const sent = line.written.filter((frame) => frame.startsWith('BB000C0007') || frame === read);
  expect(sent).toEqual([select, read, select, read]);
});

test('a reader whose answers do not name the tag refuses in words', async () => {
  const { run } = await started('thingmagic/m6e', [magnusS3(wanted)]);
  expect(await run(readSensor({ epc: wanted }))).toMatchObject({
    outcome: 'failed',
    error: 'unsupported',
    message: expect.stringContaining('Select'),
  });
});

describe('a profile that offers such a Select', () => {
  const m100 = bytes('magicrf/m100');
  const { readMemory, ...others } = m100.commands;
  const access = m100.access ?? { mostWords: 1 };
  const nameless = { ...readMemory, answer: { ...readMemory?.answer, fields: [{ name: 'memory', type: 'hex' }] } };

  test.each([
    ['whose answers do not name the tag', { ...m100, commands: { ...others, readMemory: nameless } }, 'has the EPC'],
    ['that cannot mask the user bank', { ...m100, access: { ...access, banks: { epc: 1, tid: 2 } } }, 'user bank'],
    ['by a command that it has not', { ...m100, access: { ...access, preselect: ['reboot'] } }, 'an operation'],
  ])('%s is refused', (_name, profile, allowed) => {
    expect(byteProfileProblems(m100)).toEqual([]);
    expect(byteProfileProblems(profile as ByteProfile)).toEqual([
      { pointer: '/access/preselect', found: expect.anything(), allowed: expect.stringContaining(allowed) },
    ]);
  });
});

/** The steps of tag access on a line whose tag always answers, with what was sent when. */
function heldBench() {
  const clock = manualClock();
  const sent: { operation: Operation; at: number; maskBank: number | undefined }[] = [];
  const ask = (operation: Operation, values: { maskBank?: number } = {}) => {
    sent.push({ operation, at: clock.now(), maskBank: values.maskBank });
    const fields = { epc: wanted, memory: '0000' };
    return Promise.resolve({ command: operation, ok: true, error: null, routine: false, fields });
  };
  const census = { take: () => Promise.resolve(null), heard: () => undefined, reads: () => undefined };
  const talk = { ask } as unknown as Parameters<typeof createTagAccess>[0]['talk'];
  const access = createTagAccess({ profile: bytes('magicrf/m100'), talk, census, clock, antennas: () => [1] });
  access.begin(new AbortController().signal);
  return { access, clock, sent };
}

describe('a read that wants a Select of its own', () => {
  const target = { tag: { epc: wanted }, antenna: null, password: null };
  const preselect = { ...measure, mask: '', waitMs: 3 };

  test('comes after the wait, and the next step holds its tag anew', async () => {
    const { access, clock, sent } = heldBench();
    const reading = access.read(target, 'reserved', 0xc, 1, preselect);
    for (let ms = 0; ms < 10; ms++) await clock.advance(1);
    expect(await reading).toEqual({ ok: true, value: '0000' });
    expect(sent.map(({ operation }) => operation)).toEqual([
      'select',
      'filterMode',
      'select',
      'selectMode',
      'readMemory',
    ]);
    expect(sent.map(({ maskBank }) => maskBank)).toEqual([1, 1, 3, 3, 3]);
    expect((sent[4]?.at ?? 0) - (sent[3]?.at ?? 0)).toBe(3);
    await access.write(target, 'user', 0, 'CAFE');
    const after = sent.slice(5).map(({ operation, maskBank }) => [operation, maskBank]);
    expect(after).toEqual([
      ['select', 1],
      ['filterMode', 1],
      ['writeMemory', 1],
    ]);
  });

  test('is not made of a tag that is held by its TID and has told no name', async () => {
    const { access, sent } = heldBench();
    const byTid = { ...target, tag: { tid } };
    expect(await access.read(byTid, 'reserved', 0xc, 1, preselect)).toMatchObject({ ok: false, error: 'noTag' });
    expect(sent.map(({ operation }) => operation)).not.toContain('readMemory');
  });
});
