import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read, told } from '../../fakes/told.ts';
import { be16, be32, bytesOf, chainway, hexOf, mach1, pcEpc, prime } from '../../fakes/wire.ts';

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

describe('a MACH1 inventory notification of a CS463', () => {
  const TID = 'E2801170200011CD615C0B20';
  const antennas = [1, 2, 4, 8];
  /** Each optional parameter as it stands in the frame, and what it says. */
  const parameters = [
    byte.map((value) => ({ bytes: [1, value], says: {} })),
    fc.constant({ bytes: [2, ...be16(TID.length / 2), ...bytesOf(TID)], says: { tid: TID } }),
    fc.constant({ bytes: [3, 0x12, 0x34], says: {} }),
    fc.nat(3).map((port) => ({ bytes: [4, antennas[port] ?? 0], says: { antenna: port + 1 } })),
    fc.integer({ min: 1, max: 0xffff }).map((count) => ({ bytes: [5, ...be16(count)], says: { count } })),
    fc.constant({ bytes: [6, ...be32(100)], says: {} }),
    fc.constant({ bytes: [8, 1], says: {} }),
  ];

  test('is read with any set of its optional parameters, with a time stamp or without', () => {
    fc.assert(
      fc.property(words(1, 31), fc.tuple(...parameters), fc.nat(127), fc.boolean(), (epc, all, set, stamped) => {
        const has = all.filter((_, i) => (set & (1 << i)) !== 0);
        const pc = pcEpc(epc).slice(0, 2);
        const head = [...be16(epc.length / 2), ...bytesOf(epc), 0, 0xc4, ...pc, 0x69, 0x2c];
        const data = [...head, ...has.flatMap(({ bytes }) => bytes)];
        const frame = stamped ? mach1(0x61, 1, data, [...be32(1_600_000_000), ...be32(5)]) : mach1(0x21, 1, data);
        const says = Object.assign({}, ...has.map(({ says }) => says));
        expect(told('csl/cs463', frame)).toEqual([read({ epc, rssi: -60, pc: hexOf(pc), ...says })]);
      }),
    );
  });
});
