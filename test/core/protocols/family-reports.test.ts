import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read, told } from '../../fakes/told.ts';
import {
  type Bytes,
  be16,
  be24,
  be32,
  bytesOf,
  chafon,
  hexOf,
  m100,
  mercury,
  pcEpc,
  pcEpcCrc,
} from '../../fakes/wire.ts';

/** Reports of every variant that the protocol reference describes, made by hand and not by the code under test. */
const words = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).chain((count) => fc.uint8Array({ minLength: count * 2, maxLength: count * 2 }));
const epcs = words(1, 31).map((bytes) => hexOf(bytes));
const byte = fc.integer({ min: 0, max: 255 });
const dbm = fc.integer({ min: -110, max: 0 });
const bit = (flags: number, mask: number) => (flags & mask) !== 0;

describe('a Mercury report', () => {
  const record = fc.record({
    flags: fc.integer({ min: 0, max: 0x1ff }),
    count: byte,
    rssi: dbm,
    port: fc.integer({ min: 0, max: 15 }),
    frequency: fc.integer({ min: 840_000, max: 960_000 }),
    phase: fc.integer({ min: 0, max: 180 }),
    data: fc.oneof(fc.constant(''), words(1, 6).map(hexOf), fc.constant('E28011700000020A7B2C4D5E')),
    epc: words(1, 16).map(hexOf),
    xpc: fc.integer({ min: 0, max: 2 }),
  });
  type Record = typeof record extends fc.Arbitrary<infer T> ? T : never;

  const epcBlock = ({ epc, xpc }: Record): Bytes => {
    const pc = ((epc.length / 4) << 11) | (xpc > 0 ? 0x200 : 0);
    const extra = [[], be16(0x0041), [...be16(0x8041), ...be16(0x1234)]][xpc] ?? [];
    const block = pcEpcCrc([...be16(pc), ...extra, ...bytesOf(epc)]);
    return [...be16(block.length * 8), ...block];
  };
  const metadata = (one: Record, tail = epcBlock(one)): Bytes => {
    const { flags, count, rssi, port, frequency, phase, data } = one;
    const parts: [number, Bytes][] = [
      [0x01, [count]],
      [0x02, [rssi & 0xff]],
      [0x04, [(port << 4) | port]],
      [0x08, be24(frequency)],
      [0x10, be32(123_456)],
      [0x20, be16(phase)],
      [0x40, [5]],
      [0x80, [...be16(data.length * 4), ...bytesOf(data)]],
      [0x100, [0x0f]],
    ];
    return [...parts.flatMap(([mask, bytes]) => (bit(flags, mask) ? bytes : [])), ...tail];
  };
  const expected = (one: Record) => {
    const { flags, port, data, epc, xpc } = one;
    const told = <T>(mask: number, value: T) => (bit(flags, mask) ? value : null);
    return read({
      epc,
      pc: hexOf(be16(((epc.length / 4) << 11) | (xpc > 0 ? 0x200 : 0))),
      count: Math.max(1, told(1, one.count) ?? 1),
      rssi: told(2, one.rssi),
      antenna: told(4, port || 16),
      frequencyKhz: told(8, one.frequency),
      phaseDeg: told(0x20, one.phase),
      tid: told(0x80, /^E[02]/.test(data) ? data : null),
    });
  };

  test('is read with any set of metadata flags, embedded data and extended protocol control', () => {
    fc.assert(
      fc.property(record, fc.integer({ min: 0, max: 0xffff }), (one, search) => {
        const data = [0x10, ...be16(search), ...be16(one.flags), 1, ...metadata(one)];
        expect(told('thingmagic/m6e', mercury(0x22, 0, data))).toEqual([expected(one)]);
      }),
      { numRuns: 400 },
    );
  });

  test('of the tag buffer holds any number of tags', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 3 }), fc.integer({ min: 0, max: 0x1ff }), (many, flags) => {
        const same = many.map((one) => ({ ...one, flags, epc: one.epc.slice(0, 24), data: one.data.slice(0, 24) }));
        const data = [...be16(flags), 0, same.length, ...same.flatMap((one) => metadata(one))];
        fc.pre(data.length <= 248);
        const reads = told('silion/sim', mercury(0x29, 0, data)).filter(({ kind }) => kind === 'read');
        expect(reads).toEqual(same.map(expected));
      }),
      { numRuns: 200 },
    );
  });

  test('of a single read has every metadata flag that was asked for; without metadata only the EPC', () => {
    fc.assert(
      fc.property(record, (one) => {
        const flags = one.flags & 0x1ff;
        const tail = [...bytesOf(one.epc), 0x12, 0x34];
        const data = [0x10, ...be16(flags), ...metadata({ ...one, xpc: 0 }, tail)];
        fc.pre(data.length <= 248);
        const { pc: _none, ...wanted } = expected({ ...one, xpc: 0 });
        expect(told('thingmagic/nano', mercury(0x21, 0, data))).toEqual([{ ...wanted, pc: null }]);
        fc.pre(!/^100[01]/.test(one.epc));
        expect(told('thingmagic/m7e', mercury(0x21, 0, tail))).toEqual([read({ epc: one.epc })]);
      }),
      { numRuns: 400 },
    );
  });

  test('whose tag CRC, PC or length is wrong is bad with its reason, though the frame is whole', () => {
    const head = [0x10, 0, 0x1b, 0, 0, 1];
    const good = pcEpcCrc(pcEpc('3034257BF7194E4000001A85'));
    const frame = (block: Bytes, bits = block.length * 8) => mercury(0x22, 0, [...head, ...be16(bits), ...block]);
    const reason = (bytes: Bytes) => told('thingmagic/m6e', bytes).map((one) => one['reason'] ?? one.kind);
    expect(reason(frame(good))).toEqual(['read']);
    expect(reason(frame([...good.slice(0, -1), (good.at(-1) ?? 0) ^ 1]))).toEqual(['BAD_TAG_CRC']);
    expect(reason(frame(pcEpcCrc([0x28, 0, ...bytesOf('3034257BF7194E4000001A85')])))).toEqual(['PC_LENGTH']);
    expect(reason(frame(pcEpcCrc([0, 0])))).toEqual(['NO_ID']);
    expect(reason(frame(good, 0xffff))).toEqual(['SHORT_REPORT']);
    expect(reason(frame(good, 64))).toEqual(['BAD_TAG_CRC']);
  });
});

test('an M100 notice of any EPC in either framing is read; with another tag CRC it is not', () => {
  fc.assert(
    fc.property(epcs, dbm, fc.constantFrom([0xbb, 0x7e], [0xaa, 0xdd]), byte, (epc, rssi, variant, flip) => {
      const block = pcEpcCrc(pcEpc(epc, 0x400));
      const frame = (bytes: Bytes) => m100(2, 0x22, [rssi & 0xff, ...bytes], variant);
      const pc = hexOf(block.slice(0, 2));
      expect(told('magicrf/m100', frame(block))).toEqual([read({ epc, rssi, pc })]);
      const bad = block.map((one, i) => (i === block.length - 1 ? one ^ (flip || 1) : one));
      expect(told('magicrf/m100', frame(bad))).toMatchObject([{ kind: 'bad', reason: 'BAD_TAG_CRC' }]);
    }),
  );
});

describe('a Chafon inventory answer', () => {
  const tag = fc.record({
    epc: words(1, 12).map(hexOf),
    tid: fc.option(fc.constant('E28011702000020A7B2C4D5E')),
    raw: byte,
  });

  test('of the 288 layout gives antenna, EPC and the appended TID', () => {
    const status = fc.constantFrom(1, 2, 3, 4);
    const port = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(
        status,
        port,
        fc.array(tag, { maxLength: 5 }),
        fc.integer({ min: 0, max: 15 }),
        (code, antenna, tags, adr) => {
          const body = tags.flatMap(({ epc, tid, raw }) => {
            const bytes = bytesOf(epc + (tid ?? ''));
            return [bytes.length | (tid === null ? 0 : 0x80), ...bytes, raw];
          });
          const out = told('chafon/uhfreader288', chafon(adr, 1, [code, 1 << (antenna - 1), tags.length, ...body]));
          expect(out.filter(({ kind }) => kind === 'read')).toEqual(
            tags.map(({ epc, tid }) => read({ epc, tid, antenna })),
          );
          expect(out.filter(({ kind }) => kind === 'bad')).toEqual([]);
        },
      ),
    );
  });

  test('of a single tag, or out of the buffer with its count, is a read as well', () => {
    const port = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(port, fc.array(fc.tuple(tag, byte), { maxLength: 5 }), (antenna, tags) => {
        const one = ({ epc, tid, raw }: (typeof tags)[number][0]) => {
          const bytes = bytesOf(epc + (tid ?? ''));
          return [bytes.length | (tid === null ? 0 : 0x80), ...bytes, raw];
        };
        const mask = 1 << (antenna - 1);
        const buffered = tags.flatMap(([each, count]) => [mask, ...one(each), count]);
        const out = told('chafon/uhfreader288', chafon(0, 0x72, [1, tags.length, ...buffered]));
        expect(out.filter(({ kind }) => kind !== 'event')).toEqual(
          tags.map(([{ epc, tid }, count]) => read({ epc, tid, antenna, count: Math.max(1, count) })),
        );
        for (const [each] of tags) {
          const single = told('chafon/uhfreader288', chafon(0, 0x0f, [1, mask, 1, ...one(each)]));
          expect(single).toEqual([read({ epc: each.epc, tid: each.tid, antenna })]);
          const eighteen = [1, 1, each.epc.length / 2, ...bytesOf(each.epc)];
          expect(told('chafon/uhfreader18', chafon(0, 0x0f, eighteen))).toEqual([read({ epc: each.epc })]);
        }
      }),
    );
  });

  test('of the Reader18 layout gives the EPCs', () => {
    fc.assert(
      fc.property(fc.array(epcs, { maxLength: 3 }), (ids) => {
        const body = ids.flatMap((epc) => [epc.length / 2, ...bytesOf(epc)]);
        const out = told('chafon/uhfreader18', chafon(0, 1, [3, ids.length, ...body]));
        expect(out.filter(({ kind }) => kind !== 'event')).toEqual(ids.map((epc) => read({ epc })));
      }),
    );
  });

  test('in real time gives the same, and its heartbeat is no read', () => {
    fc.assert(
      fc.property(words(1, 12).map(hexOf), fc.integer({ min: 1, max: 4 }), (epc, antenna) => {
        const one = chafon(0, 0xee, [0, 1 << (antenna - 1), epc.length / 2, ...bytesOf(epc), 0x58]);
        expect(told('chafon/uhfreader288', one)).toEqual([read({ epc, antenna })]);
        expect(told('chafon/uhfreader18', chafon(0, 0xee, [0, ...bytesOf(epc)]))).toEqual([read({ epc })]);
        const beat = chafon(0, 0xee, [0x28, ...be32(7), ...Array<number>(8).fill(0), ...be32(1000)]);
        expect(told('chafon/uhfreader288', beat)).toMatchObject([{ kind: 'event', name: 'heartbeat' }]);
      }),
    );
  });

  test('that claims more tags or bytes than it has is short, one that has more is long', () => {
    const reason = (data: Bytes) =>
      told('chafon/uhfreader288', chafon(0, 1, data)).map((one) => one['reason'] ?? one.kind);
    expect(reason([3, 1, 2, 2, 0x12, 0x34, 9])).toEqual(['SHORT_REPORT']);
    expect(reason([3, 1, 1, 0x7f, 0x12, 0x34, 9])).toEqual(['SHORT_REPORT']);
    expect(reason([3, 1, 1, 0x84, 0x12, 0x34, 9, 9, 9])).toEqual(['SHORT_REPORT']);
    expect(reason([3, 1, 1, 2, 0x12, 0x34, 9, 9])).toEqual(['LONG_REPORT']);
    expect(reason([3, 1, 1, 3, 0x12, 0x34, 0x56, 9])).toEqual(['EPC_LENGTH']);
    expect(reason([3, 1, 1, 0, 9])).toEqual(['NO_ID']);
  });
});
