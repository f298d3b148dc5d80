import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createForwarder, type FollowerParts, followers, type OpenFollower } from '../../src/followers/index.ts';
import { openStore, type Store } from '../../src/journal/index.ts';
import { GatewayError, silentLog } from '../../src/kit/index.ts';
import { arrival, batch, customerEvent } from '../edge/journal/store-values.ts';
import { startCrmReceiver } from '../fakes/crm-receiver.ts';
import { eventually } from '../fakes/eventually.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';

const secret = 'whsec_c2lsZW50Z2F0ZS10ZXN0LXNlY3JldC0wMDAx';

/** What a follower works on, and how to see what it did: ids of events, in the order in which they took effect. */
type Scene = {
  readonly store: Store;
  readonly clock: ManualClock;
  parts(): FollowerParts;
  seen(): readonly string[];
};

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Bench = {
  readonly store: Store;
  readonly clock: ManualClock;
  partsWith(more: Partial<FollowerParts>, destinations?: readonly { readonly url: string }[]): FollowerParts;
};

function openBench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-followers-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const clock = manualClock();
  const store = openStore({ folder, site: { id: 'taipei-xinyi' }, now: clock.now }, 'gateway');
  closing.push(() => store.close());
  return {
    store,
    clock,
    partsWith: (more, destinations = []) => {
      const forwarder = createForwarder({
        ...{ store, clock, log: silentLog, random: () => 0.5, source: 'urn:silentgate:taipei-xinyi' },
        site: { id: 'taipei-xinyi', gln: null },
        // in order over all subjects only where one batch is out at a time
        destinations: destinations.map(({ url }) => ({ id: 'main', url, secret, inFlight: 1 })),
      });
      forwarder.start();
      const live = { heard: () => null, take: () => undefined };
      return { facts: store, cursors: store.cursors, clock, log: silentLog, forwarder, live, ...more };
    },
  };
}

/** One for each row of the table. */
const scenes: Readonly<Record<string, () => Promise<Scene>>> = {
  crm: async () => {
    const { store, clock, partsWith } = openBench();
    const receiver = await startCrmReceiver(secret);
    closing.push(() => receiver.close());
    return { store, clock, parts: () => partsWith({}, [receiver]), seen: () => receiver.effects().map(({ id }) => id) };
  },
  live: async () => {
    const { store, clock, partsWith } = openBench();
    const seen: string[] = [];
    let heard = 0;
    const listeners: FollowerParts['live'] = {
      heard: () => heard,
      take: (facts) => {
        for (const { seq, event } of facts) {
          seen.push(event.id);
          heard = seq;
        }
      },
    };
    return { store, clock, parts: () => partsWith({ live: listeners }), seen: () => seen };
  },
};

describe('the table of followers', () => {
  it('has a row for each file of the room that is a follower, and here is a scene for each row', () => {
    const frame = ['index.ts', 'follower.ts', 'followers.ts', 'following.ts', 'open-follower.ts'];
    const files = readdirSync('src/followers').filter((name) => name.endsWith('.ts') && !frame.includes(name));
    const names = followers.map(({ name }) => name).sort();
    expect(files.map((name) => name.slice(0, -3)).sort()).toEqual(names);
    expect(Object.keys(scenes).sort()).toEqual(names);
  });
});

describe.each(followers)('the follower $name', ({ name, open }) => {
  let count = 0;
  /** Commits so many facts, two items to one customer, in commits of up to three; their ids, in the order of the log. */
  const commit = async (store: Store, facts: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let left = facts; left > 0; left -= 3) {
      const numbers = Array.from({ length: Math.min(3, left) }, () => ++count);
      const events = numbers.filter((n) => n % 3 > 0).map((n) => arrival(n));
      const customerEvents = numbers
        .filter((n) => n % 3 === 0)
        .map((n) => customerEvent(`customer-${n}`, `crm-${n % 2}`));
      await store.append(batch({ events, customerEvents }));
      ids.push(...[...events, ...customerEvents].map(({ id }) => id));
    }
    return ids;
  };
  const setUp = async () => {
    const scene = await (scenes[name] ?? fail)();
    const opened: OpenFollower[] = [];
    const begin = () => {
      const follower = open(scene.parts());
      opened.push(follower);
      closing.push(() => follower.close());
      return follower;
    };
    /** Real time for sockets, and the time in the hand for what gathers or rests. */
    const reaches = (ids: readonly string[], ms = 100) =>
      eventually(async () => {
        await scene.clock.advance(ms);
        return scene.seen().length >= ids.length;
      }).then(() => expect(scene.seen()).toEqual(ids));
    return { ...scene, begin, reaches };
  };

  it('sees every fact once and in order, items and customers, and is at the end of the log then', async () => {
    const { store, begin, reaches } = await setUp();
    const follower = begin();
    const ids: string[] = [];
    for (const facts of [1, 3, 700, 2]) {
      ids.push(...(await commit(store, facts)));
      follower.wake();
      await reaches(ids);
    }
    expect(follower.status()).toMatchObject([{ cursor: store.lastSeq(), lag: 0, paused: false }]);
  });

  it('does nothing in the turn of who wakes it', async () => {
    const { store, begin, reaches, seen } = await setUp();
    const follower = begin();
    const ids = await commit(store, 3);
    for (let n = 0; n < 1_000; n++) follower.wake();
    expect(seen()).toEqual([]);
    await reaches(ids);
  });

  it('takes nothing while it is paused, says how far behind it is, and catches up', async () => {
    const { store, clock, begin, reaches, seen } = await setUp();
    const follower = begin();
    follower.pause();
    const ids = await commit(store, 450);
    follower.wake();
    await clock.advance(60_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen()).toEqual([]);
    expect(follower.status()).toMatchObject([{ cursor: 0, lag: 450, paused: true }]);
    follower.resume();
    await reaches(ids);
    expect(follower.status()).toMatchObject([{ lag: 0, paused: false }]);
  });

  it('begins where it was when it was closed, and misses nothing that was committed meanwhile', async () => {
    const { store, begin, reaches } = await setUp();
    const first = begin();
    const ids = await commit(store, 10);
    first.wake();
    await reaches(ids);
    await first.close();
    ids.push(...(await commit(store, 250)));
    first.wake();
    const second = begin();
    await reaches(ids);
    expect(second.status()).toMatchObject([{ lag: 0 }]);
  });

  it('rests while the log cannot be read, and takes the same facts then', async () => {
    const { store, begin, reaches, clock, seen } = await setUp();
    const { facts } = store;
    let refused = 0;
    store.facts = () => {
      refused += 1;
      throw new GatewayError('STORE_UNAVAILABLE', 'locked');
    };
    const follower = begin();
    const ids = await commit(store, 5);
    follower.wake();
    await clock.advance(4_000);
    expect([refused, seen()]).toEqual([1, []]);
    store.facts = facts;
    await reaches(ids, 1_100);
  });
});

function fail(): never {
  throw new Error('there is no scene for this row');
}
