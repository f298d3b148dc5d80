import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPresence, type Observation } from '../../../src/presence/index.ts';
import type { TagRead } from '../../../src/tags/index.ts';
import { arrayDoor } from './array-door.ts';
import { read, readPoint, readPoints, start } from './fixtures.ts';
import { createPresence as createOracle } from './oracle/presence.ts';

/*
 * The oracle is presence as it was with an object for each stay and a heap of what is due. It differs from what it was in two
 * things: what is due at one look at the clock ends in the order in which it was due, and of places that read a tag last at
 * the same time the first is the one that it left, whichever is due first.
 */

const places = [...readPoints, readPoint('quick', 'exit', { departAfterMs: 2_000 })];
/** A6 and a6 … are one thing: an identity may have several spellings. */
const epcs = ['A1', 'A2', 'A3', 'A4', '00A1', `${'AB'.repeat(20)}`, `${'AB'.repeat(20)}CD`];
const identify = ({ epc, idType, pc }: Pick<TagRead, 'epc' | 'idType' | 'pc'>) =>
  `${idType}:${pc !== null && pc[1] === '1' ? pc.slice(2) : ''}:${epc === '00A1' ? 'A1' : epc}`;

type Sight = { epc: string; antenna: number; late: number; count: number; rssi: number | null; more: Partial<TagRead> };
type Step =
  | { kind: 'take'; reader: string; sights: Sight[]; redelivered: boolean; delay: number }
  | { kind: 'again'; back: number }
  | { kind: 'expire' | 'unsaved' }
  | { kind: 'pause'; ms: number }
  | { kind: 'down' | 'up'; reader: string }
  | { kind: 'forget'; epc: string }
  | { kind: 'leap'; ms: number }
  | { kind: 'restart' };

const readers = ['r1', 'r2'];
const sight: fc.Arbitrary<Sight> = fc.record({
  epc: fc.constantFrom(...epcs),
  antenna: fc.integer({ min: 0, max: places.length + 1 }),
  late: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 300 }) },
    fc.constantFrom(0, -3_000, 4_000, 290_000, 400_000, 7_000_000),
  ),
  count: fc.constantFrom(1, 1, 1, 2, 9),
  rssi: fc.constantFrom(-50, -60.5, -80, null),
  more: fc.constantFrom<Partial<TagRead>>(
    {},
    {},
    {},
    { round: true },
    { seq: 7 },
    { idType: 'tid' },
    { pc: '3000' },
    { pc: '31A1' },
  ),
});
/** Few tags, which few antennas read again and again: most reads are repeats. */
const repeatedSight: fc.Arbitrary<Sight> = fc.record({
  epc: fc.constantFrom('A1', 'A1', 'A2', '00A1'),
  antenna: fc.constantFrom(1, 1, 1, 1, 2, 5),
  late: fc.constantFrom(0, 0, 0, 0, 0, 5, 300, 400_000),
  count: fc.constantFrom(1, 1, 1, 2),
  rssi: fc.constantFrom(-50, -60.5, -80, null),
  more: fc.constantFrom<Partial<TagRead>>({}, {}, {}, {}, {}, { pc: '31A1' }),
});
const stepOf = (sights: fc.Arbitrary<Sight>, from: readonly string[]): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('take' as const),
        reader: fc.constantFrom(...from),
        sights: fc.array(sights, { minLength: 1, maxLength: 6 }),
        redelivered: fc.constantFrom(false, false, false, true),
        delay: fc.constantFrom(0, 0, 0, 40),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), back: fc.nat(3) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('expire' as const, 'unsaved' as const) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('pause' as const),
        ms: fc.oneof(
          fc.integer({ min: 1, max: 3_000 }),
          fc.integer({ min: 3_000, max: 700_000 }),
          fc.integer({ min: 0, max: 10 ** 9 }),
        ),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('down' as const, 'up' as const),
        reader: fc.constantFrom(...readers),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), epc: fc.constantFrom(...epcs) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('leap' as const), ms: fc.integer({ min: -(10 ** 9), max: 10 ** 9 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  );

/** Both, with the same time and the same reads. */
function twins(seed: number) {
  const counts = [new Map<string, number>(), new Map<string, number>()] as const;
  const readPointOf = (_: string, antenna: number | null) =>
    antenna === null ? 'quick' : (places[antenna - 1]?.id ?? null);
  const count =
    (into: Map<string, number>) =>
    (reader: string, reason: string, antenna: number | null, by = 1) =>
      void into.set(`${reader} ${reason} ${antenna}`, (into.get(`${reader} ${reason} ${antenna}`) ?? 0) + by);
  const options = { readPoints: places, readPointOf, identify };
  return {
    counts,
    now: arrayDoor(createPresence({ ...options, count: count(counts[0]), seed }), seed % 2 === 0),
    before: createOracle({ ...options, count: count(counts[1]) }),
  };
}

type Twins = ReturnType<typeof twins>;

/** In an order of their own, confidence as `shown`. */
function plain(observations: readonly Observation[], shown: (confidence: number) => unknown = (it) => it): unknown[] {
  const keyOf = ({ confidence, ...more }: Observation) => JSON.stringify(more);
  return [...observations]
    .sort((a, b) => keyOf(a).localeCompare(keyOf(b)))
    .map(({ confidence, ...more }) => ({ ...more, confidence: shown(confidence) }));
}

/** What the oracle says. Confidence is kept in 1/60,000 once it looks back on 20 reads, and rounded with each. */
const expected = (observations: readonly Observation[]) => plain(observations, (it) => expect.closeTo(it, 3));

function run(steps: readonly Step[], seed: number): void {
  const both = twins(seed);
  const { now, before } = both;
  const sent: { reads: TagRead[]; redelivered: boolean }[] = [];
  let clock = start;
  const messageOf = (given: Step & { kind: 'take' }): TagRead[] =>
    given.sights.map(({ epc, antenna, late, count, rssi, more }) =>
      read(antenna || null, 0, {
        epc,
        count,
        rssi,
        reader: given.reader,
        at: clock - late,
        receivedAt: clock,
        ...more,
      }),
    );
  const take = (reads: TagRead[], redelivered: boolean) =>
    expect(plain(now.take(reads, clock, redelivered))).toEqual(expected(before.take(reads, clock, redelivered)));
  const work: { [K in Step['kind']]: (given: Step & { kind: K }) => void } = {
    take: (given) => {
      const reads = messageOf(given);
      sent.push({ reads, redelivered: given.redelivered });
      clock += given.delay;
      take(reads, given.redelivered);
    },
    again: ({ back }) => {
      const message = sent.at(-1 - back);
      if (message !== undefined)
        take(
          message.reads.map((one) => ({ ...one, receivedAt: clock })),
          true,
        );
    },
    expire: () => expect(plain(now.expire(clock))).toEqual(expected(before.expire(clock))),
    unsaved: () => {
      const sorted = (rows: readonly { id: string; readPoint: string }[]) =>
        [...rows].sort((a, b) => `${a.id}${a.readPoint}`.localeCompare(`${b.id}${b.readPoint}`));
      expect(sorted(now.unsaved())).toEqual(sorted(before.unsaved()));
    },
    pause: ({ ms }) => {
      clock += ms;
    },
    down: ({ reader }) => void [now, before].map((one) => one.readerDown(reader)),
    up: ({ reader }) => void [now, before].map((one) => one.readerUp(reader, clock)),
    forget: ({ epc }) => void [now, before].map((one) => one.forget([identify({ epc, idType: 'epc', pc: null })])),
    leap: ({ ms }) => {
      // What came before a leap is never as late as what comes after it; before, it was where both were in one millisecond.
      const from = clock + 1;
      for (const one of [now, before]) one.clockMoved(from, from + ms);
      clock = from + ms + 1;
    },
    restart: () => restart(both, clock),
  };
  for (const one of steps) {
    (work[one.kind] as (given: Step) => void)(one);
    expect(now.presentAt()).toEqual(before.presentAt());
    for (const epc of epcs) {
      const id = identify({ epc, idType: 'epc', pc: null });
      expect(now.lastSeen(id)).toEqual(before.lastSeen(id));
    }
  }
  clock += 10 ** 10;
  for (const reader of readers) work.up({ kind: 'up', reader });
  work.expire({ kind: 'expire' });
  expect(Object.fromEntries(both.counts[0])).toEqual(Object.fromEntries(both.counts[1]));
}

/** What is known of the tags is forgotten, and taken back as the disk has it: of every second one, and without some. */
function restart({ now, before }: Twins, clock: number): void {
  const rows = epcs.flatMap((epc, n) => {
    const id = identify({ epc, idType: 'epc', pc: null });
    const seen = before.lastSeen(id);
    for (const one of [now, before]) one.forget([id]);
    if (seen === null || epc === '00A1') return [];
    const state = n % 2 === 0 ? ('PRESENT' as const) : ('GLIMPSED' as const);
    const { readPoint: place, reader, antenna, rssi, at, reads } = seen;
    return [{ id, hex: epc, readPoint: place, state, reader, antenna, rssi, firstSeenAt: at, lastSeenAt: at, reads }];
  });
  for (const one of [now, before]) one.restore(rows, clock);
}

describe('presence in columns', () => {
  it('says, counts and remembers what presence with an object for each stay does', () => {
    const steps = fc.array(stepOf(sight, readers), { maxLength: 60 });
    fc.assert(fc.property(steps, fc.integer(), run), { numRuns: 1_500 });
  });

  it('does so where most reads are repeats, which are taken quickly as soon as their tag is known on disk', () => {
    const steps = fc.array(stepOf(repeatedSight, ['r1']), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.integer(), (given, seed) => run(given, 2 * seed)),
      { numRuns: 1_000 },
    );
  });
});
