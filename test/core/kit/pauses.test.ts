import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPauses, createTroubles, GOOD_WORK_MS } from '../../../src/kit/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const waits = { firstMs: 250, maxMs: 3000, factor: 2 };
const stepOf = (breaks: number) => Math.min(3000, 250 * 2 ** (breaks - 1));

describe('the pauses of something that breaks', () => {
  test('are never shorter than their bound, whenever it breaks, and short again only after a minute of good work', async () => {
    const ups = fc.array(fc.option(fc.integer({ min: 0, max: 2 * GOOD_WORK_MS }), { nil: null, freq: 4 }), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(ups, fc.array(fc.nat(999), { minLength: 1 }), async (life, randoms) => {
        const clock = manualClock();
        let draws = 0;
        const random = () => (randoms[draws++ % randoms.length] ?? 0) / 1000;
        const pauses = createPauses(waits, { clock, random });
        let breaks = 0;
        for (const upMs of life) {
          // null: it could not be brought up at all.
          if (upMs !== null) {
            pauses.up();
            await clock.advance(upMs);
            if (upMs >= GOOD_WORK_MS) breaks = 0;
          }
          breaks += 1;
          const pause = pauses.broke();
          expect(pause).toBeGreaterThanOrEqual(Math.floor(stepOf(breaks) / 2));
          expect(pause).toBeLessThanOrEqual(stepOf(breaks));
          await clock.advance(pause);
        }
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    [GOOD_WORK_MS - 1, 3000],
    [GOOD_WORK_MS, 250],
  ])('after %i ms of work the next step is %i ms', async (upMs, step) => {
    const clock = manualClock();
    const pauses = createPauses(waits, { clock, random: () => 0.999_999 });
    for (let i = 0; i < 10; i++) pauses.broke();
    pauses.up();
    await clock.advance(upMs);
    expect(pauses.broke()).toBe(step);
  });

  test('differ by their jitter, so that many gateways do not come back in step', () => {
    const clock = manualClock();
    const first = [0, 0.5, 1].map((share) => createPauses(waits, { clock, random: () => share }).broke());
    expect(first).toEqual([125, 188, 250]);
  });

  test('call it proved once, at the end of the minute, and not where it broke before', async () => {
    const clock = manualClock();
    let proved = 0;
    const pauses = createPauses(waits, { clock, random: () => 0 }, () => {
      proved += 1;
    });
    pauses.up();
    await clock.advance(GOOD_WORK_MS - 1);
    pauses.broke();
    expect(pauses.earlyBreaks()).toBe(1);
    await clock.advance(GOOD_WORK_MS);
    expect(proved).toBe(0);
    pauses.up();
    await clock.advance(GOOD_WORK_MS);
    expect([proved, pauses.earlyBreaks()]).toEqual([1, 0]);
    pauses.up();
    pauses.end();
    await clock.advance(GOOD_WORK_MS);
    expect(proved).toBe(1);
  });
});

describe('a trouble that comes again and again', () => {
  test('is news once, until all has been well for a minute', async () => {
    const clock = manualClock();
    const troubles = createTroubles(clock);
    expect([troubles.isNews('a'), troubles.isNews('b'), troubles.isNews('a')]).toEqual([true, true, false]);
    troubles.well();
    await clock.advance(GOOD_WORK_MS - 1);
    expect(troubles.isNews('a')).toBe(false);
    troubles.well();
    await clock.advance(GOOD_WORK_MS);
    expect(troubles.isNews('a')).toBe(true);
  });

  test('of which no two are alike is news eight times', () => {
    const troubles = createTroubles(manualClock());
    const news = Array.from({ length: 100 }, (_, i) => troubles.isNews(`it sent ${i}`)).filter(Boolean);
    expect(news).toHaveLength(8);
  });
});
