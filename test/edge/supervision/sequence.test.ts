import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSequence } from '../../../src/supervision/sequence.ts';

const t0 = Date.parse('2026-11-21T09:00:00Z');
const later = t0 + 3_600_000;

/** Feeds numbers whose reader-clock time is a second per number, received in this order at 10 a second. */
function missingAfter(seqs: readonly number[], timeOf = (seq: number) => t0 - 1_000_000 + seq * 1000): number {
  const sequence = createSequence();
  for (const [i, seq] of seqs.entries()) sequence.take(seq, timeOf(seq), t0 + i * 100);
  return sequence.missing(later).count;
}

describe('a reader’s numbers', () => {
  test('that come one after the other miss nothing', () => {
    expect(missingAfter([7, 8, 9, 10])).toBe(0);
  });

  test('that leave some out miss those, and not before a minute in which they may still come', () => {
    const sequence = createSequence();
    for (const seq of [1, 2, 6]) sequence.take(seq, t0 + seq, t0 + 100);
    expect(sequence.missing(t0 + 59_000)).toEqual({ count: 0, at: null });
    expect(sequence.missing(t0 + 61_000)).toEqual({ count: 3, at: t0 + 100 });
    sequence.take(4, t0 + 4, t0 + 62_000);
    expect(sequence.missing(t0 + 63_000).count).toBe(2);
  });

  test('that begin anew after a restart are no gap, whatever they begin with', () => {
    const sequence = createSequence();
    for (const [seq, at] of [
      [900, 1],
      [901, 2],
      [1, 10],
      [2, 11],
      [3, 12],
      [57, 13],
    ] as const) {
      sequence.take(seq, t0 + at, t0 + at + 1);
    }
    expect(sequence.missing(later).count).toBe(53);
  });

  test('of a reader without a clock begin anew when they are far behind, and are repeated when they are near', () => {
    const noClock = (seqs: number[]) => {
      const sequence = createSequence();
      for (const [i, seq] of seqs.entries()) sequence.take(seq, t0 + i, t0 + i);
      return sequence.missing(later).count;
    };
    expect(noClock([5000, 5001, 4990, 5002])).toBe(0);
    expect(noClock([5000, 5001, 1, 2, 3])).toBe(0);
    expect(noClock([5000, 5001, 1, 2, 9])).toBe(6);
  });

  test('redelivered in any number and mixed in any order within ten, miss exactly what never came', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 198 }), { maxLength: 12 }),
        fc.array(fc.nat(9), { minLength: 200, maxLength: 200 }),
        fc.array(fc.integer({ min: 0, max: 199 }), { maxLength: 30 }),
        (dropped, delays, repeated) => {
          const kept = Array.from({ length: 200 }, (_, i) => i).filter((seq) => !dropped.includes(seq));
          const order = kept
            .map((seq) => ({ seq, place: seq + (seq === 0 ? 0 : (delays[seq] ?? 0)) }))
            .sort((a, b) => a.place - b.place)
            .map(({ seq }) => seq);
          const seqs = [...order, ...repeated.filter((seq) => !dropped.includes(seq))];
          expect(missingAfter(seqs)).toBe(dropped.length);
        },
      ),
    );
  });

  test('with more gaps than are kept one by one lose none from the sum', () => {
    expect(missingAfter(Array.from({ length: 100 }, (_, i) => i * 3))).toBe(198);
  });
});
