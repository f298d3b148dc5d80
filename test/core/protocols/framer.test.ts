import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadProfiles, openDecoder } from '../../../src/profiles/index.ts';
import { compileCheck } from '../../../src/protocols/bytes/check.ts';
import { framesOf } from '../../fakes/frames.ts';

const root = join(import.meta.dirname, '../../..');
const profile = loadProfiles([join(root, 'firmware-profiles')]).get('magicrf/m100');
const captures = readdirSync(join(root, 'test/captures/magicrf-m100'))
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const path = join(root, 'test/captures/magicrf-m100', file);
    const data = JSON.parse(readFileSync(path, 'utf8'));
    return { name: file, bytes: hex(readFileSync(path.replace(/json$/, 'hex'), 'latin1').trim()), ...data };
  });
const fromReader = captures.filter(({ direction }) => direction === 'fromReader');
const goodFrames: string[] = fromReader.flatMap(({ frames }) => frames);

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

const cut = (bytes: Buffer, at: readonly number[]) =>
  [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length));

describe('the framer', () => {
  test.each(captures)(
    'gives the same for $name split at every byte, and byte by byte',
    ({ bytes, direction, ...data }) => {
      const whole = framesOf(profile, direction, [bytes]);
      expect(whole.frames).toEqual(data.frames);
      for (let at = 1; at < bytes.length; at++) expect(framesOf(profile, direction, cut(bytes, [at]))).toEqual(whole);
      expect(
        framesOf(
          profile,
          direction,
          [...bytes].map((byte) => Uint8Array.of(byte)),
        ),
      ).toEqual(whole);
    },
  );

  test('gives the same frames and the same discarded runs for any chunking of any bytes', () => {
    const piece = fc.oneof(
      fc.constantFrom(...goodFrames).map(hex),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom('BB', 'BB02', 'BB022200', 'AA01FF', '7E', 'BB0222FFFF').map(hex),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(400), { maxLength: 30 }), (pieces, cuts) => {
        const bytes = Buffer.concat(pieces);
        const at = [...new Set(cuts.filter((cutAt) => cutAt < bytes.length))].sort((a, b) => a - b);
        const whole = framesOf(profile, 'fromReader', [bytes]);
        expect(framesOf(profile, 'fromReader', cut(bytes, at))).toEqual(whole);
        const total = [...whole.frames, ...whole.discarded].join('').length / 2;
        expect(total).toBe(bytes.length);
      }),
      { numRuns: 500 },
    );
  });

  test('finds every frame between garbage, also when the garbage looks like the head of a frame', () => {
    // Without a byte that could complete a false frame: the sum of a false one would have to be right by chance.
    const garbage = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 0x79 }), { maxLength: 30 }),
      fc.constantFrom([0xbb], [0xbb, 0x02], [0xbb, 0x02, 0x22, 0x00], [0xaa, 0x01], [0xbb, 0x02, 0x22, 0xff, 0xff]),
    );
    const stream = fc.array(fc.tuple(garbage, fc.constantFrom(...goodFrames)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(stream, (parts) => {
        const bytes = Buffer.concat(parts.flatMap(([junk, frame]) => [Buffer.from(junk), hex(frame)]));
        expect(framesOf(profile, 'fromReader', [bytes]).frames).toEqual(parts.map(([, frame]) => frame));
      }),
    );
  });

  test('keeps a truncated frame until the line is idle, then settles it as one run', () => {
    const cutFrame = hex('BB02220011C43000E2000');
    const open = framesOf(profile, 'fromReader', [cutFrame], false);
    expect(open).toMatchObject({ frames: [], discarded: [], pending: true });
    const closed = framesOf(profile, 'fromReader', [cutFrame]);
    expect(closed).toMatchObject({ frames: [], reasons: ['TRUNCATED'], pending: false });
  });

  test('accepts no frame with a wrong check and never throws in 100,000 mutated frames', () => {
    const sum = compileCheck({ algorithm: 'sum8', from: 1, to: -2, at: -2 });
    let seed = 12_345;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const decoder = openDecoder(profile);
    const tally = { accepted: 0, bad: 0 };
    for (let i = 0; i < 100_000; i++) {
      const frame = Uint8Array.from(hex(goodFrames[random(goodFrames.length)] ?? ''));
      for (let n = 1 + random(3); n > 0; n--) frame[random(frame.length)] = random(256);
      for (const text of framesOf(profile, 'fromReader', [frame]).frames) {
        tally.accepted += 1;
        const bytes = hex(text);
        expect(sum.holds(bytes) && [0x7e, 0xdd].includes(bytes.at(-1) ?? 0)).toBe(true);
      }
      tally.bad += [...decoder.push(frame), ...decoder.end()].filter(({ kind }) => kind === 'bad').length;
    }
    expect(tally.accepted).toBeGreaterThan(0);
    expect(tally.bad).toBeGreaterThan(50_000);
  });

  test('holds no more than a frame, however many bytes never make one', () => {
    const heads = Buffer.alloc(1_000_000, hex('BB02220100'));
    const { frames, discarded } = framesOf(profile, 'fromReader', [heads], false);
    expect(frames).toEqual([]);
    expect(heads.length - discarded.join('').length / 2).toBeLessThan(1_024 + 262 + 1);
  });
});

describe('checks', () => {
  const of = (check: Parameters<typeof compileCheck>[0], text: string) => {
    const frame = Uint8Array.from([...Buffer.from(text, 'latin1'), 0, 0]);
    compileCheck(check).write(frame);
    return Buffer.from(frame.subarray(-2)).toString('hex');
  };
  const crc = { algorithm: 'crc16', from: 0, to: -2, at: -2 } as const;
  test.each([
    ['CCITT-FALSE', { ...crc, poly: 0x1021, init: 0xffff }, '29b1'],
    ['GENIBUS, the air interface’s own', { ...crc, poly: 0x1021, init: 0xffff, xorOut: 0xffff }, 'd64e'],
    ['XMODEM', { ...crc, poly: 0x1021, init: 0 }, '31c3'],
    ['MCRF4XX, Chafon’s', { ...crc, poly: 0x1021, init: 0xffff, reflected: true }, '6f91'],
    ['MODBUS, little endian', { ...crc, poly: 0x8005, init: 0xffff, reflected: true, endian: 'little' }, '374b'],
  ] as const)('CRC-16 %s has the catalogue’s value for 123456789', (_name, check, value) => {
    expect(of(check, '123456789')).toBe(value);
  });

  test('the three one-byte sums are those of their names', () => {
    const byte = (algorithm: 'sum8' | 'neg8' | 'xor8') => of({ algorithm, from: 0, to: -2, at: -1 }, 'AB').slice(2);
    expect([byte('sum8'), byte('neg8'), byte('xor8')]).toEqual(['83', '7d', '03']);
  });
});
