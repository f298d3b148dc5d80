import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read, told } from '../../fakes/told.ts';
import { be16, bytesOf, hexOf, prime } from '../../fakes/wire.ts';

/** Reports of the families that people brought along, made by hand from their manuals and drivers. */
const words = (from: number, to: number) =>
  fc
    .integer({ min: from, max: to })
    .chain((count) => fc.uint8Array({ minLength: count * 2, maxLength: count * 2 }))
    .map((bytes) => hexOf(bytes));
const byte = fc.integer({ min: 0, max: 255 });
const tenths = fc.integer({ min: -1_200, max: -1 });

describe('a Prime inventory answer', () => {
  test('gives EPC, antenna and RSSI to a tenth of a dBm, whatever address and channel', () => {
    const port = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(words(1, 31), tenths, port, byte, byte, (epc, rssi, antenna, channel, address) => {
        const data = [0, ...be16(rssi), antenna, channel, epc.length / 2, ...bytesOf(epc)];
        expect(told('chafon/prime', prime(address, 1, data))).toEqual([read({ epc, rssi: rssi / 10, antenna })]);
      }),
    );
  });

  test('that ends before its EPC does, or after, is damage', () => {
    fc.assert(
      fc.property(words(1, 31), fc.constantFrom(-1, 1), (epc, off) => {
        const data = [0, ...be16(-500), 1, 0, epc.length / 2 + off, ...bytesOf(epc)];
        expect(told('chafon/prime', prime(0, 1, data))).toMatchObject([{ kind: 'bad' }]);
      }),
    );
  });
});
