import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/presence/index.ts';
import type { TagRead } from '../../../src/tags/index.ts';
import { bench, hand, read, readPoints, shelf, start } from './fixtures.ts';

type Step = {
  reads: { antenna: number; epc: string; gap: number; late: number }[];
  redelivered: boolean;
  pause: number;
};

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    reads: fc.array(
      fc.record({
        antenna: fc.integer({ min: 1, max: readPoints.length + 1 }),
        epc: fc.constantFrom('A1', 'B2', 'C3', 'D4'),
        gap: fc.integer({ min: 0, max: 900 }),
        late: fc.constantFrom(0, 0, 0, 3_000, 400_000, 10 ** 9),
      }),
      { maxLength: 12 },
    ),
    redelivered: fc.boolean(),
    pause: fc.constantFrom(100, 1_000, 6_000, 40_000, 700_000, 90_000_000),
  }),
  { maxLength: 25 },
);

/** Runs the steps; a message is read, delivered, and the clock looked at after the pause. */
function run(given: readonly Step[]): { out: Observation[][]; reads: number; counted: number; presentAt: number } {
  const { presence, counts } = bench();
  const out: Observation[][] = [];
  let now = start;
  let reads = 0;
  for (const step of given) {
    const message: TagRead[] = step.reads.map(({ antenna, epc, gap, late }) => {
      now += gap;
      return read(antenna, 0, { epc, at: now - late, receivedAt: now });
    });
    reads += message.length;
    out.push(presence.take(message, now, step.redelivered));
    now += step.pause;
    out.push(presence.expire(now));
  }
  const counted = [...counts].reduce((sum, [reason, n]) => sum + (reason === 'STRAY' ? 0 : n), 0);
  const presentAt = Object.values(presence.presentAt()).reduce((sum, n) => sum + n, 0);
  return { out, reads, counted, presentAt };
}

describe('presence, whatever is read', () => {
  it('makes of every read an observation or a count', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const { out, reads, counted } = run(given);
        const told = out.flat().filter(({ change }) => change === 'glimpsed' || change === 'arrived').length;
        expect(told + counted).toBe(reads);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same observations for the same reads', () => {
    fc.assert(
      fc.property(steps, (given) => void expect(run(given)).toEqual(run(given))),
      { numRuns: 100 },
    );
  });

  it('lets a tag leave only where it arrived, arrive only where it is not, and counts each tag that is there once', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const { out, presentAt } = run(given);
        const there = new Set<string>();
        for (const { change, id, readPoint } of out.flat()) {
          const key = `${id} ${readPoint}`;
          expect(there.has(key)).toBe(change === 'departed');
          if (change === 'arrived') there.add(key);
          if (change === 'departed') there.delete(key);
        }
        expect(presentAt).toBe(new Set([...there].map((key) => key.split(' ')[0])).size);
      }),
      { numRuns: 300 },
    );
  });

  it('is monotone in time: no stay ends before it began, and the next one begins no earlier than live reads say', () => {
    fc.assert(
      fc.property(steps, (given) => {
        for (const o of run(given).out.flat()) {
          expect(o.firstSeenAt).toBeLessThanOrEqual(o.lastSeenAt);
          if (o.change === 'departed' || o.change === 'stray') expect(o.at).toBe(o.lastSeenAt);
          if (o.change === 'arrived') expect(o.at).toBe(o.firstSeenAt);
          expect(o.confidence).toBeGreaterThanOrEqual(0);
          expect(o.confidence).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is idempotent: a message that comes again makes nothing arrive or leave', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const { presence } = bench();
        let now = start;
        const message = given
          .flatMap((step) => step.reads)
          .map(({ antenna, epc, gap, late }) => {
            now += gap;
            return read(antenna === hand ? shelf : antenna, 0, {
              epc,
              at: now - Math.min(late, 3_000),
              // Never the time of a read: such a time is taken for one that the gateway gave.
              receivedAt: start - 5_000,
            });
          });
        presence.take(message, now, false);
        const before = presence.presentAt();
        expect(presence.take(message, now, true).filter(({ change }) => change !== 'glimpsed')).toEqual([]);
        expect(presence.presentAt()).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });
});
