import { describe, expect, it } from 'vitest';
import { bench, dock, read, shelf, start, tag } from './fixtures.ts';

describe('a tag that lies there and is known on disk', () => {
  const lying = (antenna: number) => {
    const scene = bench({ settles: true });
    for (const at of [0, 100, 200, 300]) scene.presence.take([read(antenna, at)], start + at + 20, false);
    return scene;
  };

  it('is not read by a report below the floor of its read point', () => {
    const { presence, counts } = lying(dock);
    presence.take([read(dock, 400, { rssi: -70 })], start + 420, false);
    expect(counts.get('BELOW_FLOOR')).toBe(1);
    expect(presence.lastSeen(`id:${tag}`)).toMatchObject({ at: start + 300, reads: 4 });
  });

  it('is not silent since a late report, where it was proven to be there later', () => {
    const { presence } = lying(shelf);
    presence.take([read(shelf, 1_000, { receivedAt: start + 200_000 })], start + 200_000, false);
    presence.take([read(shelf, 2_000, { receivedAt: start + 400_000 })], start + 400_000, false);
    expect(presence.expire(start + 799_999)).toEqual([]);
    expect(presence.expire(start + 800_000)).toMatchObject([{ change: 'departed', at: start + 2_000 }]);
  });
});
