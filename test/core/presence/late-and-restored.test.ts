import { describe, expect, it } from 'vitest';
import { bench, dock, exit, read, shelf, shelf2, start, tag } from './fixtures.ts';

const changes = (observations: readonly { change: string; readPoint: string }[]) =>
  observations.map((o) => `${o.change} ${o.readPoint}`);

describe('late reports', () => {
  const twoYears = 2 * 365 * 86_400_000;

  it('a report of two years ago arrives at its own time and is gone with the next look at the clock', () => {
    const { presence } = bench();
    const late = { receivedAt: start };
    const out = presence.take([read(shelf, -twoYears, late), read(shelf, -twoYears + 300, late)], start, false);
    expect(out[1]).toMatchObject({ change: 'arrived', at: start - twoYears });
    expect(presence.expire(start)).toMatchObject([{ change: 'departed', at: start - twoYears + 300 }]);
  });

  it('a late glimpse waits in gateway time for its second report', () => {
    const { presence } = bench();
    const late = { receivedAt: start };
    presence.take([read(shelf, -twoYears, late)], start, false);
    expect(presence.expire(start + 1000)).toEqual([]);
    const second = read(shelf, -twoYears + 300, { receivedAt: start + 2000 });
    expect(changes(presence.take([second], start + 2000, false))).toEqual(['arrived shelf-1']);
  });

  it('a late read never moves the last sight back', () => {
    const { presence } = bench();
    presence.take([read(shelf, 0), read(shelf, 1000), read(shelf, 10_000)], start + 10_000, false);
    presence.take([read(shelf, -5000, { receivedAt: start + 11_000 })], start + 11_000, false);
    expect(presence.lastSeen(`id:${tag}`)).toMatchObject({ at: start + 10_000, reads: 4 });
  });

  it('a late read among live ones does not make the tag silent', () => {
    const { presence } = bench();
    presence.take([read(shelf, 0), read(shelf, 1000)], start + 1000, false);
    presence.take([read(shelf, -3_600_000, { receivedAt: start + 2000 })], start + 2000, false);
    expect(presence.expire(start + 7000)).toEqual([]);
    expect(presence.presentAt()['shelf-1']).toBe(1);
  });

  it('a late arrival says that another read point has seen the tag since', () => {
    const { presence } = bench();
    presence.take([read(shelf, 0), read(shelf, 100)], start + 100, false);
    const late = { receivedAt: start + 1000 };
    const out = presence.take([read(shelf2, -3_600_000, late), read(shelf2, -3_599_000, late)], start + 1000, false);
    expect(out[1]).toMatchObject({ change: 'arrived', readPoint: 'shelf-2', elsewhere: 'shelf-1' });
  });

  it('late reports of two stays are two stays', () => {
    const { presence } = bench();
    const late = { receivedAt: start };
    const at = [0, 300, 5_000_000, 5_000_300].map((ms) => read(shelf, ms - twoYears, late));
    expect(changes(presence.take(at, start, false))).toEqual([
      'glimpsed shelf-1',
      'arrived shelf-1',
      'departed shelf-1',
      'glimpsed shelf-1',
      'arrived shelf-1',
    ]);
  });
});

describe('a reader that was lost and is heard again', () => {
  const twoYears = 2 * 365 * 86_400_000;

  it('brings a late report: it arrives at its own time and is gone with the next look at the clock', () => {
    const { presence } = bench();
    presence.readerDown('r1');
    presence.readerUp('r1', start);
    const late = { receivedAt: start + 1000 };
    const reads = [read(shelf, -twoYears, late), read(shelf, -twoYears + 300, late)];
    expect(changes(presence.take(reads, start + 1000, false))).toEqual(['glimpsed shelf-1', 'arrived shelf-1']);
    expect(presence.expire(start + 1000)).toMatchObject([
      { change: 'departed', at: start - twoYears + 300, lastSeenAt: start - twoYears + 300, reads: 2 },
    ]);
    expect(presence.presentAt()['shelf-1']).toBe(0);
  });

  it('keeps what was there before: its silence counts from when the reader is heard', () => {
    const { presence } = bench();
    const minute = 60_000;
    presence.take([read(shelf, 0), read(shelf, 1000)], start + 1000, false);
    presence.readerDown('r1');
    expect(presence.expire(start + 15 * minute)).toEqual([]);
    presence.readerUp('r1', start + 15 * minute);
    expect(presence.expire(start + 15 * minute)).toEqual([]);
    // The reader kept what it read meanwhile; the first of it is not the last that it has to say.
    presence.take([read(shelf, 2 * minute, { receivedAt: start + 15 * minute })], start + 15 * minute, false);
    expect(presence.expire(start + 25 * minute - 1)).toEqual([]);
    expect(presence.expire(start + 25 * minute)).toMatchObject([{ change: 'departed', at: start + 2 * minute }]);
  });
});

describe('what outlives a restart', () => {
  it('a restored glimpse is confirmed by the next read, a restored tag does not arrive again', () => {
    const { presence } = bench();
    const row = {
      id: `id:${tag}`,
      hex: tag,
      readPoint: 'shelf-1',
      state: 'GLIMPSED' as const,
      reader: 'r1',
      antenna: 1,
      rssi: -50,
      firstSeenAt: start,
      lastSeenAt: start,
      reads: 1,
    };
    presence.restore([row, { ...row, id: 'id:BEEF', hex: 'BEEF', state: 'PRESENT' as const, reads: 9 }], start);
    const out = presence.take([read(shelf, 1000), read(shelf, 1000, { epc: 'BEEF' })], start + 1000, false);
    expect(changes(out)).toEqual(['arrived shelf-1']);
  });

  it('silence while the gateway was down does not count', () => {
    const { presence } = bench();
    const row = { id: 'id:BEEF', hex: 'BEEF', readPoint: 'shelf-1', state: 'PRESENT' as const, reader: 'r1' };
    presence.restore(
      [{ ...row, antenna: 1, rssi: null, firstSeenAt: start, lastSeenAt: start, reads: 2 }],
      start + 3_600_000,
    );
    expect(presence.expire(start + 3_600_000)).toEqual([]);
    expect(presence.expire(start + 3_600_000 + 600_000)).toMatchObject([{ change: 'departed', at: start }]);
  });

  it('forgotten tags leave nothing: the same reads count again', () => {
    const { presence } = bench();
    const reads = [read(shelf, 0), read(shelf, 100)];
    const first = presence.take(reads, start, false);
    presence.forget([`id:${tag}`]);
    expect(presence.presentAt()['shelf-1']).toBe(0);
    expect(presence.take(reads, start, false)).toEqual(first);
  });

  it('last sights are handed out once', () => {
    const { presence } = bench();
    presence.take([read(shelf, 0), read(shelf, 100), read(shelf, 200), read(shelf, 300)], start, false);
    expect(presence.unsaved()).toEqual([
      { id: `id:${tag}`, readPoint: 'shelf-1', lastSeenAt: start + 300, reads: 4, rssi: -50 },
    ]);
    expect(presence.unsaved()).toEqual([]);
  });

  it('what lay at a read point that is not configured any more leaves at once', () => {
    const { presence } = bench();
    const row = { id: 'id:BEEF', hex: 'BEEF', readPoint: 'gone', state: 'PRESENT' as const, reader: 'r1' };
    presence.restore([{ ...row, antenna: 1, rssi: null, firstSeenAt: start, lastSeenAt: start, reads: 2 }], start);
    expect(presence.expire(start)).toMatchObject([{ change: 'departed', readPoint: 'gone' }]);
  });
});

describe('a theft around a restart', () => {
  const day = 86_400_000;
  const row = { id: `id:${tag}`, hex: tag, readPoint: 'shelf-1', state: 'PRESENT' as const, reader: 'r1', antenna: 1 };
  const onShelf = { ...row, rssi: -50, firstSeenAt: start - day, lastSeenAt: start - 60_000, reads: 9 };
  const thief = (from: number, receivedAt: number) =>
    [0, 300, 600].map((at) => read(exit, from + at, { receivedAt: start + receivedAt }));

  it('raises its alarm when the exit reads the tag in the first moment, in one message that was received before it is taken', () => {
    const { presence } = bench();
    presence.restore([onShelf], start);
    presence.take(thief(-590, 10), start + 40, false);
    expect(presence.expire(start + 30_010)).toMatchObject([
      { change: 'departed', readPoint: 'exit-1', elsewhere: null, confidence: 1 },
      { change: 'departed', readPoint: 'shelf-1', elsewhere: 'exit-1' },
    ]);
  });

  it('raises its alarm when the broker kept the reads of the exit while the gateway was down, however long that was', () => {
    const { presence } = bench();
    presence.restore([onShelf], start + day);
    presence.take(thief(0, day + 500), start + day + 500, false);
    expect(presence.expire(start + day + 500)).toMatchObject([
      { change: 'departed', readPoint: 'exit-1', elsewhere: null, at: start + 600 },
      { change: 'departed', readPoint: 'shelf-1', elsewhere: 'exit-1' },
    ]);
  });

  it('is none where the shelf reads the tag after the exit did', () => {
    const { presence } = bench();
    presence.restore([onShelf], start);
    presence.take(thief(-590, 10), start + 40, false);
    presence.take([read(shelf, 5_000)], start + 5_000, false);
    expect(presence.expire(start + 30_010)).toMatchObject([
      { change: 'departed', readPoint: 'exit-1', elsewhere: 'shelf-1' },
    ]);
  });

  it('does not make the shelf lose what was not stolen: its silence counts from the restart', () => {
    const { presence } = bench();
    presence.restore([onShelf], start + day);
    expect(presence.expire(start + day + 599_999)).toEqual([]);
    expect(presence.expire(start + day + 600_000)).toMatchObject([{ change: 'departed', readPoint: 'shelf-1' }]);
  });
});

describe('confidence', () => {
  it('is 1 where nothing else read the tag, and falls with every read elsewhere', () => {
    const { presence } = bench();
    presence.take(
      [0, 300, 600].map((at) => read(exit, at)),
      start + 600,
      false,
    );
    expect(presence.expire(start + 31_000)[0]?.confidence).toBe(1);
    presence.take(
      [0, 300, 600].map((at) => read(exit, 40_000 + at)),
      start + 40_600,
      false,
    );
    presence.take([read(shelf, 40_700)], start + 40_700, false);
    expect(presence.expire(start + 80_000).find((o) => o.change === 'departed')?.confidence).toBe(0.75);
  });
});

describe('confidence of a tag that was read often', () => {
  it.each([
    [19, 0, 1],
    [20, 0, 1],
    [40, 0, 1],
    [20, 1, 0.95],
    [40, 2, 0.95 ** 2],
  ])('after %i reads here and %i elsewhere looks back on about 20 of them', (here, elsewhere, confidence) => {
    const { presence } = bench();
    for (let n = 0; n < here; n++) presence.take([read(exit, 100 * n)], start + 100 * n + 20, false);
    for (let n = 0; n < elsewhere; n++) {
      const at = 100 * (here + n);
      presence.take([read(shelf, at)], start + at + 20, false);
    }
    const gone = presence.expire(start + 40_000).find(({ readPoint }) => readPoint === 'exit-1');
    expect(gone?.confidence).toBeCloseTo(confidence, 3);
  });
});

describe('confidence after a restart', () => {
  const row = { id: `id:${tag}`, hex: tag, readPoint: 'exit-1', state: 'PRESENT' as const, reader: 'r1', antenna: 3 };
  const kept = { ...row, rssi: -50, firstSeenAt: start, lastSeenAt: start + 600, reads: 3 };

  it('accuses nobody: what was kept is no evidence that the tag was read at the exit alone', () => {
    const { presence } = bench();
    presence.restore([kept], start + 60_000);
    expect(presence.expire(start + 60_000)).toEqual([]);
    const [gone] = presence.expire(start + 90_000);
    expect(gone).toMatchObject({ change: 'departed', readPoint: 'exit-1', at: start + 600 });
    expect(gone?.confidence).toBeLessThan(0.9);
  });

  it('follows from the reads since, here and elsewhere', () => {
    const { presence } = bench();
    presence.restore([kept], start + 60_000);
    const reads = [0, 300, 600].map((at) => read(exit, 60_000 + at));
    presence.take([...reads, read(shelf, 60_700)], start + 60_700, false);
    const gone = presence.expire(start + 100_000).find((o) => o.change === 'departed');
    expect(gone?.confidence).toBe(0.75);
  });
});

describe('who is present where', () => {
  it('is a matter of the read point that read the tag last, however long an earlier one keeps it', () => {
    const { presence } = bench();
    presence.take([read(dock, 0), read(dock, 300)], start + 300, false);
    expect(presence.presentAt()).toMatchObject({ 'dock-in': 1, 'shelf-1': 0 });
    presence.take([read(shelf, 5000), read(shelf, 5300)], start + 5300, false);
    expect(presence.presentAt()).toMatchObject({ 'dock-in': 0, 'shelf-1': 1 });
    presence.take([read(dock, 9000)], start + 9000, false);
    expect(presence.presentAt()).toMatchObject({ 'dock-in': 1, 'shelf-1': 0 });
  });

  it('is not changed by a glimpse elsewhere', () => {
    const { presence } = bench();
    presence.take([read(dock, 0), read(dock, 300), read(shelf, 5000)], start + 5000, false);
    expect(presence.presentAt()).toMatchObject({ 'dock-in': 1, 'shelf-1': 0 });
  });
});

describe('a clock that is set', () => {
  const day = 86_400_000;

  it.each([day, -day])('by %i ms makes nobody leave and keeps nobody longer than silence allows', (leap) => {
    const { presence } = bench();
    presence.take([read(shelf, 0), read(shelf, 1000)], start + 1000, false);
    presence.clockMoved(start + 2000, start + 2000 + leap);
    expect(presence.expire(start + leap + 600_000)).toEqual([]);
    expect(changes(presence.expire(start + leap + 601_020))).toEqual(['departed shelf-1']);
  });

  it('takes a glimpse, and a reader that was just heard again, along', () => {
    const { presence, counts } = bench();
    presence.take([read(exit, 0)], start, false);
    presence.take([read(shelf, 0, { epc: 'CAFE' }), read(shelf, 10, { epc: 'CAFE' })], start + 30, false);
    presence.readerDown('r1');
    presence.readerUp('r1', start + 1_000_000);
    presence.clockMoved(start + 1_000_000, start + 1_000_000 + day);
    expect(presence.expire(start + day + 30_019)).toEqual([]);
    expect(changes(presence.expire(start + day + 30_020))).toEqual(['stray exit-1']);
    expect(counts.get('STRAY')).toBe(1);
    expect(presence.expire(start + day + 1_599_999)).toEqual([]);
    expect(changes(presence.expire(start + day + 1_600_000))).toEqual(['departed shelf-1']);
  });
});
