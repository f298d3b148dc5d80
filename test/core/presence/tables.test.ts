import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTo, createHashIndex, findIn, moveOn, removeFrom } from '../../../src/presence/hash-index.ts';
import { hashContent, hashContents, hashText, multipliersOf } from '../../../src/presence/hashing.ts';
import { createRefLists } from '../../../src/presence/ref-lists.ts';
import { createTimeWheel } from '../../../src/presence/time-wheel.ts';

describe('the table of hashes', () => {
  /** Few hashes, so that most records collide. */
  const hashOf = (record: number) => Math.imul(record % 37, 0x9e3779b1);
  const work = fc.array(
    fc.record({
      record: fc.integer({ min: 1, max: 3_000 }),
      kind: fc.constantFrom('add', 'add', 'add', 'remove', 'move'),
    }),
    { maxLength: 4_000, minLength: 100, size: 'max' },
  );

  type Index = ReturnType<typeof createHashIndex>;
  const doing: Record<string, (index: Index, there: Set<number>, record: number) => void> = {
    move: (index) => moveOn(index, 64),
    remove: (index, there, record) => {
      removeFrom(index, hashOf(record), record);
      there.delete(record);
    },
    add: (index, there, record) => {
      if (!there.has(record)) addTo(index, hashOf(record), record);
      there.add(record);
    },
  };

  it('finds what was added and not taken out, and nothing else, while it grows', () => {
    const run = (steps: readonly { record: number; kind: string }[]) => {
      const index = createHashIndex(hashOf);
      const there = new Set<number>();
      for (const { record, kind } of steps) doing[kind]?.(index, there, record);
      expect(index.size).toBe(there.size);
      for (let record = 1; record <= 3_000; record += 7) {
        const found = findIn(index, hashOf(record), (other) => other === record);
        expect(found).toBe(there.has(record) ? record : 0);
      }
    };
    fc.assert(fc.property(work, run), { numRuns: 30 });
  });
});

describe('hashes', () => {
  it('of words that differ in their highest bits alone do not fall together, whatever the seed', () => {
    for (let seed = 0; seed < 50; seed++) {
      const by = multipliersOf(seed);
      const hashes = new Set<number>();
      for (let bits = 0; bits < 8; bits++) {
        const flip = (bit: number) => ((bits >> bit) & 1) * 0x80008000;
        hashes.add(hashContent(by, flip(0) | 0, flip(1) | 0, flip(2) | 0, 24));
      }
      expect(hashes.size).toBe(8);
    }
  });

  it('depend on the seed, and spread tags that are numbered one after the other', () => {
    const slots = new Set<number>();
    const by = multipliersOf(1);
    for (let serial = 0; serial < 4_096; serial++)
      slots.add(hashContent(by, 0x3034257b, 0x7194e40, serial, 24) & 4_095);
    expect(slots.size).toBeGreaterThan(2_400);
    expect(hashText(by, 'urn:epc:id')).not.toBe(hashText(multipliersOf(2), 'urn:epc:id'));
  });
});

describe('hashes of many contents', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  const contents = fc.array(fc.tuple(word, word, word, fc.nat(0x7ffff)), { minLength: 1, maxLength: 70 });

  it('are those of each of them', () => {
    fc.assert(
      fc.property(contents, fc.nat(5), fc.integer(), (all, before, seed) => {
        const by = multipliersOf(seed);
        const words = Uint32Array.from([...new Array(3 * before).fill(7), ...all.flatMap((four) => four.slice(0, 3))]);
        const more = Int32Array.from(all, (four) => four[3]);
        const hashes = new Int32Array(all.length);
        hashContents(by, words, more, before, all.length, hashes);
        expect([...hashes]).toEqual(all.map(([w0, w1, w2, bits]) => hashContent(by, w0 | 0, w1 | 0, w2 | 0, bits)));
      }),
    );
  });
});

describe('lists of numbers', () => {
  it('give back what was put in, first in, first out, each list its own', () => {
    const steps = fc.array(fc.record({ list: fc.nat(3), value: fc.integer({ min: 0, max: 9 }) }), {
      maxLength: 2_000,
      size: 'max',
    });
    fc.assert(
      fc.property(steps, (given) => {
        const lists = createRefLists(4);
        const model: number[][] = [[], [], [], []];
        for (const { list, value } of given) {
          // 0 takes one out.
          if (value === 0) expect(lists.shift(list)).toBe(model[list]?.shift() ?? 0);
          else {
            lists.push(list, value);
            model[list]?.push(value);
          }
          expect(lists.lengthOf(list)).toBe(model[list]?.length);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('the time wheel', () => {
  /** When each record comes, where it is put back for as long as it is not due. */
  function turn(start: number, dues: readonly number[], looks: readonly number[]): Map<number, number> {
    const wheel = createTimeWheel();
    wheel.begin(start);
    for (const [n, due] of dues.entries()) wheel.push(wheel.slotFor(due), n + 1);
    const seen = new Map<number, number>();
    const look = (record: number, now: number) => {
      const due = dues[record - 1] ?? 0;
      const isDue = due <= now && due < wheel.passed() + 1;
      if (isDue) seen.set(record, seen.get(record) ?? now);
      else wheel.push(wheel.slotFor(Math.max(due, wheel.passed() + 1)), record);
    };
    for (const now of looks) {
      for (const record of wheel.overdue()) look(record, now);
      for (let record = wheel.next(now); record !== 0; record = wheel.next(now)) look(record, now);
    }
    return seen;
  }

  it('brings each record at the first look at the clock at which it is due, months ahead and in the past', () => {
    const start = Date.UTC(2026, 10, 21);
    const far = fc.oneof(
      fc.integer({ min: -5_000, max: 3_000 }),
      fc.integer({ min: 0, max: 90_000_000 }),
      fc.integer({ min: 0, max: 10 ** 10 }),
    );
    const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 10 ** 9 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.array(far, { maxLength: 40 }), steps, (aheads, pauses) => {
        const dues = aheads.map((ahead) => start + ahead);
        let now = start;
        const looks = pauses.map((pause) => {
          now += pause;
          return now;
        });
        const seen = turn(start, dues, looks);
        for (const [n, due] of dues.entries()) expect(seen.get(n + 1)).toBe(looks.find((look) => look >= due));
      }),
      { numRuns: 200 },
    );
  });
});
