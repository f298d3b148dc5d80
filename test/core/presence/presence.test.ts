import { describe, expect, it } from 'vitest';
import { bench, dock, exit, gate, hand, pos, read, shelf, shelf2, start, tag } from './fixtures.ts';

/** Bytes: a stay and its glimpse, beside the part that only exits may use. */
const roomForOne = 200;

const changes = (observations: readonly { change: string; readPoint: string }[]) =>
  observations.map((o) => `${o.change} ${o.readPoint}`);

describe('arrival', () => {
  it('a tag read twice has arrived, at the time of its first read', () => {
    const { presence } = bench();
    const out = presence.take([read(shelf, 0), read(shelf, 400)], start + 500, false);
    expect(changes(out)).toEqual(['glimpsed shelf-1', 'arrived shelf-1']);
    expect(out[1]).toMatchObject({
      id: `id:${tag}`,
      hex: tag,
      at: start,
      lastSeenAt: start + 400,
      reads: 2,
      elsewhere: null,
    });
  });

  it('a copy of a report, known by the reader’s own time, is no second read; without such a time it is a read of now', () => {
    const { presence, counts } = bench();
    presence.take([read(shelf, 0)], start, false);
    expect(presence.take([read(shelf, 0, { receivedAt: start + 900 })], start + 900, false)).toEqual([]);
    expect(counts.get('DUPLICATE')).toBe(1);
    const timeless = (at: number) => read(shelf, at, { epc: 'BEEF', receivedAt: start + at });
    presence.take([timeless(0)], start, false);
    expect(changes(presence.take([timeless(900)], start + 900, false))).toEqual(['arrived shelf-1']);
  });

  it.each([
    ['another number', { seq: 8 }],
    ['another strength', { rssi: -51 }],
    ['another antenna of the place', { antenna: shelf2 }],
  ])('two reports of one moment are two reads where they differ by %s', (_, more) => {
    const { presence } = bench({ places: { [shelf2]: 'shelf-1' } });
    presence.take([read(shelf, 0, { seq: 7 })], start, false);
    expect(changes(presence.take([read(shelf, 0, { seq: 7, ...more })], start, false))).toEqual(['arrived shelf-1']);
  });

  it('a redelivered message does not confirm what it glimpsed itself', () => {
    const { presence, counts } = bench();
    presence.take([read(shelf, 0)], start, false);
    expect(presence.take([read(shelf, 0)], start, true)).toEqual([]);
    expect(counts.get('DUPLICATE')).toBe(1);
  });

  it('a redelivered message without times of its own, which was never taken, arrives by its own two reads', () => {
    const { presence, counts } = bench();
    const ofNow = { at: start, receivedAt: start };
    const out = presence.take([read(shelf, 0, ofNow), read(shelf, 0, ofNow)], start, true);
    expect(out.map(({ change }) => change)).toEqual(['glimpsed', 'arrived']);
    expect(counts.get('DUPLICATE')).toBeUndefined();
  });

  it('a redelivered message whose first delivery never took effect counts', () => {
    const { presence } = bench();
    expect(changes(presence.take([read(shelf, 0), read(shelf, 300)], start, true))).toEqual([
      'glimpsed shelf-1',
      'arrived shelf-1',
    ]);
  });

  it('one report repeated inside a message, by its running number, is one read', () => {
    const { presence, counts } = bench();
    const same = { seq: 7 };
    const out = presence.take([read(shelf, 0, same), read(shelf, 0, same), read(shelf, 0, { seq: 8 })], start, false);
    expect(changes(out)).toEqual(['glimpsed shelf-1', 'arrived shelf-1']);
    expect(counts.get('DUPLICATE')).toBe(1);
  });

  it.each([
    ['exit-1', exit],
    ['pos-1', pos],
  ])('at %s it takes three reads within two seconds', (id, antenna) => {
    const slow = bench();
    const reads = [0, 1500, 3000, 4500].map((at) => read(antenna, at));
    expect(changes(slow.presence.take(reads, start, false))).toEqual(reads.map(() => `glimpsed ${id}`));
    const quick = bench();
    const out = quick.presence.take([read(antenna, 0), read(antenna, 1900), read(antenna, 1000)], start, false);
    expect(changes(out).at(-1)).toBe(`arrived ${id}`);
  });

  it('at an access point one read is enough', () => {
    expect(changes(bench().presence.take([read(gate, 0)], start, false))).toEqual(['arrived gate']);
  });

  it('10,000 reads of a tag that lies on a shelf are one arrival, and the rest are counted', () => {
    const { presence, counts, decoded } = bench();
    const out = [];
    for (let i = 0; i < 10_000; i++) out.push(...presence.take([read(shelf, i * 100)], start + i * 100, false));
    expect(changes(out)).toEqual(['glimpsed shelf-1', 'arrived shelf-1']);
    expect(counts.get('REPEAT')).toBe(9_998);
    expect(decoded).toEqual([tag]);
    expect(presence.presentAt()['shelf-1']).toBe(1);
  });
});

describe('reads without effect', () => {
  it('an antenna without read point, and a read below the floor, are counted', () => {
    const { presence, counts } = bench();
    const reads = [read(99, 0), read(null, 0), read(dock, 0, { rssi: -70 })];
    expect(presence.take(reads, start, false)).toEqual([]);
    expect(Object.fromEntries(counts)).toEqual({ NO_READ_POINT: 2, BELOW_FLOOR: 1 });
  });

  it('a report without RSSI passes the floor', () => {
    expect(bench().presence.take([read(dock, 0, { rssi: null })], start, false)).toHaveLength(1);
  });

  it('a full table refuses new tags, counts them, and goes on with those it knows', () => {
    const { presence, counts } = bench({ memory: roomForOne });
    presence.take([read(shelf, 0)], start, false);
    expect(presence.take([read(shelf, 0, { epc: 'AAAA' })], start, false)).toEqual([]);
    expect(counts.get('PRESENCE_FULL')).toBe(1);
    expect(changes(presence.take([read(shelf, 100)], start, false))).toEqual(['arrived shelf-1']);
  });

  it('tags that left take no room: with room for one, each is decoded when it comes', () => {
    const { presence, decoded } = bench({ memory: roomForOne });
    for (const [index, epc] of ['AAAA', 'BBBB', 'AAAA'].entries()) {
      presence.take([read(shelf, index * 40_000, { epc })], start + index * 40_000, false);
      presence.expire(start + index * 40_000 + 31_000);
    }
    expect(decoded).toEqual(['AAAA', 'BBBB', 'AAAA']);
  });

  it('a TID that looks like an EPC is another tag', () => {
    const { presence } = bench();
    const out = presence.take([read(shelf, 0), read(shelf, 10, { idType: 'tid' })], start, false);
    expect(out.map((o) => o.id)).toEqual([`id:${tag}`, `tid:${tag}`]);
    expect(changes(out)).toEqual(['glimpsed shelf-1', 'glimpsed shelf-1']);
  });
});

describe('a tag that two antennas of one place read', () => {
  it('was read last by the one that was named last, also where both name one moment', () => {
    const { presence } = bench({ places: { [shelf2]: 'shelf-1' } });
    for (const at of [0, 100]) presence.take([read(shelf, at)], start + at + 20, false);
    presence.take([read(shelf2, 100, { rssi: -49 })], start + 120, false);
    expect(presence.lastSeen(`id:${tag}`)).toMatchObject({ antenna: shelf2, at: start + 100, reads: 3, rssi: -49 });
    presence.take([read(shelf, 50)], start + 130, false);
    expect(presence.lastSeen(`id:${tag}`)).toMatchObject({ antenna: shelf2, at: start + 100, reads: 4 });
  });
});

describe('silence', () => {
  it('a glimpse that stays alone for the first wait of 30 s was a stray, and is counted', () => {
    const { presence, counts } = bench();
    presence.take([read(shelf, 0)], start, false);
    expect(presence.expire(start + 30_019)).toEqual([]);
    expect(changes(presence.expire(start + 30_020))).toEqual(['stray shelf-1']);
    expect(counts.get('STRAY')).toBe(1);
  });

  it.each([
    [shelf, 600_000],
    [exit, 30_000],
    [pos, 5_000],
    [dock, 86_400_000],
  ])('a tag at antenna %i leaves after %i ms, with the time of its last read', (antenna, limit) => {
    const { presence } = bench();
    presence.take(
      [0, 300, 600].map((at) => read(antenna, at)),
      start,
      false,
    );
    expect(presence.expire(start + 600 + limit)).toEqual([]);
    const [gone, ...more] = presence.expire(start + 620 + limit);
    expect(more).toEqual([]);
    expect(gone).toMatchObject({ change: 'departed', at: start + 600, elsewhere: null });
    expect(presence.lastSeen(`id:${tag}`)).toBeNull();
    expect(Object.values(presence.presentAt())).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('tags leave in the order in which their silence is over, whichever came first', () => {
    const { presence } = bench();
    const sights = [
      ['A1', 0],
      ['A1', 100],
      ['B2', 150],
      ['B2', 200],
      ['C3', 210],
      ['C3', 220],
      ['B2', 230],
      ['A1', 400],
    ] as const;
    for (const [epc, at] of sights) presence.take([read(shelf, at, { epc })], start + at + 20, false);
    const gone = presence.expire(start + 700_000);
    expect(gone.map(({ hex, at }) => [hex, at - start])).toEqual([
      ['C3', 220],
      ['B2', 230],
      ['A1', 400],
    ]);
  });

  it('at a handheld silence never ends a stay; a newer arrival elsewhere does', () => {
    const { presence } = bench();
    presence.take([read(hand, 0), read(hand, 100)], start, false);
    expect(presence.expire(start + 10 ** 9)).toEqual([]);
    const out = presence.take([read(shelf, 10 ** 9), read(shelf, 10 ** 9 + 100)], start + 10 ** 9, false);
    expect(changes(out)).toEqual(['glimpsed shelf-1', 'arrived shelf-1', 'departed hand']);
    expect(out[2]?.elsewhere).toBe('shelf-1');
  });

  it('a tag that left and comes again is found anew under every spelling it was read by', () => {
    const { presence } = bench();
    presence.take([read(shelf, 0), read(shelf, 100)], start, false);
    presence.expire(start + 700_000);
    presence.take([read(shelf, 800_000)], start + 800_000, false);
    expect(presence.lastSeen(`id:${tag}`)).toMatchObject({ at: start + 800_000, reads: 1 });
    presence.forget([`id:${tag}`]);
    expect(presence.lastSeen(`id:${tag}`)).toBeNull();
  });

  it('a departure names the read point that read the tag later', () => {
    const { presence } = bench();
    presence.take([read(shelf, 0), read(shelf, 100), read(shelf2, 200), read(shelf2, 300)], start, false);
    presence.take([read(shelf2, 500_000)], start + 500_000, false);
    const out = presence.expire(start + 600_500);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatchObject({ change: 'departed', readPoint: 'shelf-1', elsewhere: 'shelf-2' });
  });

  it('a tag that left its last place has left the places before it too, so that it can arrive there again', () => {
    const { presence } = bench();
    presence.take([read(shelf, 0), read(shelf, 100)], start, false);
    presence.take(
      [1000, 1300, 1600].map((at) => read(exit, at)),
      start + 1600,
      false,
    );
    const out = presence.expire(start + 32_000);
    expect(changes(out)).toEqual(['departed exit-1', 'departed shelf-1']);
    expect(out.map((o) => o.elsewhere)).toEqual([null, 'exit-1']);
    expect(changes(presence.take([read(shelf, 40_000), read(shelf, 40_100)], start + 40_100, false))).toEqual([
      'glimpsed shelf-1',
      'arrived shelf-1',
    ]);
  });

  it('of two places that read it last at the same moment a tag leaves the first, whichever is due first', () => {
    const { presence } = bench();
    presence.take([read(shelf, 0, { count: 9 }), read(exit, 0, { count: 9 })], start, false);
    const out = presence.expire(start + 32_000);
    expect(out.map((o) => [o.change, o.readPoint, o.elsewhere])).toEqual([
      ['departed', 'exit-1', 'shelf-1'],
      ['departed', 'shelf-1', null],
    ]);
  });

  it('a departure waits while the tag is being glimpsed somewhere else', () => {
    const { presence } = bench();
    presence.take(
      [0, 300, 600].map((at) => read(exit, at)),
      start + 600,
      false,
    );
    presence.take([read(shelf, 29_000)], start + 29_000, false);
    expect(presence.expire(start + 31_000)).toEqual([]);
    presence.take([read(shelf, 32_000)], start + 32_000, false);
    const out = presence.expire(start + 40_000);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatchObject({ change: 'departed', readPoint: 'exit-1', elsewhere: 'shelf-1' });
  });

  it('a reader whose clock is a minute ahead does not flap, and does not hide where the tag is', () => {
    const { presence } = bench();
    const out = [];
    for (let i = 0; i < 200; i++) {
      const now = start + i * 1000;
      out.push(
        ...presence.take([read(exit, i * 1000 + 60_000, { receivedAt: now })], now, false),
        ...presence.expire(now),
      );
    }
    expect(changes(out).filter((text) => !text.startsWith('glimpsed'))).toEqual(['arrived exit-1']);
    presence.take([read(shelf, 200_000), read(shelf, 225_000)], start + 225_000, false);
    presence.take([read(shelf, 228_000)], start + 228_000, false);
    const gone = presence.expire(start + 232_000);
    expect(gone.at(-1)).toMatchObject({ change: 'departed', readPoint: 'exit-1', elsewhere: 'shelf-1' });
  });

  it('while a reader cannot be reached its tags do not leave; silence counts again from its return', () => {
    const { presence } = bench();
    presence.take([read(shelf, 0), read(shelf, 100)], start, false);
    presence.readerDown('r1');
    expect(presence.expire(start + 900_000)).toEqual([]);
    presence.readerUp('r1', start + 1_000_000);
    expect(presence.expire(start + 1_599_000)).toEqual([]);
    presence.expire(start + 1_600_001);
    expect(presence.presentAt()['shelf-1']).toBe(0);
  });
});
