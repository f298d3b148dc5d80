import { describe, expect, it } from 'vitest';
import { createFeed, type FeedSource } from '../../src/web/gateway/feed.ts';
import { manualClock } from '../fakes/manual-clock.ts';

const reads = JSON.stringify({ at: 0, rate: 0, unique: 0, antennas: [], recent: [] });

/** A feed on streams in the test's hand. */
function scene() {
  const clock = manualClock();
  const streams: { say(type: string, data?: string): void; closed: boolean }[] = [];
  const told: string[] = [];
  const open = (): FeedSource => {
    const takes = new Map<string, (event: { data?: unknown }) => void>();
    const stream = {
      closed: false,
      say: (type: string, data?: string) => takes.get(type)?.({ data }),
    };
    streams.push(stream);
    return {
      get readyState() {
        return stream.closed ? 2 : 1;
      },
      addEventListener: (type, take) => takes.set(type, take),
      close: () => {
        stream.closed = true;
      },
    };
  };
  const feed = createFeed(
    { ...clock, open, random: () => 1 },
    {
      items: () => told.push('items'),
      reads: () => told.push('reads'),
      status: () => told.push('status'),
      reset: () => told.push('reset'),
      doubt: () => told.push('doubt'),
    },
  );
  const newest = () => streams.at(-1) ?? { say: () => undefined, closed: true };
  const beat = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      await clock.advance(1_000);
      newest().say('reads', reads);
    }
  };
  return { clock, feed, streams, newest, told, beat };
}

async function running() {
  const all = scene();
  all.feed.open();
  all.newest().say('open');
  await all.beat(60);
  return all;
}

describe('the live feed of the staff app', () => {
  it('stays live on one stream while the gateway speaks every second, though nothing is read', async () => {
    const { feed, streams, told } = await running();
    expect([feed.state.value, streams.length]).toEqual(['open', 1]);
    expect(told).not.toContain('doubt');
  });

  it('is no longer live 6 s after the last word of a gateway whose connection stays open, and says since when', async () => {
    const { clock, feed, told } = await running();
    const lastWord = clock.now();
    await clock.advance(6_000);
    expect(feed.state.value).toBe('waiting');
    expect(feed.since.value).toBe(lastWord);
    expect(told).toContain('doubt');
  });

  it('tries new streams while nothing answers, is never called live meanwhile, and then loads anew', async () => {
    const { clock, feed, streams, newest, told } = await running();
    for (let second = 0; second < 60; second++) {
      await clock.advance(1_000);
      if (second > 6) expect(feed.state.value).toBe('waiting');
    }
    expect(streams.length).toBeGreaterThan(4);
    expect(streams.slice(0, -1).every(({ closed }) => closed)).toBe(true);
    expect(told).not.toContain('reset');
    newest().say('open');
    expect(feed.state.value).toBe('open');
    expect(told).toContain('reset');
  });

  it('does not take the late word of an old stream for life', async () => {
    const { clock, feed, streams } = await running();
    await clock.advance(6_000);
    streams[0]?.say('open');
    streams[0]?.say('error');
    expect(feed.state.value).toBe('waiting');
    expect(streams).toHaveLength(2);
  });

  it('is not live after a sleep in which no timer ran, as soon as it is looked at', async () => {
    const { clock, feed } = await running();
    clock.set(clock.now() + 8 * 3_600_000);
    feed.check();
    expect(feed.state.value).toBe('waiting');
  });

  it('is not live when the clock was set back while it slept', async () => {
    const { clock, feed } = await running();
    clock.set(clock.now() - 3_600_000);
    feed.check();
    expect(feed.state.value).toBe('waiting');
  });

  it('is not live when its first stream does not open', async () => {
    const { clock, feed, streams } = scene();
    feed.open();
    expect(feed.state.value).toBe('connecting');
    await clock.advance(6_000);
    expect(feed.state.value).toBe('waiting');
    await clock.advance(5_000);
    expect(streams).toHaveLength(2);
  });

  it('waits longer from try to try when it is refused', async () => {
    const { clock, feed, streams, newest } = scene();
    feed.open();
    for (const waitMs of [1_000, 2_000, 4_000, 8_000]) {
      const before = streams.length;
      newest().closed = true;
      newest().say('error');
      await clock.advance(waitMs - 1);
      expect(streams).toHaveLength(before);
      await clock.advance(1);
      expect(streams).toHaveLength(before + 1);
    }
    expect(feed.state.value).toBe('waiting');
  });

  it('is off while nobody looks: no stream, no tries', async () => {
    const { clock, feed, streams, newest } = await running();
    feed.close();
    await clock.advance(60_000);
    expect([feed.state.value, streams.length, newest().closed]).toEqual(['off', 1, true]);
  });
});
