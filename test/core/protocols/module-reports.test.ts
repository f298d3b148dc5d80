import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read, told } from '../../fakes/told.ts';
import {
  a0,
  type Bytes,
  be16,
  be32,
  bytesOf,
  hexOf,
  le16,
  le32,
  module5a,
  nur,
  pcEpc,
  pcEpcCrc,
  swct,
} from '../../fakes/wire.ts';

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

test('an R2000 buffer answer is a read with antenna, dBm, frequency and count, whichever command fetched it', () => {
  const tag = fc.record({
    command: fc.constantFrom(0x90, 0x91),
    epc: epcs,
    raw: fc.integer({ min: 0, max: 127 }),
    antenna: fc.integer({ min: 1, max: 8 }),
    index: fc.integer({ min: 0, max: 59 }),
    count: fc.integer({ min: 1, max: 255 }),
  });
  fc.assert(
    fc.property(tag, ({ command, epc, raw, antenna, index, count }) => {
      const block = pcEpcCrc(pcEpc(epc));
      const freqAnt = (index << 2) | ((antenna - 1) & 3);
      const data = [0, 1, block.length, ...block, raw | (antenna > 4 ? 0x80 : 0), freqAnt, count];
      const frequencyKhz = index < 7 ? 865_000 + 500 * index : 902_000 + 500 * (index - 7);
      const pc = hexOf(block.slice(0, 2));
      expect(told('r2000/a0', a0(1, command, data))).toEqual([
        read({ epc, pc, rssi: raw - 129, antenna, frequencyKhz, count }),
      ]);
    }),
  );
});

test('a NUR module’s single scan, traced tag and stream are reads, with the TID where data is read along', () => {
  const tag = fc.record({
    epc: epcs,
    rssi: dbm,
    antenna: fc.integer({ min: 1, max: 8 }),
    khz: fc.integer({ min: 840_000, max: 960_000 }),
    tid: fc.option(fc.constantFrom('E28011702000020A7B2C4D5E', 'E2003412')),
  });
  fc.assert(
    fc.property(fc.array(tag, { maxLength: 5 }), tag, fc.boolean(), (list, one, withData) => {
      const { epc, rssi, antenna } = one;
      const scan = nur(0, 0x30, [0, antenna - 1, rssi & 0xff, 50, ...bytesOf(epc)]);
      expect(told('nordicid/nur', scan)).toEqual([read({ epc, rssi, antenna })]);
      const traced = nur(0, 0x38, [0, rssi & 0xff, 50, antenna - 1, ...bytesOf(epc)]);
      expect(told('nordicid/nur', traced)).toEqual([read({ epc, rssi, antenna })]);
      const body = list.flatMap((each) => {
        const pc = [...pcEpc(each.epc).slice(0, 2)].reverse();
        const data = withData ? bytesOf(each.tid ?? '') : [];
        const size = withData ? [data.length] : [];
        const meta = [each.rssi & 0xff, 50, ...le16(10), ...le32(each.khz), ...size, ...pc, 3, each.antenna - 1];
        const block = [...meta, ...bytesOf(each.epc), ...data];
        return [block.length, ...block];
      });
      const flags = withData ? 3 : 1;
      const out = told('nordicid/nur', nur(flags, 0x82, [0, 0, 2, 0, 0, 2, ...body]));
      expect(out.filter(({ kind }) => kind !== 'event')).toEqual(
        list.map(({ khz, tid, ...each }) => {
          const pc = hexOf(pcEpc(each.epc).slice(0, 2));
          return read({ ...each, frequencyKhz: khz, pc, tid: withData ? tid : null });
        }),
      );
    }),
  );
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

test('a 5A report gives its EPC, PC and antenna, whatever follows; TID and frequency where it has them, in any company', () => {
  const parameter = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 1 }).map((raw): [number, Bytes] => [0x01, [...raw]]),
    words(1, 8).map((user): [number, Bytes] => [0x04, [...be16(user.length), ...user]]),
    fc.constant<[number, Bytes]>([0x02, [0]]),
    fc.constant<[number, Bytes]>([0x07, [0x5f, 0x37, 0x59, 0xdf, 0, 0, 3, 0xe8]]),
    fc.constant<[number, Bytes]>([0x09, [0x40]]),
  );
  const khz = fc.option(fc.integer({ min: 840_000, max: 960_000 }));
  const tid = fc.option(words(4, 12).map((bytes) => hexOf(bytes)));
  fc.assert(
    fc.property(
      epcs,
      fc.uniqueArray(parameter, { selector: ([id]) => id }),
      tid,
      khz,
      (epc, others, theTid, theKhz) => {
        const all: [number, Bytes][] = [...others];
        if (theTid !== null) all.push([0x03, [...be16(theTid.length / 2), ...bytesOf(theTid)]]);
        if (theKhz !== null) all.push([0x08, be32(theKhz)]);
        const parameters = all.sort(([a], [b]) => a - b).flatMap(([id, bytes]) => [id, ...bytes]);
        const data = [...be16(epc.length / 2), ...bytesOf(epc), 0x30, 0, 7, ...parameters];
        const out = told('generic/module-5a', module5a([0, 1, 0x12], 0, data));
        expect(out).toEqual([read({ epc, antenna: 7, pc: '3000', tid: theTid, frequencyKhz: theKhz })]);
      },
    ),
  );

  fc.assert(
    fc.property(epcs, fc.integer({ min: 1, max: 32 }), fc.uint8Array({ maxLength: 12 }), (epc, antenna, rest) => {
      const data = [...be16(epc.length / 2), ...bytesOf(epc), 0x30, 0, antenna, ...rest];
      const out = told('generic/module-5a', module5a([0, 1, 0x12], 0, data));
      expect(out).toHaveLength(1);
      expect(out[0]).toMatchObject({ kind: 'read', epc, antenna, pc: '3000' });
    }),
  );
});
