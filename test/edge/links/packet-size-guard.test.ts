import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPacketSizeGuard } from '../../../src/links/packet-size-guard.ts';

const limit = 300;

/** A packet whose remaining length is `length`, encoded as MQTT 3.1.1, 2.2.3 says. */
function packetOf(length: number): Buffer {
  const digits = length < 128 ? [length] : [(length % 128) | 0x80, Math.floor(length / 128)];
  return Buffer.concat([Buffer.from([0x30, ...digits]), Buffer.alloc(length, 0xff)]);
}

/** Feeds the bytes cut at the given places; true when all were accepted. */
function accepts(bytes: Buffer, cuts: readonly number[]): boolean {
  const guard = createPacketSizeGuard(limit);
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).every((end, index) => guard(bytes.subarray(edges[index], end)));
}

test('packets up to the limit pass and longer ones do not, however the stream is cut', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 2 * limit }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lengths, fc.array(fc.nat(4000), { maxLength: 12 }), (sizes, cuts) => {
      const stream = Buffer.concat(sizes.map(packetOf));
      expect(accepts(stream, cuts)).toBe(sizes.every((size) => size <= limit));
    }),
  );
});

test('a length of more than four bytes is no MQTT', () => {
  expect(createPacketSizeGuard(limit)(Uint8Array.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]))).toBe(false);
});
