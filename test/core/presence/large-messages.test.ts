import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TagRead } from '../../../src/tags/index.ts';
import { bench, read } from './fixtures.ts';

type Round = { first: number; step: number; rows: number; antennas: number; ms: number; leaves: boolean };

/** Contents of every length: most are as long as the words of a record. */
function epcOf(n: number): string {
  const hex = n.toString(16).toUpperCase().padStart(8, '0');
  if (n % 11 === 0) return `${'AB'.repeat(12)}${hex}`;
  return n % 7 === 0 ? hex : `3034257BF7194E40${hex}`;
}

function messageOf({ first, step, rows, antennas }: Round, at: number): TagRead[] {
  return Array.from({ length: rows }, (_, n) =>
    read(1 + (n % antennas), at, { epc: epcOf((first + n * step) % 3_000), rssi: -40 - (n % 30), count: 1 + (n % 3) }),
  );
}

/** Two rooms hear the same: one by the message, and quickly where that is possible; the other by the read, and never quickly. */
function hear(rounds: Round[]) {
  const whole = bench({ settles: true });
  const apart = bench();
  let at = 0;
  for (const round of rounds) {
    at += round.ms;
    const reads = messageOf(round, at);
    const now = reads[0]?.receivedAt ?? 0;
    const one = whole.presence.take(reads, now, false);
    expect(one).toEqual(reads.flatMap((single) => apart.presence.take([single], now, false)));
    if (round.leaves) expect(whole.presence.expire(now)).toEqual(apart.presence.expire(now));
  }
  return { whole, apart };
}

describe('a message of many reads', () => {
  const round: fc.Arbitrary<Round> = fc.record({
    first: fc.nat(2_999),
    step: fc.constantFrom(0, 1, 1, 7),
    rows: fc.integer({ min: 1, max: 400 }),
    antennas: fc.constantFrom(1, 1, 2, 3),
    ms: fc.constantFrom(0, 100, 1_000, 31_000, 650_000),
    leaves: fc.boolean(),
  });

  it('says, counts and leaves behind what the same reads do one by one, while the table grows and shrinks', () => {
    const run = (rounds: Round[]) => {
      const { whole, apart } = hear(rounds);
      expect(whole.counts).toEqual(apart.counts);
      expect(whole.presence.presentAt()).toEqual(apart.presence.presentAt());
      expect(whole.presence.unsaved()).toEqual(apart.presence.unsaved());
    };
    fc.assert(fc.property(fc.array(round, { minLength: 8, maxLength: 16 }), run), { numRuns: 20 });
  });
});
