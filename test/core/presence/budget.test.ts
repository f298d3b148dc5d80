import { describe, expect, it } from 'vitest';
import { bytesOf, createPresence, type Presence } from '../../../src/presence/index.ts';
import { batchOf, type TagRead } from '../../../src/tags/index.ts';
import { read, readPoints, start } from './fixtures.ts';

/** What a stay takes, and a glimpse beside it. */
const pair = 96;
const glimpse = 80;
const shelf = 1;
const shelf2 = 2;
const exit = 3;

/** Presence with so much memory; `take` gives what it refused by EPC. */
function scene(memory: number) {
  const counts = new Map<string, number>();
  const presence = createPresence({
    readPoints,
    readPointOf: (_, antenna) => readPoints[(antenna ?? 0) - 1]?.id ?? null,
    identify: ({ epc }) => `id:${epc}`,
    count: (_, reason, __, by) => void counts.set(reason, (counts.get(reason) ?? 0) + by),
    seed: 3,
    memory,
  });
  const take = (reads: readonly TagRead[], at: number, redelivered = false) => {
    const taken = presence.take(batchOf(reads), start + at, redelivered);
    const said = taken.observations.map(({ change, id, readPoint }) => `${change} ${id} ${readPoint}`);
    return { ...taken, said, refused: taken.refused.map((row) => reads[row]?.epc) };
  };
  return { presence, counts, take };
}

type Scene = ReturnType<typeof scene>;

const sight = (antenna: number, at: number, epc: string, more: Partial<TagRead> = {}) =>
  read(antenna, at, { epc, receivedAt: start + at, count: 9, ...more });

const ended = (presence: Presence, at: number) =>
  presence
    .expire(start + at, 1_000)
    .observations.map(({ change, id }) => `${change} ${id}`)
    .sort();

describe('memory that is full', () => {
  const roomForTwo = Math.ceil((2 * pair + glimpse) / (15 / 16));

  it('refuses what finds no room by its row, and takes the known tags of the same message', () => {
    const { counts, take } = scene(roomForTwo);
    take([sight(shelf, 0, 'A1'), sight(shelf, 0, 'A2')], 0);
    const { refused, said } = take([sight(shelf, 10, 'A3'), sight(shelf, 10, 'A1'), sight(shelf, 10, 'A4')], 10);
    expect(refused).toEqual(['A3', 'A4']);
    expect(said).toEqual([]);
    expect(Object.fromEntries(counts)).toEqual({ PRESENCE_FULL: 2, REPEAT: 1 });
  });

  const long = 'AB'.repeat(40);
  const stay = { readPoint: 'shelf-1', state: 'PRESENT' as const, reader: 'r1', antenna: 1, rssi: null };
  const kept = { ...stay, firstSeenAt: start, lastSeenAt: start, reads: 2 };
  it.each([
    ['contents longer than a record holds', ({ take }: Scene) => take([sight(shelf, 0, long)], 0), `id:${long}`],
    [
      'another spelling',
      ({ take }: Scene) => take([sight(shelf, 0, 'A1'), sight(shelf, 1, 'A1', { pc: '31A1' })], 1),
      'id:A1',
    ],
    [
      'an identity from disk that no content has any more',
      ({ presence }: Scene) => presence.restore([{ ...kept, id: 'urn:of:before', hex: 'A1' }], start),
      'urn:of:before',
    ],
  ])('takes as many tags as ever when tags with %s have come and gone', (_, come, id) => {
    const bench = scene(40_000);
    const mostTags = () => {
      const ids: string[] = [];
      while (bench.take([sight(shelf, 0, `C${1_000 + ids.length}`)], 0).refused.length === 0) {
        ids.push(`id:C${1_000 + ids.length}`);
      }
      bench.presence.forget(ids);
      return ids.length;
    };
    const before = mostTags();
    come(bench);
    expect(mostTags()).toBeLessThan(before);
    for (let n = 0; n < 500; n++) {
      come(bench);
      bench.presence.forget([id]);
    }
    expect(mostTags()).toBe(before);
  });

  it('keeps a last part for exits', () => {
    const { take } = scene(Math.floor(16 * (2 * pair + glimpse)));
    let n = 0;
    for (; n < 100; n++) if (take([sight(shelf, n, `B${n + 100}`)], n).refused.length > 0) break;
    expect(n).toBeGreaterThan(10);
    expect(take([sight(exit, 200, 'E1')], 200).said).toEqual(['arrived id:E1 exit-1']);
  });

  it('ends first what says nothing of stock: a glimpse that was not read again for 5 s', () => {
    const { take } = scene(Math.ceil((2 * pair + 2 * glimpse) / (15 / 16)) - 6);
    take([sight(shelf, 0, 'A1', { count: 1 })], 0);
    expect(take([sight(shelf, 4_999, 'A2')], 4_999).refused).toEqual(['A2']);
    expect(take([sight(shelf, 5_000, 'A2')], 5_000).said).toEqual(['stray id:A1 shelf-1', 'arrived id:A2 shelf-1']);
  });

  it('ends a stay whose tag has been read elsewhere since, and names that place', () => {
    const { take } = scene(roomForTwo);
    take([sight(shelf, 0, 'A1')], 0);
    take([sight(shelf2, 100, 'A1')], 100);
    const { observations, refused } = take([sight(shelf, 200, 'A2')], 200);
    expect(refused).toEqual([]);
    expect(observations).toMatchObject([
      { change: 'departed', id: 'id:A1', readPoint: 'shelf-1', elsewhere: 'shelf-2' },
      { change: 'arrived', id: 'id:A2' },
    ]);
  });

  it('never gives up the only place of a tag, however long it was silent', () => {
    const { take } = scene(roomForTwo);
    take([sight(shelf, 0, 'A1'), sight(shelf, 0, 'A2')], 0);
    expect(take([sight(shelf, 10 ** 9, 'A3')], 10 ** 9).refused).toEqual(['A3']);
  });

  it('lets nobody leave by the silence of a reader whose reads it refused, until a message of it finds room', () => {
    const { presence, take } = scene(roomForTwo);
    take([sight(shelf, 0, 'A1'), sight(shelf, 0, 'A2')], 0);
    for (let at = 590_000; at <= 890_000; at += 30_000) {
      expect(take([sight(shelf, at, 'A3'), sight(shelf, at, 'A2')], at).refused).toEqual(['A3']);
      expect(ended(presence, at)).toEqual([]);
    }
    take([sight(shelf, 900_000, 'A2')], 900_000);
    expect(ended(presence, 1_499_999)).toEqual([]);
    expect(ended(presence, 1_500_000)).toEqual(['departed id:A1', 'departed id:A2']);
    expect(take([sight(shelf, 1_500_001, 'A3')], 1_500_001).said).toEqual(['arrived id:A3 shelf-1']);
  });

  it('counts the silence of a reader that does not come again from a minute after its last refusal', () => {
    const { presence, take } = scene(roomForTwo);
    take([sight(shelf, 0, 'A1'), sight(shelf, 0, 'A2')], 0);
    take([sight(shelf, 500_000, 'A3')], 500_000);
    expect(ended(presence, 1_159_999)).toEqual([]);
    expect(ended(presence, 1_160_000)).toEqual(['departed id:A1', 'departed id:A2']);
  });
});

describe('a turn', () => {
  it('numbers what has observations; a repeat relies on the turn of its tag until that is settled', () => {
    const { presence, take } = scene(Number.POSITIVE_INFINITY);
    expect(take([sight(shelf, 0, 'A1')], 0)).toMatchObject({ turn: 1, reliesOn: 0 });
    expect(take([sight(shelf, 1, 'A2')], 1)).toMatchObject({ turn: 2, reliesOn: 0 });
    expect(take([sight(shelf, 2, 'A1')], 2)).toMatchObject({ turn: 0, reliesOn: 1 });
    expect(take([sight(shelf, 3, 'A1'), sight(shelf, 3, 'A2')], 3)).toMatchObject({ turn: 0, reliesOn: 2 });
    presence.settled(1);
    expect(take([sight(shelf, 4, 'A1')], 4)).toMatchObject({ turn: 0, reliesOn: 0 });
    expect(take([sight(shelf, 5, 'A2')], 5)).toMatchObject({ turn: 0, reliesOn: 2 });
    presence.settled(2);
    expect(take([sight(shelf, 6, 'A1'), sight(shelf, 6, 'A2')], 6)).toMatchObject({ turn: 0, reliesOn: 0 });
  });

  it('is relied on by a copy of a report whose stay has ended, and by one that comes again', () => {
    const { presence, take } = scene(Number.POSITIVE_INFINITY);
    const own = { at: start - 5 };
    take([sight(shelf, 0, 'A1', own)], 0);
    expect(take([sight(shelf, 10, 'A1', own)], 10, true)).toMatchObject({ turn: 0, reliesOn: 1 });
    expect(presence.expire(start + 700_000, 10)).toMatchObject({ turn: 2, more: false });
    presence.settled(1);
    expect(take([sight(shelf, 700_001, 'A1', own)], 700_001, true)).toMatchObject({ turn: 0, reliesOn: 2 });
    presence.forget(['id:A1']);
    expect(take([sight(shelf, 700_002, 'A1')], 700_002)).toMatchObject({ turn: 3, reliesOn: 0 });
  });
});

describe('a look at the clock', () => {
  it('gives what is due in slices, each tag once', () => {
    const { presence, take } = scene(Number.POSITIVE_INFINITY);
    const epcs = Array.from({ length: 250 }, (_, n) => (0xa000 + n).toString(16).toUpperCase());
    take(
      epcs.map((epc) => sight(shelf, 0, epc)),
      0,
    );
    const gone: string[] = [];
    for (let more = true; more; ) {
      const expired = presence.expire(start + 600_000, 100);
      expect(expired.observations.length).toBeLessThanOrEqual(100);
      gone.push(...expired.observations.map(({ hex }) => hex));
      more = expired.more;
    }
    expect(gone.sort()).toEqual(epcs);
  });

  it.each([49.7, 60, 800])('ends the stay of a tag that lay there for %d days with the times that it had', (days) => {
    const { presence, take } = scene(Number.POSITIVE_INFINITY);
    const end = Math.round(days * 86_400_000);
    for (let at = 0; at < end; at += 590_000) {
      take([sight(shelf, at, 'A1')], at);
      if (at % 59_000_000 === 0) expect(ended(presence, at)).toEqual([]);
    }
    take([sight(shelf, end, 'A1')], end);
    expect(ended(presence, end + 599_999)).toEqual([]);
    expect(presence.expire(start + end + 600_000, 10).observations).toMatchObject([
      { change: 'departed', firstSeenAt: start, lastSeenAt: start + end },
    ]);
  });
});

it.each([
  ['1000', 1_000],
  ['64 kB', 65_536],
  ['200 MB', 209_715_200],
  ['2 GB', 2_147_483_648],
])('a size of %s is %d bytes', (size, bytes) => {
  expect(bytesOf(size)).toBe(bytes);
});
