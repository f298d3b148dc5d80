import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read, told } from '../../fakes/told.ts';
import { be16, bytesOf, chainway, hexOf, pcEpc, prime } from '../../fakes/wire.ts';

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

describe('a Chainway record', () => {
  const heads = fc.constantFrom([0xa5, 0x5a], [0xc8, 0x8c]);
  const port = fc.integer({ min: 1, max: 16 });

  test('gives PC, EPC, RSSI to a tenth of a dBm and antenna, under either header', () => {
    fc.assert(
      fc.property(words(1, 31), tenths, port, heads, (epc, rssi, antenna, head) => {
        const record = [...pcEpc(epc), ...be16(rssi), antenna];
        const wanted = read({ epc, pc: hexOf(pcEpc(epc).slice(0, 2)), rssi: rssi / 10, antenna });
        expect(told('chainway/ur4', chainway(0x83, record, head))).toEqual([wanted]);
        expect(told('chainway/ur4', chainway(0x81, record, head))).toEqual([wanted]);
      }),
    );
  });

  test('has the TID, and passes over what stands behind it', () => {
    const tid = 'E2801170200011CD615C0B20';
    fc.assert(
      fc.property(words(1, 31), fc.oneof(fc.constant(''), words(1, 8)), (epc, user) => {
        const record = [...pcEpc(epc), ...bytesOf(tid + user), ...be16(-591), 2];
        expect(told('chainway/ur4', chainway(0x83, record))).toMatchObject([{ kind: 'read', epc, tid, rssi: -59.1 }]);
      }),
    );
  });

  test('of an older module says its RSSI in one byte', () => {
    fc.assert(
      fc.property(words(1, 8), fc.integer({ min: -128, max: -1 }), (epc, rssi) => {
        const record = [...pcEpc(epc), 0, rssi & 0xff, 1];
        expect(told('chainway/ur4', chainway(0x83, record))).toMatchObject([{ kind: 'read', epc, rssi }]);
      }),
    );
  });

  test('that is shorter than its PC says is damage', () => {
    const record = [...pcEpc('E28011606000'), ...be16(-591), 2].slice(0, -1);
    expect(told('chainway/ur4', chainway(0x83, record))).toMatchObject([{ kind: 'bad' }]);
  });
});
