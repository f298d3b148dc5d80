import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addRead, batchOf, createReadBatch, readAt, readsOf, type TagRead } from '../../../src/tags/index.ts';

const hexText = (most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 1, maxLength: most });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const tagRead = (reader: string, receivedAt: number): fc.Arbitrary<TagRead> =>
  fc.record({
    reader: fc.constant(reader),
    idType: fc.constantFrom('epc' as const, 'tid' as const, 'uid' as const),
    epc: hexText(124),
    pc: maybe(fc.integer({ min: 0, max: 0xffff }).map((pc) => pc.toString(16).toUpperCase().padStart(4, '0'))),
    tid: maybe(hexText(64)),
    antenna: maybe(fc.integer({ min: 1, max: 0xffff })),
    rssi: maybe(fc.double({ min: -120, max: 30, noNaN: true })),
    count: fc.integer({ min: 1 }),
    round: fc.boolean(),
    at: fc.integer({ min: 0, max: 8.64e15 }),
    receivedAt: fc.constant(receivedAt),
    frequencyKhz: maybe(fc.integer({ min: 1 })),
    phaseDeg: maybe(fc.double({ min: 0, max: 360, maxExcluded: true, noNaN: true })),
    seq: maybe(fc.integer({ min: 0 })),
  });

test('reads that go into columns come out as they were, also out of columns that had to grow', () => {
  fc.assert(
    fc.property(fc.array(tagRead('dock-1', 1_700_000_000_000), { maxLength: 40 }), (reads) => {
      expect(readsOf(batchOf(reads))).toEqual(reads);
      const grown = Object.assign(createReadBatch(1), { reader: 'dock-1', receivedAt: 1_700_000_000_000 });
      for (const read of reads) addRead(grown, read);
      expect(readsOf(grown)).toEqual(reads);
    }),
  );
});

test('a batch that is filled again keeps nothing of what was in it', () => {
  fc.assert(
    fc.property(tagRead('a', 1), tagRead('a', 1), (first, second) => {
      const batch = batchOf([first]);
      batch.size = 0;
      addRead(batch, second);
      expect(readAt(batch, 0)).toEqual(second);
    }),
  );
});
