import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacketFilter } from '../../../src/links/packet-filter.ts';
import { besideLane } from '../../../src/links/packet-lane.ts';

const most = 600;

type Sent = { readonly first: number; readonly body: Buffer; readonly taken: boolean };

/** PUBLISH of all lengths around the lane's, and others; the first byte of a body says whether the lane takes it. */
const sent: fc.Arbitrary<Sent> = fc
  .record({
    first: fc.constantFrom(0x30, 0x32, 0x3a, 0x33, 0xc0, 0x82, 0x40),
    size: fc.oneof(fc.nat(140), fc.integer({ min: most - 2, max: most + 2 })),
    taken: fc.boolean(),
  })
  .map(({ first, size, taken }) => ({ first, body: Buffer.alloc(size, taken ? 1 : 2), taken: taken && size > 0 }));

function bytesOf(first: number, body: Uint8Array): Buffer {
  const { length } = body;
  const digits = length < 128 ? [length] : [(length & 127) | 128, length >> 7];
  return Buffer.concat([Buffer.from([first, ...digits]), body]);
}

/** Sends a stream in pieces; what came out, in its order, and how many packets the lane took. */
function run(stream: Buffer, cuts: readonly number[], isFree: () => boolean) {
  const out: Buffer[] = [];
  let taken = 0;
  const lane = {
    most,
    isFree,
    take: (flags: number, body: Buffer): boolean => {
      if (body[0] !== 1) return false;
      taken += 1;
      out.push(bytesOf(0x30 | flags, body));
      return true;
    },
  };
  const filter = besideLane(lane, createPacketFilter({ version: 4 }));
  const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b), stream.length];
  places.slice(1).forEach((end, index) => {
    const passed = filter(stream.subarray(places[index], end));
    if (passed !== null) out.push(Buffer.from(passed));
  });
  return { bytes: Buffer.concat(out), taken, isBetween: filter.isBetween() };
}

describe('beside the lane', () => {
  test('every packet goes one way or the other, whole and in its order, however the stream is cut and whenever the lane is free', () => {
    const cuts = fc.array(fc.nat(20_000), { maxLength: 40 });
    fc.assert(
      fc.property(fc.array(sent, { minLength: 1, maxLength: 12 }), cuts, fc.array(fc.boolean()), (list, at, free) => {
        const stream = Buffer.concat(list.map(({ first, body }) => bytesOf(first, body)));
        const asked = [...free];
        const { bytes, isBetween } = run(stream, at, () => asked.shift() ?? true);
        expect(bytes.equals(stream)).toBe(true);
        expect(isBetween).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('a stream of short messages takes the lane whole, also byte by byte', () => {
    const list = Array.from({ length: 5 }, (_, i) => bytesOf(0x32, Buffer.alloc(100 + i, 1)));
    const stream = Buffer.concat(list);
    const everywhere = Array.from({ length: stream.length }, (_, i) => i);
    for (const cuts of [[], [1, 2, 150], everywhere]) {
      const { bytes, taken } = run(stream, cuts, () => true);
      expect(taken).toBe(5);
      expect(bytes.equals(stream)).toBe(true);
    }
  });

  test('what follows a packet that goes the usual way goes behind it, until the next chunk', () => {
    const first = [
      bytesOf(0x32, Buffer.alloc(9, 1)),
      bytesOf(0xc0, Buffer.alloc(0)),
      bytesOf(0x32, Buffer.alloc(8, 1)),
    ];
    const stream = Buffer.concat([...first, bytesOf(0x32, Buffer.alloc(7, 1))]);
    const { bytes, taken } = run(stream, [Buffer.concat(first).length], () => true);
    expect(taken).toBe(2);
    expect(bytes.equals(stream)).toBe(true);
  });
});
