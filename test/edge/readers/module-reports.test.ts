import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read, told } from '../../fakes/told.ts';
import { a0, type Bytes, be16, bytesOf, hexOf, le16, le32, module5a, nur, pcEpc, swct } from '../../fakes/wire.ts';

/** Reports of every variant that the protocol reference describes, made by hand and not by the code under test. */
const words = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).chain((count) => fc.uint8Array({ minLength: count * 2, maxLength: count * 2 }));
const epcs = words(1, 31).map((bytes) => hexOf(bytes));
const dbm = fc.integer({ min: -110, max: 0 });

describe('an R2000 report', () => {
  const frequencyOf = (index: number) =>
    index < 7 ? 865_000 + 500 * index : index < 60 ? 902_000 + 500 * (index - 7) : null;
  const tag = fc.record({
    command: fc.constantFrom(0x89, 0x8a, 0x8b),
    index: fc.integer({ min: 0, max: 63 }),
    antenna: fc.integer({ min: 1, max: 8 }),
    raw: fc.integer({ min: 0, max: 127 }),
    epc: epcs,
    phase: fc.option(be16Arbitrary()),
    address: fc.constantFrom(1, 0, 0x0f, 0xff),
  });
  function be16Arbitrary() {
    return fc.integer({ min: 0, max: 0xffff });
  }

  test('gives frequency, antenna of both groups and dBm, with and without phase', () => {
    fc.assert(
      fc.property(tag, ({ command, index, antenna, raw, epc, phase, address }) => {
        const tail = phase === null || command === 0x89 ? [] : be16(phase);
        const group = antenna > 4 ? 0x80 : 0;
        const data = [(index << 2) | ((antenna - 1) & 3), ...pcEpc(epc), raw | group, ...tail];
        const wanted = {
          epc,
          antenna,
          rssi: raw - 129,
          frequencyKhz: frequencyOf(index),
          pc: hexOf(pcEpc(epc).slice(0, 2)),
        };
        expect(told('r2000/a0', a0(address, command, data))).toEqual([read(wanted)]);
      }),
      { numRuns: 400 },
    );
  });

  test('whose PC does not fit its length is refused: eight bits of sum are little', () => {
    const [, , ...rest] = pcEpc('3034257BF7194E4000001A85');
    for (let count = 0; count < 32; count++) {
      if (count === 6) continue;
      const out = told('r2000/a0', a0(1, 0x89, [0x78, count << 3, 0, ...rest, 0x45]));
      expect(out.map(({ kind }) => kind)).toEqual(['bad']);
    }
  });

  test('is told apart from the end of a round and from a missing antenna', () => {
    expect(told('r2000/a0', a0(1, 0x89, [0, 0, 17, 0, 0, 0, 5]))).toMatchObject([{ name: 'roundEnd' }]);
    expect(told('r2000/a0', a0(1, 0x8b, [0, 0, 17, 0, 0, 0, 5]))).toMatchObject([{ name: 'roundEnd' }]);
    expect(told('r2000/a0', a0(1, 0x8a, [0, 0, 250, 0, 0, 11, 184]))).toMatchObject([{ name: 'roundEnd' }]);
    expect(told('r2000/a0', a0(1, 0x8a, [2, 0x22]))).toMatchObject([{ kind: 'event', name: 'antennaMissing' }]);
  });
});

test('a SW/CT report gives each tag of its list, polled and active', () => {
  const tags = fc.array(fc.record({ epc: epcs, antenna: fc.integer({ min: 1, max: 8 }) }), { maxLength: 6 });
  fc.assert(
    fc.property(tags, (list) => {
      const body = list.flatMap(({ epc, antenna }) => [epc.length / 2 + 3, 1, antenna, ...bytesOf(epc), 0x41]);
      const wanted = list.map((one) => read(one));
      const reads = (frame: Bytes) => told('swct/integrated', frame).filter(({ kind }) => kind !== 'event');
      expect(reads(swct(0, 0x01, 1, [...be16(list.length), ...body]))).toEqual(wanted);
      expect(reads(swct(0, 0x45, 1, [...bytesOf('C4DD938E170123'), list.length, ...body]))).toEqual(wanted);
    }),
  );
});

test('a NUR tag buffer gives every tag with its metadata', () => {
  const tag = fc.record({
    epc: epcs,
    rssi: dbm,
    antenna: fc.integer({ min: 1, max: 8 }),
    khz: fc.integer({ min: 840_000, max: 960_000 }),
  });
  fc.assert(
    fc.property(fc.array(tag, { maxLength: 8 }), (list) => {
      const body = list.flatMap(({ epc, rssi, antenna, khz }) => {
        const pc = [...pcEpc(epc).slice(0, 2)].reverse();
        const block = [rssi & 0xff, 50, ...le16(10), ...le32(khz), ...pc, 3, antenna - 1, ...bytesOf(epc)];
        return [block.length, ...block];
      });
      const out = told('nordicid/nur', nur(0, 0x07, [0, ...body]));
      expect(out.filter(({ kind }) => kind !== 'event')).toEqual(
        list.map(({ khz, ...one }) => read({ ...one, frequencyKhz: khz, pc: hexOf(pcEpc(one.epc).slice(0, 2)) })),
      );
    }),
  );
});

test('a 5A report gives its EPC, PC and antenna, whatever follows', () => {
  fc.assert(
    fc.property(epcs, fc.integer({ min: 1, max: 32 }), fc.uint8Array({ maxLength: 12 }), (epc, antenna, rest) => {
      const data = [...be16(epc.length / 2), ...bytesOf(epc), 0x30, 0, antenna, ...rest];
      const out = told('generic/module-5a', module5a([0, 1, 0x12], 0, data));
      expect(out).toEqual([read({ epc, antenna, pc: '3000' })]);
    }),
  );
});
