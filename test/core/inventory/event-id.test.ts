import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/presence/index.ts';
import { arrived, departed, world } from './fixtures.ts';

const idsOf = (...observations: Observation[]) => {
  const w = world();
  for (const observation of observations) w.observe(observation);
  return w.log.map((event) => event.id);
};

describe('an event’s id', () => {
  it('is the same when the same observations come again', () => {
    const day = [arrived('shelf-1', 0), arrived('pos-2', 9000), arrived('exit-1', 10_000), departed('exit-1', 12_000)];
    const ids = idsOf(...day);
    expect(idsOf(...day)).toEqual(ids);
    expect(new Set(ids).size).toBe(5);
  });

  it('differs for the same move made twice within one millisecond: the place before it has another age', () => {
    const moves = ['store-1', 'shelf-1', 'store-1'].map((place) => arrived(place, 9_000));
    const ids = idsOf(arrived('shelf-1', 0), ...moves);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
  });
});
