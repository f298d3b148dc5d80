import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ItemEvent, lifecycleInputs } from '../../../src/inventory/index.ts';
import { createPresence, type Observation } from '../../../src/presence/index.ts';
import { identityOf } from '../../../src/tags/index.ts';
import { arrayDoor } from '../presence/array-door.ts';
import { read } from '../presence/fixtures.ts';
import { arrived, departed, locations, readPoints, recount, start, stockOf, types, world } from './fixtures.ts';

const tags = ['3034257BF7194E4000001A85', '3034257BF7194E4000001A86', 'E28011606000020934D6FAF7'].map((hex) => ({
  hex,
  id: identityOf(hex).epc.id,
}));
const places = readPoints.map((readPoint) => readPoint.id);
const reasons = ['damaged', 'display', 'recalled', null];

type Act =
  | { kind: 'see'; tag: number; place: string; elsewhere: string | null; change: 'arrived' | 'departed'; sure: number }
  | { kind: 'say'; tag: number; input: string; location: string | null; reason: string | null };
type Step = { act: Act; gap: number; late: number; twice: boolean };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    kind: fc.constant('see' as const),
    tag: fc.nat(2),
    place: fc.constantFrom(...places),
    elsewhere: fc.option(fc.constantFrom(...places)),
    change: fc.constantFrom('arrived' as const, 'arrived' as const, 'departed' as const),
    sure: fc.constantFrom(0.5, 1),
  }),
  fc.record({
    kind: fc.constant('say' as const),
    tag: fc.nat(2),
    input: fc.constantFrom(...lifecycleInputs),
    location: fc.option(fc.constantFrom(...locations.map((location) => location.id))),
    reason: fc.constantFrom(...reasons),
  }),
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    act,
    gap: fc.nat(5_000),
    late: fc.constantFrom(0, 0, 0, 1_000, 60_000),
    twice: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

function perform(w: ReturnType<typeof world>, step: Act, at: number, name: string): void {
  const tag = tags[step.tag] ?? { hex: '', id: '' };
  if (step.kind === 'say') {
    w.input(step.input, at, { id: name, item: tag.id, location: step.location, reason: step.reason });
    return;
  }
  const make = step.change === 'arrived' ? arrived : departed;
  const elsewhere = step.change === 'departed' ? step.elsewhere : null;
  w.observe(make(step.place, at, { ...tag, elsewhere, confidence: step.sure }));
}

function live(given: readonly Step[]): ReturnType<typeof world> {
  const w = world();
  let now = 0;
  for (const [index, { act: step, gap, late, twice }] of given.entries()) {
    now += gap;
    perform(w, step, now - late, `i${index}`);
    if (twice) perform(w, step, now - late, `i${index}-again`);
  }
  return w;
}

describe('stock, whatever happens', () => {
  it('the sum of the events is the recount of the items, no line is negative, no item is counted twice', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const w = live(given);
        expect(stockOf(w.log)).toEqual(recount(w.items.values()));
        expect(Object.values(stockOf(w.log)).every((quantity) => quantity > 0)).toBe(true);
        for (const event of w.log) expect(event.stock.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 400 },
    );
  });

  it('the item in every event has all members, in one order', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const w = live(given);
        const shape = Object.keys(world().observe(arrived('shelf-1', 0))[0]?.item ?? {});
        for (const { item } of w.log) expect(Object.keys(item)).toEqual(shape);
      }),
      { numRuns: 100 },
    );
  });

  it('observations of one batch see each other: batch or one by one is the same', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const seen: Observation[] = given.flatMap(({ act: step, gap, late }, index) => {
          if (step.kind === 'say') return [];
          const make = step.change === 'arrived' ? arrived : departed;
          return [make(step.place, index * 1000 + gap - late, { ...tags[step.tag], confidence: step.sure })];
        });
        const together = world().observe(...seen);
        const single = world();
        const oneByOne: ItemEvent[] = seen.flatMap((observation) => single.observe(observation));
        expect(together).toEqual(oneByOne);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a tag that lies on a shelf', () => {
  it('read 10,000 times is one arrival, one announced event, one +1', () => {
    const presence = arrayDoor(
      createPresence({
        readPoints,
        readPointOf: () => 'shelf-1',
        identify: ({ epc }) => identityOf(epc).epc.id,
        count: () => undefined,
        seed: 1,
      }),
    );
    const w = world();
    for (let i = 0; i < 10_000; i++) {
      const now = start + i * 250;
      w.observe(...presence.take([read(1, i * 250)], now, false), ...presence.expire(now));
    }
    expect(types(w.log)).toEqual(['item.arrived']);
    expect(stockOf(w.log)).toEqual({ 'floor on_floor': 1 });
  });
});
