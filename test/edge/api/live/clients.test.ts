import { describe, expect, it, test } from 'vitest';
import { createLiveFeed } from '../../../../src/api/index.ts';
import { createLiveClients, type LiveClient } from '../../../../src/api/live/clients.ts';
import { live } from '../../../../src/followers/live.ts';
import type { Fact } from '../../../../src/journal/index.ts';
import { GatewayError, silentLog } from '../../../../src/kit/index.ts';
import { standardTags } from '../../../../src/tags/index.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { arrival, customerEvent } from '../../journal/store-values.ts';
import { t0 } from '../api-fixture.ts';

test('a disk that cannot be read for a moment delays events and loses none', async () => {
  const clock = manualClock(t0);
  const broken = { times: 1 };
  const at = { recordedAt: t0 };
  const log: Fact[] = [
    { seq: 1, ...at, kind: 'item', event: arrival(1) },
    { seq: 2, ...at, kind: 'customer', event: customerEvent('e-1', 'c-1') },
  ];
  const store = {
    lastSeq: () => 0,
    facts: (after: number) => {
      if (broken.times-- > 0) throw new GatewayError('STORE_UNAVAILABLE', 'no disk');
      return log.filter(({ seq }) => seq > after);
    },
    product: () => null,
    customers: { byToken: () => null } as never,
  };
  const nobody = { readPointOf: () => null, readers: () => [], destinations: () => [] };
  const feed = createLiveFeed({ clock, tags: standardTags, store, ...nobody });
  const following = live.open({ facts: store, live: feed, clock, log: silentLog });
  const { client, got } = slowClient();
  feed.subscribe(client, null);
  following.wake();
  await clock.advance(5_100);
  const events = got
    .map((text) => /^event: (\w+)/.exec(text)?.[1])
    .filter((name) => name === 'item' || name === 'customer');
  expect(events).toEqual(['item', 'customer']);
  expect(broken.times).toBeLessThan(0);
  feed.close();
  await following.close();
});

/** A client whose network takes what we let it take. */
function slowClient() {
  const got: string[] = [];
  const state = { waiting: 0, closed: false };
  const client: LiveClient = {
    send: (text) => void got.push(text),
    waiting: () => state.waiting,
    close: () => {
      state.closed = true;
    },
    allowed: () => true,
    seesCustomers: false,
    holder: 'key a',
    keyId: 'a',
  };
  return { client, got, state };
}

test('a client that falls a megabyte behind hears nothing until it caught up, then reset; others hear all', () => {
  const clients = createLiveClients(() => 'RESET');
  const [slow, quick] = [slowClient(), slowClient()];
  clients.add(slow.client);
  clients.add(quick.client);
  clients.send('one', 0);
  slow.state.waiting = 1_048_576;
  clients.send('two', 0);
  clients.send('three', 0);
  slow.state.waiting = 10;
  clients.send('four', 0);
  slow.state.waiting = 0;
  clients.send('five', 0);
  clients.send('six', 0);
  expect(slow.got).toEqual(['one', 'RESET', 'six']);
  expect(quick.got).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
});

test('a client that takes nothing for a minute is let go', () => {
  const clients = createLiveClients(() => 'RESET');
  const { client, state } = slowClient();
  clients.add(client);
  state.waiting = 1_048_576;
  clients.send('one', 0);
  clients.tend(60_000);
  expect(state.closed).toBe(false);
  clients.tend(60_001);
  expect(state.closed).toBe(true);
});

describe('places at the feed', () => {
  const full = (clients: readonly (readonly [holder: string, keyId: string | null])[]) => {
    const all = createLiveClients(() => 'RESET');
    for (const [holder, keyId] of clients) all.add({ ...slowClient().client, holder, keyId });
    return all;
  };
  const times = (n: number, holder: string, keyId: string | null) =>
    Array.from({ length: n }, () => [holder, keyId] as const);

  it('are eight for one session or key by itself', () => {
    const all = full([...times(8, 'session 1', null), ...times(7, 'session 2', null)]);
    expect(all.refusal({ holder: 'session 1', keyId: null })).toBe('SESSION');
    expect(all.refusal({ holder: 'session 2', keyId: null })).toBeNull();
  });

  it('are 25 for one key with the sessions that it opened, and others have the rest', () => {
    const all = full([1, 2, 3, 4, 5].flatMap((n) => times(5, `session ${n}`, 'a')));
    expect(all.refusal({ holder: 'session 6', keyId: 'a' })).toBe('KEY');
    expect(all.refusal({ holder: 'key a', keyId: 'a' })).toBe('KEY');
    expect(all.refusal({ holder: 'key b', keyId: 'b' })).toBeNull();
    expect(all.refusal({ holder: 'session 7', keyId: null })).toBeNull();
  });

  it('are fifty in all', () => {
    const all = full(Array.from({ length: 50 }, (_, n) => [`session ${n}`, null] as const));
    expect(all.refusal({ holder: 'key b', keyId: 'b' })).toBe('ALL');
  });
});
