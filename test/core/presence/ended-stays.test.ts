import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEndedStays } from '../../../src/presence/ended-stays.ts';
import { start } from './fixtures.ts';

const stay = (id: string, readPoint: string, firstSeenAt: number) => ({
  id,
  readPoint,
  reader: 'r1',
  firstSeenAt,
  lastSeenAt: firstSeenAt + 10,
});
const report = (at: number) => ({ reader: 'r1', at, receivedAt: at + 5_000, redelivered: false });
/** Two tags have one hash each time. */
const spread = (n: number) => Math.imul(n >> 1, 0x9e3779b1);

type TagAt = { id: string; readPoint: string };
type Added = TagAt & { at: number };
type Asked = Added & { reader: string; delay: number; redelivered: boolean };

/** Whether a report is of the stay that began at `first` and ended 10 ms later, if there is one. */
function isOf(first: number | undefined, { at, reader, delay, redelivered }: Asked): boolean {
  if (first === undefined || reader !== 'r1' || delay === 0) return false;
  return redelivered ? at <= first + 10 : at === first || at === first + 10;
}

describe('stays that ended', () => {
  const tagAt = { id: fc.constantFrom('a', 'b', 'c', 'd'), readPoint: fc.constantFrom('shelf', 'door') };
  const at = fc.integer({ min: start, max: start + 40 });
  const added = fc.record({ ...tagAt, at });
  const asked = fc.record({
    ...tagAt,
    at,
    reader: fc.constantFrom('r1', 'r1', 'r2'),
    delay: fc.constantFrom(0, 5_000),
    redelivered: fc.boolean(),
  });
  const hashOf = (id: string) => (id < 'c' ? 1 : 2);

  it('are told apart by tag and place, however many tags have one hash', () => {
    const step = fc.record({ added, asked, forgotten: fc.option(fc.record(tagAt), { freq: 5 }) });
    const run = (steps: { added: Added; asked: Asked; forgotten: TagAt | null }[]) => {
      const ended = createEndedStays();
      const known = new Map<string, number>();
      for (const { added, asked, forgotten } of steps) {
        ended.add(hashOf(added.id), stay(added.id, added.readPoint, added.at));
        known.set(added.id + added.readPoint, added.at);
        if (forgotten !== null) {
          ended.forget(hashOf(forgotten.id), forgotten.id, forgotten.readPoint);
          known.delete(forgotten.id + forgotten.readPoint);
        }
        const { id, readPoint, delay, ...rest } = asked;
        const found = ended.holds(hashOf(id), id, readPoint, { ...rest, receivedAt: rest.at + delay });
        expect(found).toBe(isOf(known.get(id + readPoint), asked));
      }
    };
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), run), { numRuns: 500 });
  });

  it('are forgotten when 20,000 others have ended since, and not before', () => {
    const ended = createEndedStays();
    for (let n = 0; n < 20_000; n++) ended.add(spread(n), stay(`tag ${n}`, 'shelf', start + n));
    expect(ended.holds(spread(0), 'tag 0', 'shelf', report(start))).toBe(true);
    ended.add(1, stay('one more', 'shelf', start));
    expect(ended.holds(spread(0), 'tag 0', 'shelf', report(start))).toBe(false);
    expect(ended.holds(spread(1), 'tag 1', 'shelf', report(start + 1))).toBe(true);
    expect(ended.holds(1, 'one more', 'shelf', report(start))).toBe(true);
  });

  it('are remembered as the newest of a tag at a place alone, also when the older one’s turn to go comes', () => {
    const ended = createEndedStays();
    ended.add(5, stay('often', 'shelf', start));
    for (let n = 0; n < 10_000; n++) ended.add(spread(n), stay(`tag ${n}`, 'shelf', start + n));
    ended.add(5, stay('often', 'shelf', start + 100));
    for (let n = 0; n < 15_000; n++) ended.add(spread(n), stay(`other ${n}`, 'shelf', start + n));
    expect(ended.holds(5, 'often', 'shelf', report(start))).toBe(false);
    expect(ended.holds(5, 'often', 'shelf', report(start + 100))).toBe(true);
  });
});
