import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadProfiles, openDecoder } from '../../../src/profiles/index.ts';
import { createFramer } from '../../../src/protocols/bytes/framer.ts';
import { compileFraming } from '../../../src/protocols/bytes/framing.ts';
import type { ByteProfile } from '../../../src/protocols/vocabulary/byte-profile.ts';
import { framesOf } from '../../fakes/frames.ts';
import { crc8, crc16, crc16FromBelow, crc16Mirrored, hexOf, sum8, xor8 } from '../../fakes/wire.ts';

/** Damaged frames per family; the full count is a million: `FRAMES=1000000 npx vitest run family-framers`. */
const COUNT = Number(process.env['FRAMES'] ?? 20_000);

const root = join(import.meta.dirname, '../../..');
const profiles = loadProfiles([join(root, 'firmware-profiles')]);
const captures = readdirSync(join(root, 'test/captures'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const path = join(root, 'test/captures', file);
    return { file, path, data: JSON.parse(readFileSync(path, 'utf8')) };
  })
  .filter(({ data }) => 'frames' in data)
  .map(({ file, path, data }) => ({
    file,
    bytes: hex(readFileSync(path.replace(/json$/, 'hex'), 'latin1').trim()),
    data,
  }));

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

const be = (frame: Uint8Array) => (frame.at(-2) ?? 0) * 256 + (frame.at(-1) ?? 0);
const le = (frame: Uint8Array) => (frame.at(-1) ?? 0) * 256 + (frame.at(-2) ?? 0);
const last = (frame: Uint8Array, n: number) => frame.at(-n) ?? 0;

/** Whether a frame's check is right, per family. */
const holds: Readonly<Record<string, (frame: Uint8Array) => boolean>> = {
  'magicrf/m100': (f) => sum8(f.subarray(1, -2)) === last(f, 2),
  'thingmagic/m6e': (f) => crc16FromBelow(f.subarray(1, -2)) === be(f),
  'chafon/uhfreader288': (f) => crc16Mirrored(f.subarray(0, -2)) === le(f),
  'chafon/prime': (f) => crc16Mirrored(f.subarray(0, -2)) === be(f),
  'chainway/ur4': (f) => xor8(f.subarray(2, -3)) === last(f, 3) && hexOf(f.subarray(-2)) === '0D0A',
  'csl/cs463': (f) => crc8(f) === 0,
  'feig/obid': (f) => crc16Mirrored(f.subarray(0, -2)) === le(f),
  'feig/obid-standard': (f) => crc16Mirrored(f.subarray(0, -2)) === le(f),
  'feig/lru': (f) => crc16Mirrored(f.subarray(0, -2)) === le(f),
  // No check at all: version, vendor and length are what a frame is known by.
  'caen/easy2read': (f) => /^0001....00005358/.test(hexOf(f)) && (f[8] ?? 0) * 256 + (f[9] ?? 0) === f.length,
  'gwiot/7941e': (f) => xor8(f.subarray(1, -1)) === 0 && last(f, 1) === 3,
  'gwiot/7941w': (f) => xor8(f.subarray(2)) === 0,
  'r2000/a0': (f) => sum8(f) === 0,
  'swct/integrated': (f) => sum8(f) === 0,
  'nordicid/nur': (f) => (xor8(f.subarray(0, 6)) ^ 0xff) === 0 && crc16(f.subarray(6, -2)) === le(f),
  'nxp/pn532': (f) =>
    f.length === 6 || (((f[3] ?? 0) + (f[4] ?? 0)) % 256 === 0 && sum8(f.subarray(5, -1)) === 0 && last(f, 1) === 0),
  'seeed/rdm6300': (f) => xor8(hex(Buffer.from(f.subarray(1, 13)).toString('latin1'))) === 0,
  'innovations/id12': (f) => xor8(hex(Buffer.from(f.subarray(1, 13)).toString('latin1'))) === 0,
  'generic/fdx-b': (f) => xor8(f.subarray(1, 28)) === 0 && ((f[27] ?? 0) ^ (f[28] ?? 0)) === 0xff,
  'generic/module-5a': (f) => crc16(f.subarray(1, -2), 0) === be(f),
};

function familyOf(id: string): string {
  if (id in holds) return id;
  return id.startsWith('chafon') ? 'chafon/uhfreader288' : id.startsWith('magicrf') ? 'magicrf/m100' : 'thingmagic/m6e';
}

const cut = (bytes: Uint8Array, at: readonly number[]) =>
  [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length));

function generator(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('every capture of every family gives the same split at every byte, and byte by byte', () => {
  for (const { bytes, data } of captures) {
    const profile = profiles.get(data.profile);
    const whole = framesOf(profile, data.direction, [bytes]);
    for (let at = 1; at < bytes.length; at++) {
      expect(framesOf(profile, data.direction, cut(bytes, [at]))).toEqual(whole);
    }
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(framesOf(profile, data.direction, single)).toEqual(whole);
  }
  expect(captures.length).toBeGreaterThan(200);
});

describe.each(Object.keys(holds))('%s', (id) => {
  const profile = profiles.get(id) as ByteProfile;
  const good: Buffer[] = captures
    .filter(({ data }) => data.direction === 'fromReader' && familyOf(data.profile) === id)
    .flatMap(({ data }) => data.frames.map(hex));

  test('any chunking of frames, garbage and heads gives the same frames and the same junk, and no byte is lost', () => {
    const head = good[0]?.subarray(0, 4) ?? Buffer.alloc(0);
    const piece = fc.oneof(
      fc.constantFrom(...good),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(head, head.subarray(0, 1), head.subarray(0, 2)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), fc.array(fc.nat(400), { maxLength: 20 }), (pieces, cuts) => {
        const bytes = Buffer.concat(pieces);
        const at = [...new Set(cuts.filter((place) => place < bytes.length))].sort((a, b) => a - b);
        const whole = framesOf(profile, 'fromReader', [bytes]);
        expect(framesOf(profile, 'fromReader', cut(bytes, at))).toEqual(whole);
        expect([...whole.frames, ...whole.discarded].join('').length / 2).toBe(bytes.length);
      }),
      { numRuns: 200 },
    );
  });

  test('frames between garbage are all found', () => {
    // Bytes that no family's frame begins with; as the length of a frame without a start byte they fail its guards.
    const garbage = fc.array(fc.constantFrom(0xf1, 0xf3, 0xf7), { maxLength: 20 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(fc.tuple(garbage, fc.constantFrom(...good)), { minLength: 1, maxLength: 12 }), (parts) => {
        const bytes = Buffer.concat(parts.flat());
        const { frames } = framesOf(profile, 'fromReader', [bytes]);
        expect(frames).toEqual(parts.map(([, frame]) => frame.toString('hex').toUpperCase()));
      }),
      { numRuns: 100 },
    );
  });

  test(`of ${COUNT} damaged frames none with a bad check is accepted, decoding never throws, nothing grows`, () => {
    const random = generator(99);
    const right = holds[id] ?? (() => false);
    const decoder = openDecoder(profile);
    let wrong = 0;
    let largest = 0;
    const framer = createFramer(
      profile.framing.map((framing) => compileFraming(framing, 'fromReader')),
      {
        frame: (frame) => {
          if (!right(frame)) wrong += 1;
        },
        discarded: (bytes) => {
          largest = Math.max(largest, bytes.length);
        },
      },
    );
    for (let i = 0; i < COUNT; i++) {
      const frame = Uint8Array.from(good[random(good.length)] ?? []);
      for (let n = 1 + random(3); n > 0; n--) frame[random(frame.length)] = random(256);
      framer.push(frame);
      if (i % 20 === 0) expect(decoder.push(frame).length).toBeLessThan(200);
    }
    framer.end();
    expect(wrong).toBe(0);
    const most = Math.max(...profile.framing.map(({ maximum }) => maximum));
    expect(largest).toBeLessThanOrEqual(1_024 + most);
  });
});

/** Frames in a megabyte of noise that the reference measured with the check alone [serial.md 0]; plausibility makes them fewer. */
const falseFrames: Readonly<Record<string, number>> = { 'chafon/uhfreader288': 21, 'r2000/a0': 15 };

test.each(Object.keys(holds))(
  'a megabyte of noise gives %s no read, and no more false frames than the reference says',
  (id) => {
    const random = generator(4_711);
    const noise = Uint8Array.from({ length: 1_000_000 }, () => random(256));
    const profile = profiles.get(id);
    const { frames } = framesOf(profile, 'fromReader', [noise]);
    expect(frames.length).toBeLessThanOrEqual(falseFrames[id] ?? 1);
    const decoder = openDecoder(profile);
    const reads = [...decoder.push(noise), ...decoder.end()].filter(({ kind }) => kind === 'read');
    expect(reads).toEqual([]);
  },
);
