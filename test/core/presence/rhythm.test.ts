import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/presence/index.ts';
import { type Bench, bench, dock, exit, read, shelf, start } from './fixtures.ts';

const changes = (observations: readonly { change: string }[]) => observations.map(({ change }) => change);

/** A reader that reads `epc` at these times (ms after the start), with a look at the clock every 250 ms; what was said, glimpses left out. */
function run({ presence }: Bench, antenna: number, times: readonly number[], epc = 'A1', until = 0): Observation[] {
  const out: Observation[] = [];
  const ends = [...times, until].filter((at) => at > 0 || times.includes(at)).sort((a, b) => a - b);
  let now = Math.min(...ends);
  for (const at of ends) {
    for (; now < at; now += 250) out.push(...presence.expire(start + now));
    out.push(...presence.expire(start + at));
    const timeless = read(antenna, at, { epc, receivedAt: start + at });
    if (times.includes(at)) out.push(...presence.take([timeless], start + at, false));
    now = at;
  }
  return out.filter(({ change }) => change !== 'glimpsed');
}

const every = (ms: number, rounds: number, from = 0) => Array.from({ length: rounds }, (_, n) => from + n * ms);

describe('a slow reader', () => {
  it('that reads each tag every 8 s makes it known with the second read, and it stays', () => {
    const world = bench();
    expect(run(world, shelf, every(8_000, 5))).toMatchObject([{ change: 'arrived', reads: 2, at: start }]);
    expect(world.presence.presentAt()['shelf-1']).toBe(1);
  });

  it('reads each tag every P ms, P up to 29 s: it is known with the second read and present throughout', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 29_000 }), fc.constantFrom(shelf, dock), (ms, antenna) => {
        expect(run(bench(), antenna, every(ms, 12))).toMatchObject([{ change: 'arrived', reads: 2 }]);
      }),
      { numRuns: 60 },
    );
  });

  it('and P up to four minutes: one stray teaches the rhythm, and from then on it is present throughout', () => {
    fc.assert(
      fc.property(fc.integer({ min: 30_000, max: 240_000 }), (ms) => {
        const out = run(bench(), shelf, every(ms, 8));
        expect(changes(out).filter((change) => change === 'stray').length).toBeLessThanOrEqual(1);
        expect(changes(out).filter((change) => change !== 'stray')).toEqual(['arrived']);
      }),
      { numRuns: 40 },
    );
  });

  it('that reads shelves in turn, many times each, gives a tag that it reads once in a turn until the next turn', () => {
    const world = bench();
    // For half an hour: a burst of twenty reads, then 40 s with the other shelves.
    run(
      world,
      shelf,
      every(42_000, 43).flatMap((turn) => every(100, 20, turn)),
    );
    const weak = every(42_000, 4, 1_806_000);
    expect(changes(run(world, shelf, weak, 'EEAC'))).toEqual(['arrived']);
  });
});

describe('a quick reader', () => {
  const half = 30 * 60_000;
  const learned = () => {
    const world = bench();
    run(world, dock, every(200, half / 200));
    return world;
  };

  it('lets a glimpse wait for 5 s once its rhythm is learned', () => {
    const world = learned();
    const out = run(world, dock, [half], 'FA12', half + 5_000);
    expect(changes(out)).toEqual(['stray']);
    expect(changes(run(world, dock, [half + 6_000, half + 12_000], 'FA12', half + 20_000))).toEqual(['stray', 'stray']);
  });

  it('teaches nothing of another reader, and nothing of another place', () => {
    const world = learned();
    const other = read(dock, half, { epc: 'FA12', reader: 'r2', receivedAt: start + half });
    world.presence.take([other, read(shelf, half, { epc: 'FA12', receivedAt: start + half })], start + half, false);
    const ended = (ms: number) => world.presence.expire(start + half + ms).filter(({ change }) => change === 'stray');
    expect(ended(29_999)).toEqual([]);
    expect(ended(30_000)).toHaveLength(2);
  });

  it('that is made slow is learned anew from its strays', () => {
    const world = learned();
    const tags = ['E1', 'E2', 'E3'];
    const turns = every(20_000, 90, half + 20_000);
    const out = turns.flatMap((at) => {
      const told = world.presence.expire(start + at);
      const reads = tags.map((epc) => read(dock, at, { epc, receivedAt: start + at }));
      return [...told, ...world.presence.take(reads, start + at, false)];
    });
    const arrived = out.filter(({ change }) => change === 'arrived');
    expect(arrived.map(({ id }) => id).sort()).toEqual(tags.map((epc) => `id:${epc}`));
  });

  it('has bounds: no glimpse waits for more than ten minutes', () => {
    const world = bench();
    run(world, shelf, every(240_000, 20));
    const at = 20 * 240_000;
    world.presence.take([read(shelf, at, { epc: 'FA12', receivedAt: start + at })], start + at, false);
    expect(changes(world.presence.expire(start + at + 599_999).filter(({ id }) => id === 'id:FA12'))).toEqual([]);
    expect(changes(world.presence.expire(start + at + 600_000).filter(({ id }) => id === 'id:FA12'))).toEqual([
      'stray',
    ]);
  });

  it('makes an exit no slower: a departure waits 30 s at most for a glimpse elsewhere', () => {
    const world = bench();
    run(world, shelf, every(240_000, 20), '5107');
    const at = 20 * 240_000;
    const gone = read(exit, at, { epc: '60E0', count: 9, receivedAt: start + at });
    const glimpse = read(shelf, at + 1_000, { epc: '60E0', receivedAt: start + at + 1_000 });
    world.presence.take([gone], start + at, false);
    world.presence.take([glimpse], start + at + 1_000, false);
    const told = world.presence.expire(start + at + 31_000).filter(({ id }) => id === 'id:60E0');
    expect(told).toMatchObject([{ change: 'departed', readPoint: 'exit-1', elsewhere: null }]);
  });
});

it('a glimpse that becomes an arrival elsewhere lets the departure go that waited for it', () => {
  const { presence } = bench();
  presence.take([read(exit, 0, { count: 3 })], start, false);
  presence.take([read(shelf, 29_000)], start + 29_000, false);
  expect(presence.expire(start + 31_000)).toEqual([]);
  presence.take([read(shelf, 32_000)], start + 32_000, false);
  expect(presence.expire(start + 32_000)).toMatchObject([
    { change: 'departed', readPoint: 'exit-1', elsewhere: 'shelf-1' },
  ]);
});
