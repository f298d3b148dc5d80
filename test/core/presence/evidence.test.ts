import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/presence/index.ts';
import type { TagRead } from '../../../src/tags/index.ts';
import { bench, desk, dock, exit, gate, hand, pos, read, readPoints, shelf, start } from './fixtures.ts';

const changes = (observations: readonly { change: string }[]) => observations.map(({ change }) => change);
const everywhere = [shelf, exit, pos, dock, hand, gate, desk].map((antenna) => ({
  antenna,
  id: readPoints[antenna - 1]?.id,
}));

describe('one report is enough', () => {
  it.each(everywhere)('at $id where it says that it stands for many reads', ({ antenna }) => {
    const out = bench().presence.take([read(antenna, 0, { count: 25 })], start, false);
    expect(out).toMatchObject([{ change: 'arrived', at: start, reads: 1, confidence: 1 }]);
  });

  it.each(everywhere)('at $id where it stands for a round of its reader', ({ antenna }) => {
    expect(changes(bench().presence.take([read(antenna, 0, { round: true })], start, false))).toEqual(['arrived']);
  });

  it.each([
    ['hand', hand],
    ['desk', desk],
    ['gate', gate],
  ])('at %s whatever it says', (_, antenna) => {
    expect(changes(bench().presence.take([read(antenna, 0)], start, false))).toEqual(['arrived']);
  });

  it('after a glimpse, at once', () => {
    const { presence } = bench();
    presence.take([read(exit, 0)], start, false);
    expect(changes(presence.take([read(exit, 9_000, { count: 12 })], start + 9_000, false))).toEqual(['arrived']);
  });
});

describe('one report is not enough', () => {
  it.each([shelf, exit, pos, dock])('at antenna %i where it says that the tag was read once', (antenna) => {
    const { presence } = bench();
    expect(changes(presence.take([read(antenna, 0)], start, false))).toEqual(['glimpsed']);
    expect(changes(presence.expire(start + 60_000))).toEqual(['stray']);
  });

  it('where its count goes on from the one before by the report itself', () => {
    const { presence } = bench();
    const counted = [1, 2, 3, 4].map((count) => read(exit, count * 1500, { count }));
    expect(changes(presence.take(counted, start + 6_000, false))).toEqual(counted.map(() => 'glimpsed'));
    const more = read(exit, 7_500, { count: 9 });
    expect(changes(presence.take([more], start + 7_500, false))).toEqual(['arrived']);
  });

  it('of a reader whose counts are known to be sums since it began', () => {
    const { presence } = bench();
    const lying = Array.from({ length: 12 }, (_, n) => read(exit, n * 500, { count: 1_000 + n }));
    presence.take(lying, start + 6_000, false);
    const stale = read(exit, 10_000, { epc: 'BEEF', count: 387_321 });
    expect(changes(presence.take([stale], start + 10_000, false))).toEqual(['glimpsed']);
    // Its next report, of the same reader, says what is new: three reads.
    const grown = read(exit, 20_000, { epc: 'BEEF', count: 387_324 });
    expect(changes(presence.take([grown], start + 20_000, false))).toEqual(['arrived']);
  });
});

describe('a report that comes again', () => {
  const portal = read(exit, 0, { count: 25 });
  const again = { ...portal, receivedAt: start + 60_000 };

  it.each([true, false])(
    'begins no second stay once the first is over, whether it is called a redelivery (%s) or not',
    (flag) => {
      const { presence, counts } = bench();
      expect(changes(presence.take([portal], start, false))).toEqual(['arrived']);
      expect(changes(presence.expire(start + 40_000))).toEqual(['departed']);
      expect(presence.take([again], start + 60_000, flag)).toEqual([]);
      expect(counts.get('DUPLICATE')).toBe(1);
    },
  );

  it('is the first one where the first delivery never took effect', () => {
    expect(changes(bench().presence.take([again], start + 60_000, true))).toEqual(['arrived']);
  });

  it('adds nothing to a glimpse where it has no time of its own, not even by its count', () => {
    const { presence, counts } = bench();
    presence.take([read(exit, 0, { receivedAt: start })], start, false);
    const timeless = read(exit, 400, { receivedAt: start + 400, count: 25 });
    expect(presence.take([timeless], start + 400, true)).toEqual([]);
    expect(counts.get('DUPLICATE')).toBe(1);
  });

  it('confirms no glimpse of the next stay', () => {
    const { presence } = bench();
    presence.take([read(shelf, 0), read(shelf, 500)], start + 500, false);
    presence.expire(start + 700_000);
    presence.take([read(shelf, 700_000)], start + 700_000, false);
    const late = { receivedAt: start + 701_000 };
    expect(presence.take([read(shelf, 0, late), read(shelf, 500, late)], start + 701_000, true)).toEqual([]);
  });

  it('is forgotten with its tag', () => {
    const { presence } = bench();
    presence.take([portal], start, false);
    presence.expire(start + 40_000);
    presence.forget([`id:${portal.epc}`]);
    expect(changes(presence.take([again], start + 60_000, true))).toEqual(['arrived']);
  });
});

type Sent = { antenna: number; epc: string; gap: number; count: number; round: boolean };
const sent: fc.Arbitrary<Sent[]> = fc.array(
  fc.record({
    antenna: fc.constantFrom(shelf, exit, pos, dock, hand, gate, desk),
    epc: fc.constantFrom('A1', 'B2', 'C3'),
    gap: fc.constantFrom(1, 200, 900, 1_800, 4_000, 20_000, 45_000),
    count: fc.constantFrom(1, 1, 1, 1, 2, 7),
    round: fc.constantFrom(false, false, false, true),
  }),
  { maxLength: 40 },
);

/** Reads with times of the reader's own, a moment before they are received, one message each. */
function messagesOf(given: readonly Sent[]): TagRead[] {
  let now = start;
  return given.map(({ antenna, gap, ...more }) => {
    now += gap;
    return read(antenna, 0, { ...more, at: now - 5, receivedAt: now });
  });
}

describe('presence, whatever is reported', () => {
  it('lets a tag arrive only on the evidence that its read point asks for', () => {
    fc.assert(
      fc.property(sent, (given) => {
        const { presence } = bench();
        const seen = new Map<string, number[]>();
        for (const one of messagesOf(given)) {
          const ended = presence.expire(one.receivedAt);
          const out = presence.take([one], one.receivedAt, false);
          for (const o of [...ended, ...out].filter(isEnd)) seen.delete(keyOf(o));
          const { id, kind } = pointOf(one);
          const key = `id:${one.epc} ${id}`;
          const times = [...(seen.get(key) ?? []), one.at];
          seen.set(key, times);
          if (out.some(({ change }) => change === 'arrived')) expect(isEnough(one, kind, times)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('makes nothing of any prefix of the messages that is delivered once more', () => {
    fc.assert(
      fc.property(sent, fc.nat(40), (given, length) => {
        const plain = play(messagesOf(given), null);
        expect(play(messagesOf(given), length)).toEqual(plain);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never makes an item of a tag that is read once at a place that asks for more', () => {
    fc.assert(
      fc.property(fc.constantFrom(shelf, exit, pos, dock), sent, (antenna, given) => {
        const { presence } = bench();
        const others = messagesOf(given);
        const out = others.flatMap((one, n) => {
          const far = n === 3 ? [read(antenna, 0, { epc: 'FA', at: one.at, receivedAt: one.receivedAt })] : [];
          return [...presence.expire(one.receivedAt), ...presence.take([one, ...far], one.receivedAt, false)];
        });
        out.push(...presence.expire(start + 10 ** 9));
        const itsOwn = out.filter(({ id }) => id === 'id:FA');
        expect(changes(itsOwn)).toEqual(others.length > 3 ? ['glimpsed', 'stray'] : []);
      }),
      { numRuns: 300 },
    );
  });
});

/** Reads, and within how many ms. */
const needs: Readonly<Record<string, readonly [reads: number, withinMs: number]>> = {
  exit: [3, 2_000],
  'point-of-sale': [3, 2_000],
  desk: [1, 0],
  handheld: [1, 0],
  access: [1, 0],
};

const pointOf = ({ antenna }: TagRead) => readPoints[(antenna ?? 0) - 1] ?? { id: '', kind: '' };

function isEnough(one: TagRead, kind: string, times: readonly number[]): boolean {
  const [reads, withinMs] = needs[kind] ?? [2, Number.POSITIVE_INFINITY];
  const first = times.at(-reads);
  return one.round || one.count > 1 || (first !== undefined && one.at - first <= withinMs);
}

const isEnd = ({ change }: Observation) => change === 'departed' || change === 'stray';
const keyOf = ({ id, readPoint }: Observation) => `${id} ${readPoint}`;

/** Delivers each message, and after the `again`-th all before it once more. */
function play(messages: readonly TagRead[], again: number | null): Observation[] {
  const { presence } = bench();
  const out: Observation[] = [];
  for (const [n, one] of messages.entries()) {
    out.push(...presence.expire(one.receivedAt), ...presence.take([one], one.receivedAt, false));
    if (n !== again) continue;
    for (const before of messages.slice(0, n + 1)) {
      out.push(...presence.take([{ ...before, receivedAt: one.receivedAt }], one.receivedAt, true));
    }
  }
  out.push(...presence.expire(start + 10 ** 9));
  return out;
}
